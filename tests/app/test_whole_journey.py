"""The whole journey in a real browser, its clicks counted: load, confirm, fix the stalest, accept the advice, export."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

import insight_core as ic
from insight_core.records.results import FieldState
from tests.app.conftest import write_csv
from tests.app.driven import still

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST = 8


class Hand:
    """A person's hand on a mouse: uploads and typing are not clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, target: Locator) -> None:
        """One click, and a look at what came of it."""
        expect(target).to_be_enabled()
        target.click()
        self.clicks += 1
        still(self.page)


@pytest.fixture
def unknown_file(tmp_path: Path) -> Path:
    """A file of a kind that nobody has described: its first customer has not been heard of for years."""
    rows = [(f"k{n}", f"Nova{n}", f"Comer{n}", f"nova{n}@example.org", f"20{20 + n}-01-0{n + 1}") for n in range(5)]
    return write_csv(tmp_path / "newsletter.csv", ("customer id", "first name", "last name", "e-mail", "updated"), rows)


def mail(base: ic.Workspace, customer: str) -> FieldState:
    return base.profile(customer).facets["identity"].fields["email"]


def test_from_an_unknown_file_to_a_card_in_a_file_in_eight_clicks_and_back_again(
    page: Page, base: ic.Workspace, unknown_file: Path
) -> None:
    hand = Hand(page)
    page.goto("/load")
    still(page)
    page.locator("input[type=file]").set_input_files(unknown_file)
    expect(page.get_by_text("Proposed for this file: confirm or change it")).to_be_visible()
    expect(page.get_by_text("5 lines below: 5 sure.")).to_be_visible()
    still(page)
    hand.click(page.get_by_role("button", name="Load 5 rows"))
    hand.click(page.get_by_role("button", name="Open what is most worth fixing"))

    page.wait_for_url("**/profile?**customer=*")
    still(page)
    stalest = base.stale(source="newsletter")[0]
    assert f"customer={stalest.customer}" in page.url
    before = mail(base, stalest.customer)
    assert (stalest.field, before.state) == ("email", "stale")
    expect(page.get_by_role("dialog")).to_contain_text("E-mail")
    page.get_by_role("textbox", name="Right value").fill("asked.today@example.org")
    page.keyboard.press("Tab")
    still(page)
    hand.click(page.get_by_role("button", name="Save now"))
    expect(page.get_by_role("heading", name="1 change applied")).to_be_visible()
    assert mail(base, stalest.customer).value == "asked.today@example.org"

    hand.click(page.get_by_role("button", name="Use this card"))
    expect(page.get_by_text("Used since")).to_be_visible()
    hand.click(page.get_by_role("link", name="Hand it on as a file"))
    hand.click(page.get_by_role("button", name="Export", exact=True))
    expect(page.get_by_text("The receipt is receipt-")).to_be_visible()
    assert [one.name for one in base.exports.iterdir()] == ["recommendations-customer_care.csv"]
    assert hand.clicks <= MOST

    page.goto("/history")
    still(page)
    page.get_by_role("button", name="Undo", exact=True).first.click()
    still(page)
    assert mail(base, stalest.customer).value == before.value
