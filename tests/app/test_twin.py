"""What a view shows as a file: right, harmless, and without a link that anybody else could open."""

import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import insight_core as ic
from insight_core.publish import plain
from tests.app.conftest import BITING
from tests.app.driven import still
from tests.app.served import HOUSE


def test_no_page_leaves_a_file_at_an_open_address() -> None:
    links = re.compile(r"\bdownload_button\b|st\.(image|audio|video|pdf|download)\(")
    found = [str(one) for one in (HOUSE / "app").rglob("*.py") if links.search(one.read_text(encoding="utf-8"))]
    # The component says why it is there.
    assert found == []


def _saved(page: Page, kind: str, what: str = "Customers") -> str:
    with page.expect_download() as download:
        page.get_by_role("group", name=f"Download {what}").get_by_role("button", name=kind).click()
    name = what.lower().replace(" ", "-")
    assert download.value.suggested_filename == f"{name}-customer_care-2026-07-01.{kind.lower()}"
    return Path(download.value.path()).read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.slow
def test_the_files_say_what_the_page_shows_and_no_request_is_made_for_them(page: Page, base: ic.Workspace) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/customers")
    expect(page.get_by_role("group", name="Download Customers")).to_be_visible()
    still(page)
    page.get_by_test_id("stDataFrame").hover()
    expect(page.get_by_role("button", name="Fullscreen").first).to_be_visible()
    expect(page.get_by_role("button", name="Download as CSV")).to_have_count(0)
    before = len(asked)
    rows = list(csv.DictReader(StringIO(_saved(page, "CSV"))))
    told = json.loads(_saved(page, "JSON"))
    shown = base.customers("customer_care", limit=25)["rows"]
    assert told["purpose"] == "customer_care"
    assert told["data"] == shown
    assert [plain(one["name"]) for one in rows] == [one["name"] for one in shown]
    assert any(BITING["html"] in one["name"] for one in rows)
    assert [one for one in asked[before:] if not one.startswith("blob:")] == []
    assert [one for one in asked if re.search(r"/media/.*\.(csv|json|bin)", one)] == []


@pytest.mark.browser
@pytest.mark.slow
def test_a_page_of_a_list_says_how_many_rows_its_file_has_and_offers_all_that_match(
    page: Page, base: ic.Workspace
) -> None:
    total = base.customers("customer_care")["total"]
    page.goto("/customers")
    expect(page.get_by_role("group", name="Download Customers")).to_contain_text("Download these 25")
    assert len(list(csv.DictReader(StringIO(_saved(page, "CSV"))))) == 25
    page.get_by_role("button", name=f"All {total} as files").click()
    expect(page.get_by_role("group", name="Download All customers")).to_contain_text(f"Download all {total}")
    still(page)
    names = {one["customer"] for one in csv.DictReader(StringIO(_saved(page, "CSV", "All customers")))}
    assert names == {one["customer"] for one in base.customers("customer_care", limit=total)["rows"]}
    page.get_by_label("Name contains").fill("Ada")
    page.get_by_label("Name contains").press("Enter")
    still(page)
    shown = base.customers("customer_care", text="Ada")["total"]
    expect(page.get_by_role("group", name="Download Customers")).to_contain_text(f"Download all {shown}")
    expect(page.get_by_role("group", name="Download All customers")).to_have_count(0)
