"""The palette: Ctrl+K from every page, by keyboard alone, and what it finds."""

import pytest
from playwright.sync_api import Page, expect

import insight_core as ic
from insight_core.errors import BadInput, NotFound
from tests.app.conftest import BITING
from tests.app.driven import still


def test_a_saved_view_is_kept_replaced_and_forgotten(base: ic.Workspace) -> None:
    base.save_view(" Young  people ", "customers", {"stage": "young_single"})
    base.save_view("Young people", "customers", {"stage": "young_couple"})
    version = base.version
    assert [(one["name"], one["query"]) for one in base.views()] == [("Young people", {"stage": "young_couple"})]
    base.drop_view("Young people")
    assert base.views() == []
    assert base.version == version
    with pytest.raises(NotFound):
        base.drop_view("Young people")


@pytest.mark.parametrize("name", ["", "   ", "n" * 61])
def test_a_view_needs_a_name_that_can_be_read(base: ic.Workspace, name: str) -> None:
    with pytest.raises(BadInput):
        base.save_view(name, "customers", {})


def test_who_was_looked_at_last_comes_first_and_once(base: ic.Workspace) -> None:
    ada, ben = (base.find(f"person{n}@example.com")[0]["customer"] for n in (6, 7))
    for customer in (ada, ben, ada):
        base.profile(customer)
    assert [one["customer"] for one in base.recent()] == [ada, ben]


@pytest.mark.parametrize(
    ("looked_for", "purpose", "found"),
    [
        ("Tester03", "customer_care", "Tester03"),
        ("Tester03", "marketing", None),  # withdrew consent
        ("person3@example.com", "marketing", None),
        ("person4@example.com", "marketing", "Tester04"),
        ("family_name=Tester04", "analytics", None),  # a purpose that uses no names
    ],
)
def test_a_search_looks_only_in_what_the_purpose_may_see(
    base: ic.Workspace, looked_for: str, purpose: str, found: str | None
) -> None:
    told = [str(one["name"]).split()[-1] for one in base.find(looked_for, purpose=purpose)]
    assert told == ([found] if found else [])


def test_whom_a_key_or_a_look_has_found_is_shown_without_what_the_purpose_may_not_see(base: ic.Workspace) -> None:
    three = base.find("person3@example.com")[0]["customer"]
    base.profile(three, "marketing")
    assert [(one["customer"], one["name"], one["city"]) for one in base.recent(purpose="marketing")] == [
        (three, None, None)
    ]
    assert (three, None) in [(one["customer"], one["name"]) for one in base.find("key=3", purpose="marketing")]
    assert base.recent()[0]["name"].endswith("Tester03")


@pytest.mark.browser
@pytest.mark.slow
def test_the_palette_is_used_by_keyboard_alone(page: Page, base: ic.Workspace) -> None:
    base.save_view("In Ashford", "customers", {"place": "Ashford"})
    page.goto("/load")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    still(page)
    opener, dialog = page.get_by_role("button", name="Search"), page.get_by_role("dialog", name="Search")
    box = page.get_by_role("combobox", name="Search customers")

    opener.focus()
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()

    page.keyboard.press("Control+k")
    box.fill("ashf")
    expect(page.get_by_role("option", name="In Ashford")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers?place=Ashford")
    still(page)

    page.keyboard.press("Control+k")
    box.fill("person7@example.com")
    page.keyboard.press("Enter")  # before the answer: it is waited for
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben Tester07")
    still(page)

    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_contain_text("Ben Tester07")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowUp")
    expect(first).to_have_attribute("aria-selected", "true")
    box.fill("nobody is called that")
    expect(page.get_by_text("Nothing that customer care may see is known by that.")).to_be_visible()


@pytest.mark.browser
@pytest.mark.slow
def test_names_that_bite_are_text_in_the_palette_and_the_table(page: Page, base: ic.Workspace) -> None:
    for number, name in enumerate(BITING.values()):
        base.profile(base.find(f"person{number}@example.com")[0]["customer"])
        base.save_view(name[:60], "customers", {"q": "Tester"})
    page.goto("/customers?q=Tester")
    still(page)
    for number, name in enumerate(BITING.values()):
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Search customers").fill(f"person{number}@example.com")
        expect(page.get_by_role("option").first).to_contain_text(name)
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Saved views").click()
    expect(page.get_by_role("button", name="Forget")).to_have_count(len(BITING))
    still(page)
    assert "bitten" not in page.title()
    assert page.locator("img[src=x], .iw b b, a[href^=javascript], .katex").count() == 0
    assert page.get_by_test_id("stAlert").count() == 0
