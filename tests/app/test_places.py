"""Places: Back leads to where a person came from, as it was, whatever pages noted in the address meanwhile."""

import pytest
from playwright.sync_api import Page, expect

import insight_core as ic
from tests.app.driven import go, still

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _past(page: Page) -> list[str]:
    """The addresses of the browser's history, by path and query."""
    return page.evaluate("navigation.entries().map((one) => one.url.replace(location.origin, ''))")


def test_back_from_a_profile_leads_to_the_list_as_it_was(page: Page, base: ic.Workspace) -> None:
    customer = base.find("person7@example.com")[0]["customer"]
    page.goto("/")
    still(page)
    go(page, "Customers")
    page.get_by_label("Name contains").fill("tester0")
    page.keyboard.press("Enter")
    still(page)
    page.get_by_text("Descending", exact=True).click()
    still(page)
    there = page.url
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search customers").fill("person7@example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben Tester07")
    still(page)
    page.get_by_text("Demographics").first.click()
    still(page)
    assert _past(page) == ["/", "/customers?down=true&q=tester0", f"/profile?customer={customer}"]
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    still(page)
    assert page.url == there
    expect(page.get_by_label("Name contains")).to_have_value("tester0")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Customers")
    assert page.url.rstrip("/") == page.url.split("/customers")[0].rstrip("/")
    page.go_forward()
    page.go_forward()
    page.wait_for_url(f"**/profile?*{customer}*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben Tester07")


def test_each_customer_that_was_looked_at_is_a_place(page: Page) -> None:
    page.goto("/customers?purpose=analytics")
    still(page)
    grid = page.get_by_test_id("stDataFrame").first
    box = grid.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.move(box["x"] + 80, box["y"] + 55, steps=4)
    page.mouse.click(box["x"] + 80, box["y"] + 55)
    page.wait_for_url("**/profile?*")
    still(page)
    first = page.url
    page.get_by_role("button", name="Next").click()
    page.wait_for_url(lambda url: url != first)
    still(page)
    second = page.url
    assert len(_past(page)) == 3
    page.get_by_role("link", name="The list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    still(page)
    page.go_back()
    page.wait_for_url(second)
    still(page)
    page.go_back()
    page.wait_for_url(first)
    still(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    assert "purpose=analytics" in page.url


def test_a_view_that_becomes_a_notebook_is_one_step(page: Page) -> None:
    page.goto("/customers?q=tester")
    still(page)
    page.get_by_role("button", name="Open as notebook").click()
    page.wait_for_url("**/notebooks?notebook=customers-*")
    still(page)
    page.go_back()
    page.wait_for_url("**/customers?q=tester")
    expect(page.get_by_label("Name contains")).to_have_value("tester")


def test_a_filter_of_one_page_is_none_of_another(page: Page) -> None:
    page.goto("/fix?source=shop&field=email")
    still(page)
    expect(page.get_by_role("combobox", name="Value comes from")).to_have_value("shop")
    go(page, "Customers")
    expect(page.get_by_text("30 customers, shown 1 to 25.")).to_be_visible()
    assert page.url.endswith("/customers")
    page.go_back()
    page.wait_for_url("**/fix?*")
    still(page)
    expect(page.get_by_role("combobox", name="Value comes from")).to_have_value("shop")
    go(page, "History")
    assert page.url.endswith("/history")
