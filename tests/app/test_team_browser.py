"""The app over a team's PostgreSQL: a person who opens it sees no difference, and what is fixed is there at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import insight_core as ic
from insight_core.records.clock import parse_instant
from tests.app.driven import go, press, still
from tests.app.served import NOW, serving
from tests.databases import InPostgres, Server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.parametrize("database", ["postgresql"], indirect=True),
]


@pytest.fixture
def base(made: Path, tmp_path: Path, database: InPostgres) -> Iterator[ic.Workspace]:
    """The base with its tables in a database of its own."""
    database.copy(made / "store", tmp_path / "store")
    workspace = ic.open_store(tmp_path / "store", now=parse_instant(NOW), door="test")
    yield workspace
    workspace.close()


@pytest.fixture
def served(base: ic.Workspace, database: InPostgres, postgres: Server) -> Iterator[str]:
    """The app as a team starts it: the folder, and the address of the database."""
    (name,) = database.made
    with serving(base.root, INSIGHT_STORE_URL=postgres.address(name)) as address:
        yield address


def test_a_profile_is_fixed_and_a_lost_connection_is_not_noticed(
    page: Page, base: ic.Workspace, postgres: Server
) -> None:
    customer = base.find("person9@example.com")[0]["customer"]
    page.goto("/")
    still(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("30 people: ").first).to_be_visible()

    page.goto(f"/profile?customer={customer}&identity=true")
    still(page)
    page.get_by_role("button", name="Fix City").click()
    page.get_by_role("textbox", name="Right value").fill("Dover")
    page.keyboard.press("Tab")
    still(page)
    press(page, "Save now")
    expect(page.get_by_role("heading", name="1 change applied")).to_be_visible()
    page.keyboard.press("Escape")
    still(page)
    page.reload()
    still(page)
    expect(page.get_by_text("Dover").first).to_be_visible()
    assert base.profile(customer).facets["identity"].fields["city"].value == "Dover"

    postgres.drop_connections()
    go(page, "Home")
    expect(page.get_by_text("The workbench failed at this")).to_have_count(0)
    expect(page.get_by_text("30 people: ").first).to_be_visible()
    assert base.verify()["ok"]
