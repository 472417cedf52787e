"""The whole job in a real browser, and names that bite; nothing is asked of the network."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import insight_core as ic
from tests.app.conftest import BITING, write_csv
from tests.app.driven import go, press, still

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_load_see_fix_undo_recommend_and_export(
    page: Page, asked: list[str], base: ic.Workspace, tmp_path: Path
) -> None:
    rows = [(str(n), f"New{n}", f"Comer{n}", f"new{n}@example.org", f"2026-05-0{n + 1}") for n in range(4)]
    head = ("customer id", "first name", "last name", "e-mail", "updated")
    file = write_csv(tmp_path / "newsletter.csv", head, rows)

    page.goto("/load")
    still(page)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Proposed for this file: confirm or change it")).to_be_visible()
    still(page)
    press(page, "Load 4 rows")
    expect(page.get_by_role("button", name="Open what is most worth fixing")).to_be_visible()

    go(page, "Customers")
    page.get_by_label("Name contains").fill("Comer2")
    page.keyboard.press("Enter")
    still(page)
    expect(page.get_by_text("1 customer, shown")).to_be_visible()
    page.reload()
    still(page)
    expect(page.get_by_label("Name contains")).to_have_value("Comer2")
    page.get_by_test_id("stDataFrame").click(position={"x": 60, "y": 52})
    expect(page.get_by_role("heading", level=1)).to_have_text("New2 Comer2")
    still(page)

    # Nothing else is known of somebody new: the facet of contact points is the open one.
    page.get_by_role("button", name="Add City").click()
    page.get_by_role("textbox", name="Right value").fill("Dover")
    page.keyboard.press("Tab")
    still(page)
    press(page, "Add to the changes")
    go(page, "Fix")
    expect(page.get_by_role("heading", name="1 change waiting")).to_be_visible()
    page.get_by_role("button", name="Apply 1 change").click()
    expect(page.get_by_role("heading", name="1 change applied")).to_be_visible()
    still(page)
    customer = base.find("new2@example.org")[0]["customer"]
    assert base.profile(customer).facets["identity"].fields["city"].value == "Dover"

    go(page, "History")
    press(page, "Undo")
    assert base.profile(customer).facets["identity"].fields["city"].value is None

    go(page, "Recommend")
    press(page, "Export")
    expect(page.get_by_text("The receipt is receipt-")).to_be_visible()
    assert [one.name for one in base.exports.iterdir()] == ["recommendations-customer_care.csv"]
    assert asked == []


@pytest.mark.parametrize("name", BITING)
def test_a_name_that_bites_is_shown_as_text(page: Page, asked: list[str], base: ic.Workspace, name: str) -> None:
    number = list(BITING).index(name)
    customer = base.find(f"person{number}@example.com")[0]["customer"]
    page.goto(f"/profile?customer={customer}")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"{BITING[name]} Tester{number:02}")
    still(page)
    assert "bitten" not in page.title()
    assert page.locator("img[src=x], .iw b b, a[href^=javascript], .katex").count() == 0
    assert asked == []
