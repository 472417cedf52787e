"""The profile in a real browser: names that bite stay text everywhere, buttons in its tables work, keys go on."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import insight_core as ic
from tests.app.conftest import BITING, write_csv
from tests.app.driven import opened, still

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_OPEN = "&".join(f"{name}=true" for name in ("demographics", "life_stage", "household", "community_of_interest",
                                              "identity", "timeline", "quality", "records"))  # fmt: skip

_FAMILY = """
title = "Families"
dataset = "parties"
source = "families"
key = "{id}"
observed_at = {column = "updated"}
[constants]
kind = "person"
street = "1 Long Lane"
postal_code = "ZZ9 9ZZ"
city = "Bexley"
[columns]
given_name = "first"
family_name = "last"
email = "mail"
birth_date = "born"
occupation = "work"
address_since = "since"
"""
_ORDERS = """
title = "Orders"
dataset = "usage"
source = "orders"
party_source = "families"
key = "{id}"
[columns]
occurred_at = "at"
category = "what"
amount = "amount"
"""


def _load(ws: ic.Workspace, folder: Path, name: str, recipe: str, head: tuple[str, ...], rows: list) -> None:
    (folder / f"{name}.toml").write_text(recipe, encoding="utf-8")
    ws.load([write_csv(folder / f"{name}.csv", head, rows)], name, str(folder / f"{name}.toml"))


@pytest.fixture
def family(base: ic.Workspace, tmp_path: Path) -> str:
    """A household whose members, work and purchases all bite; gives the first of them."""
    last = "Tester<b>y</b>"
    people = [(str(n), name, last, f"bite{n}@example.com", f"19{60 + n}-01-02", name, f"201{n}-05-06", "2025-01-01")
              for n, name in enumerate(BITING.values())]  # fmt: skip
    orders = [("0", f"2025-{1 + n % 12:02}-1{n % 9}T10:00:00", name, f"{n + 5}.50")
              for n, name in enumerate([*BITING.values()] * 3)]  # fmt: skip
    _load(
        base, tmp_path, "families", _FAMILY, ("id", "first", "last", "mail", "born", "work", "since", "updated"), people
    )
    _load(base, tmp_path, "orders", _ORDERS, ("id", "at", "what", "amount"), orders)
    base.build()
    return str(base.find("bite0@example.com")[0]["customer"])


@pytest.fixture
def page(browser: Browser, family: str, served: str) -> Page:
    """A narrow page, opened once the family is there."""
    return opened(browser, served, viewport={"width": 1024, "height": 1000})


def test_names_that_bite_are_text_in_every_picture_table_and_tooltip(page: Page, family: str) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.goto(f"/profile?customer={family}&{_OPEN}")
    still(page)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    for title in ("Household", "Community of interest"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    pictures = page.locator(".js-plotly-plot")
    told = " ".join(pictures.nth(at).text_content() or "" for at in range(pictures.count()))
    assert "<img src=x onerror=" in told
    assert "$x^2$" in told
    for summary in page.locator("details.iw-field > summary, details.twin > summary").all():
        summary.click()
    for at in range(pictures.count()):
        pictures.nth(at).scroll_into_view_if_needed()
        pictures.nth(at).hover()
    page.wait_for_timeout(300)
    assert asked == []
    assert "bitten" not in page.title()
    assert page.locator("img[src=x], .iw b b, a[href^=javascript], .katex, [onerror]").count() == 0
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - window.innerWidth")
    assert width <= 0, "nothing is wider than the window"


def test_a_field_is_fixed_and_a_consent_given_from_the_page_itself(page: Page, family: str, base: ic.Workspace) -> None:
    page.goto(f"/profile?customer={family}&identity=true")
    still(page)
    page.get_by_role("button", name="Fix Street").click()
    expect(page.get_by_role("dialog")).to_contain_text("Street")
    still(page)
    page.reload()
    expect(page.get_by_role("dialog")).to_contain_text("Street")
    still(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    still(page)
    assert "fix=" not in page.url
    page.get_by_role("button", name="Give: marketing").click()
    expect(page.get_by_role("button", name="Record it as withdrawn instead")).to_be_visible()
    assert [one["state"] for one in base.consents(family) if one["purpose"] == "marketing"] == ["given"]
    page.get_by_role("button", name="Record it as withdrawn instead").click()
    still(page)
    assert [one["state"] for one in base.consents(family) if one["purpose"] == "marketing"] == ["withdrawn"]


def test_confirming_a_field_is_done_at_once_with_its_way_back_on_the_page(page: Page, base: ic.Workspace) -> None:
    stale = next(one for one in base.stale(limit=500, states=["stale"]) if one.field == "email")

    def state() -> str:
        return base.profile(stale.customer).facets["identity"].fields["email"].state

    page.goto(f"/profile?customer={stale.customer}&fix=email")
    still(page)
    page.get_by_role("button", name="Confirm as it is").click()
    expect(page.get_by_role("heading", name="1 change applied")).to_be_visible()
    still(page)
    assert (state(), base.drafts()) == ("fresh", [])
    page.locator(".st-key-fix_done").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 change undone")).to_be_visible()
    assert state() == "stale"


def test_keys_go_on_what_is_open_stays_open_and_a_reload_finds_it_again(page: Page) -> None:
    page.goto("/customers")
    still(page)
    page.get_by_test_id("stDataFrame").click(position={"x": 60, "y": 52})
    page.wait_for_url("**/profile?**")
    still(page)
    first = page.get_by_role("heading", level=1).inner_text()
    page.locator("summary", has_text="Picture and").nth(1).click()
    still(page)
    assert _open(page) == [True, True]
    page.locator("body").press("j")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    still(page)
    assert _open(page) == [True, True]
    second = page.get_by_role("heading", level=1).inner_text()
    page.reload()
    still(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(second)
    assert _open(page) == [True, True]
    page.locator("body").press("k")
    expect(page.get_by_role("heading", level=1)).to_have_text(first)
    still(page)
    assert _open(page) == [True, True]


def _open(page: Page) -> list[bool]:
    """Whether the first two facets are open."""
    facets = page.locator("details:has(> summary:has-text('Picture and'))")
    return [facets.nth(at).get_attribute("open") is not None for at in range(2)]


def test_a_profile_opens_at_the_field_that_is_asked_for_with_what_every_source_says(
    page: Page, base: ic.Workspace
) -> None:
    customer = base.customers("customer_care", field="birth_date", state="conflicting")["rows"][0]["customer"]
    page.goto(f"/profile?customer={customer}&see=birth_date")
    still(page)
    spoke = page.locator(".iw-seen").get_by_role("table").first
    expect(spoke).to_be_in_viewport(ratio=1)
    expect(spoke).to_contain_text("crm")
    expect(spoke).to_contain_text("shop")


def test_what_is_wrong_with_a_value_is_told_under_it_by_the_field_s_name(page: Page, base: ic.Workspace) -> None:
    customer = base.customers("customer_care", limit=1)["rows"][0]["customer"]
    page.goto(f"/profile?customer={customer}&fix=email")
    still(page)
    right = page.get_by_role("textbox", name="Right value")
    right.fill("not an email")
    right.press("Enter")
    still(page)
    for pressed in ("Save now", "Add to the changes"):
        page.get_by_role("button", name=pressed).click()
        told = page.get_by_role("dialog").get_by_test_id("stAlert")
        expect(told).to_contain_text("E-mail: 'not an email' is not shaped like an e-mail address.")
        box, button = told.bounding_box(), page.get_by_role("button", name="Add to the changes").bounding_box()
        assert box is not None
        assert button is not None
        assert box["y"] >= button["y"] + button["height"]
        assert box["x"] + box["width"] >= button["x"] + button["width"]


def test_a_day_that_nobody_chose_says_what_stands_in_its_place_until_one_is_typed(
    page: Page, base: ic.Workspace
) -> None:
    page.goto(f"/profile?customer={base.find('person6@example.com')[0]['customer']}")
    still(page)
    as_of = page.locator(".st-key-as_of [role=group]")
    stands = "e => [getComputedStyle(e, '::before').content, getComputedStyle(e.firstElementChild).opacity]"
    assert as_of.evaluate(stands) == ['"now"', "0"]
    as_of.get_by_role("spinbutton").first.focus()
    assert as_of.evaluate(stands) == ["none", "1"]
    page.keyboard.type("20260301")
    page.keyboard.press("Escape")
    page.get_by_role("heading", level=1).click()
    still(page)
    assert as_of.evaluate(stands) == ["none", "1"]
