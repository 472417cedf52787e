"""Fixing in a real browser: the grid, drafts that outlive the page, sources side by side, many at once, the way back."""

import pytest
from playwright.sync_api import Page, expect

import insight_core as ic
from insight_core.records.results import FieldState
from tests.app.driven import press, still

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# The grid is drawn on a canvas: its rows are so high, and its second column begins so far from the left.
_HEAD, _ROW, _CUSTOMER = 35, 35, 150
_COLUMNS = ("Pick", "Customer", "Field", "OK", "Says now", "Right value")


# What stands where the changes wait while they are being applied.
_WATCHED = """() => {
    window.seen = new Set();
    const look = () => { const one = document.querySelector('.st-key-fix_waiting')?.innerText || '';
                         if (one.startsWith('Applying 1 change')) seen.add(one); };
    new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def open_fix(page: Page, query: str = "states=stale&field=email") -> None:
    page.goto(f"/fix?{query}")
    still(page)
    page.wait_for_selector("[role=gridcell]", state="attached")
    page.wait_for_timeout(500)


def go_to(page: Page, row: int, column: str) -> None:
    """Into a cell: a click on the customer, then on by keyboard."""
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + _CUSTOMER, box["y"] + _HEAD + _ROW * row + _ROW / 2)
    page.wait_for_timeout(300)
    steps = _COLUMNS.index(column) - _COLUMNS.index("Customer")
    for _ in range(abs(steps)):
        page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")
        page.wait_for_timeout(120)


def type_right(page: Page, row: int, value: str) -> None:
    go_to(page, row, "Right value")
    page.keyboard.press("Enter")
    page.wait_for_timeout(350)
    page.keyboard.type(value, delay=20)
    page.keyboard.press("Enter")
    still(page)


def apply(page: Page) -> None:
    """The button's name ends in its keys."""
    page.get_by_role("button", name="Apply 1 change").click()
    expect(page.locator(".st-key-fix_done")).to_be_visible()
    still(page)


def stale_mails(base: ic.Workspace) -> list[ic.WorkItem]:
    return [one for one in base.stale(limit=500, states=["stale"]) if one.field == "email"]


def mail(base: ic.Workspace, customer: str) -> FieldState:
    return base.profile(customer).facets["identity"].fields["email"]


def test_what_is_typed_into_the_grid_survives_a_reload_and_every_edit_counts(page: Page, base: ic.Workspace) -> None:
    open_fix(page)
    for row in range(3):
        type_right(page, row, f"right{row}@example.com")
    expect(page.get_by_role("heading", name="3 changes waiting")).to_be_visible()
    page.reload()
    still(page)
    expect(page.get_by_role("heading", name="3 changes waiting")).to_be_visible()
    assert sorted(one["value"] for one in base.drafts()) == [f"right{row}@example.com" for row in range(3)]
    first = stale_mails(base)[0]
    assert mail(base, first.customer).value == first.value


def test_apply_shows_the_effect_then_the_new_score_and_undo_and_redo_lead_back_and_forth(
    page: Page, base: ic.Workspace
) -> None:
    first = stale_mails(base)[0]
    open_fix(page)
    go_to(page, 0, "OK")
    page.keyboard.press("Space")
    still(page)
    waiting = page.locator(".st-key-fix_waiting")
    expect(waiting).to_contain_text(f"{first.value}, confirmed")
    expect(waiting).to_contain_text("The card of")
    page.evaluate(_WATCHED)
    apply(page)
    assert page.evaluate("[...seen].some((one) => one.includes('Fresh') && one.includes(', was '))")
    expect(page.locator(".st-key-fix_done")).to_contain_text("Fresh")
    expect(page.locator(".st-key-fix_done")).to_contain_text("was")
    assert mail(base, first.customer).state == "fresh"
    page.locator(".st-key-fix_done").get_by_role("button", name="Undo").click()
    still(page)
    assert mail(base, first.customer).state == "stale"
    page.goto("/history?kinds=Fixes")
    still(page)
    press(page, "Redo")
    assert mail(base, first.customer).state == "fresh"
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_visible()


def test_all_that_match_are_confirmed_in_one_decision(page: Page, base: ic.Workspace) -> None:
    count = len(stale_mails(base))
    open_fix(page)
    page.get_by_text(f"Pick all {count} that match").click()
    still(page)
    expect(page.get_by_text(f"{count} fields would be changed")).to_be_visible()
    press(page, f"Apply to {count} now")
    expect(page.get_by_role("heading", name=f"{count} changes applied")).to_be_visible()
    assert stale_mails(base) == []
    assert len({one["change_set"] for one in base.history(limit=None)}) == 1


def test_a_source_is_chosen_among_those_side_by_side(page: Page, base: ic.Workspace) -> None:
    customer = base.find("person6@example.com")[0]["customer"]
    row = [(one.customer, one.field) for one in base.stale(limit=2000, states=["conflicting"])].index(
        (customer, "birth_date")
    )
    open_fix(page, "states=conflicting")
    go_to(page, row, "Pick")
    page.keyboard.press("Space")
    still(page)
    expect(page.get_by_role("button", name="Take this")).to_have_count(2)
    page.locator("[class*=take_crm]").get_by_role("button", name="Take this").click()
    still(page)
    expect(page.locator(".st-key-fix_waiting")).to_contain_text("as crm says")
    apply(page)
    born = base.profile(customer).facets["demographics"].fields["birth_date"]
    assert (born.value, born.state) == ("1956-03-04", "fresh")
