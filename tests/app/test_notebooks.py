"""The Notebooks view: listed, run from a form, shown in the page, carried away; and views opened as notebooks."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

import insight_core as ic
from app import words
from app.components import listing
from insight_core.recommend.parameters import TONES
from insight_core.recommend.rules import Action, all_actions, channels
from tests.app.driven import still

Show = Callable[..., AppTest]


def all_text(app: AppTest) -> str:
    return "\n".join(str(one.proto) for one in app.main)


def well(app: AppTest) -> AppTest:
    assert not app.exception
    assert [one.value for one in app.error] == []
    return app


def ended(ws: ic.Workspace, job: str) -> ic.jobs.JobState:
    ends = monotonic() + 120
    while (seen := ic.jobs.get(ws, job)).live and monotonic() < ends:
        sleep(0.2)
    return seen


def test_the_list_says_what_each_answers(base: ic.Workspace, show: Show) -> None:
    told = all_text(well(show("notebooks")))
    for title in ("State of the base", "One customer in depth", "Seed your own world", "None yet"):
        assert title in told


def test_it_is_drawn_over_an_empty_store(nothing: Path, show: Show) -> None:
    assert "State of the base" in all_text(well(show("notebooks")))


def test_a_form_is_made_of_the_typed_parameters(base: ic.Workspace, show: Show) -> None:
    app = well(show("notebooks", notebook="seed_your_own_world", purpose="analytics"))
    asked = {one.label.replace("\\", ""): one.value for one in (*app.number_input, *app.main.selectbox)}
    assert asked["How many customers, 50 to 2,000"] == 200
    assert asked["Share of cells that the CRM writes down wrong, 0 to 1"] == 0.2
    assert asked["Why you look"] == "analytics"


def test_where_the_values_are_known_a_form_offers_them(base: ic.Workspace, show: Show) -> None:
    asked: dict[str, set[str]] = {}
    for view in ("customers", "fix", "recommend"):
        app = well(show("notebooks", notebook=base.notebooks.open_as(view, {})))
        asked[view] = {one.label for one in app.main.text_input}
        offered = {one.label: one.options for one in (*app.main.selectbox, *app.multiselect)}
        if view == "fix":
            assert offered["Only these states"] == ["Conflicting", "Invalid", "Missing", "Stale"]
            assert offered["Source"] == ["Any", "Consents", "Contacts", "Crm", "Shop"]
            assert "Birth date" in offered["Field"]
    assert asked == {"customers": {"Name contains", "Place"}, "fix": set(), "recommend": {"Name contains"}}


def test_what_a_view_offers_is_what_the_core_knows(base: ic.Workspace) -> None:
    choices = {
        (view, one.name): one.choices
        for view in ("customers", "fix", "recommend")
        for one in base.notebooks.get(base.notebooks.open_as(view, {})).parameters
    }
    assert set(choices["recommend", "solution_set"]) == {one.name for one in actions_of("solution_set")}
    assert list(choices["recommend", "channel"]) == [one.name for one in channels()]
    assert choices["recommend", "tone"] == TONES
    assert list(choices["customers", "sort"]) == list(listing.SORTS)
    assert list(choices["customers", "score"]) == list(words.SCORES)
    assert set(choices["customers", "state"]) | {"withheld"} == {*words.STATES.values(), "known"}
    assert set(choices["fix", "states"]) < set(words.STATES.values())


def actions_of(dimension: str) -> list[Action]:
    return [one for one in all_actions() if one.dimension == dimension]


def test_an_unknown_notebook_is_one_line(base: ic.Workspace, show: Show) -> None:
    app = show("notebooks", notebook="../../etc/passwd")
    assert not app.exception
    assert len(app.error) == 1
    assert "No notebook called" in app.error[0].value


@pytest.mark.slow
def test_a_run_is_a_job_and_what_it_shows_stands_in_the_page(base: ic.Workspace, show: Show) -> None:
    app = well(show("notebooks", notebook="state_of_the_base"))
    next(one for one in app.button if one.label == "Run").click().run()
    job = app.query_params["job"]
    seen = ended(base, job)
    assert (seen.kind, seen.state, seen.message) == ("notebook", "done", "")
    app = well(show("notebooks", notebook="state_of_the_base", job=job))
    told = all_text(app)
    for part in ("Where it is thin", "What to mend first", "Earlier runs of it", "customers, as of 01 July 2026"):
        assert part in told
    assert len(app.get("plotly_chart")) == 2
    again = well(show("notebooks", notebook="state_of_the_base", run=str(seen.result["run"])))
    assert "Where it is thin" in all_text(again)


@pytest.mark.slow
def test_a_cell_that_fails_is_one_line_and_what_came_before_it_stays(nothing: Path, show: Show) -> None:
    app = well(show("notebooks", notebook="state_of_the_base"))
    next(one for one in app.button if one.label == "Run").click().run()
    job = app.query_params["job"]
    seen = ended(ic.open_store(nothing), job)
    assert seen.state == "failed"
    assert seen.message.startswith("Cell 3, line ")
    app = show("notebooks", notebook="state_of_the_base", job=job)
    assert not app.exception
    assert all("Cell 3, line " in one.value.replace("\\", "") for one in app.error)
    assert len(app.error) == 2


@pytest.mark.parametrize(
    ("view", "address", "parameters"),
    [
        ("home", {}, {"purpose": "marketing"}),
        ("customers", {"q": "Tester2", "sort": "city", "down": "true"},
         {"purpose": "marketing", "text": "Tester2", "sort": "city", "descending": True}),
        ("profile", {"customer": "person7@example.com"}, {"purpose": "marketing"}),
        ("fix", {"states": "missing"}, {"purpose": "marketing", "states": ["missing"]}),
        ("recommend", {"show": "abstained"}, {"purpose": "marketing"}),
    ],
)  # fmt: skip
def test_a_view_opens_as_a_notebook_with_its_filters(
    base: ic.Workspace, show: Show, view: str, address: dict[str, str], parameters: dict[str, object]
) -> None:
    if "customer" in address:
        customer = base.find(address["customer"])[0]["customer"]
        address, parameters = {"customer": customer}, parameters | {"customer": customer}
    well(show(view, purpose="marketing", **address)).button(key=f"open_as_{view}").click().run()
    made = next(one for one in base.notebooks.listed() if one.origin == "made")
    assert made.view == view
    values = {one.name: one.default for one in made.parameters}
    assert {name: values[name] for name in parameters} == parameters
    assert made.title in all_text(well(show("notebooks", notebook=made.name)))


@pytest.mark.browser
@pytest.mark.slow
def test_a_notebook_is_run_reloaded_and_carried_away_in_a_browser(page: Page, asked: list[str], tmp_path: Path) -> None:
    page.goto("/notebooks")
    page.get_by_role("link", name="Open", exact=True).nth(1).click()
    page.get_by_label("Customer", exact=True).fill("person0@example.com")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_url("**notebook=one_customer_in_depth&job=**")
    page.reload()
    expect(page.get_by_text("Notebook: done")).to_be_visible()
    still(page)
    expect(page.get_by_role("heading", name="How to talk to them")).to_be_visible()
    expect(page.locator(".js-plotly-plot .main-svg").nth(1)).to_be_attached()
    assert "bitten" not in page.title()
    page.get_by_role("button", name="Download").click()
    expect(page.get_by_role("button", name="HTML", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="HTML", exact=True).click()
    download.value.save_as(tmp_path / "run.html")
    page.goto((tmp_path / "run.html").as_uri())
    page.wait_for_selector("html[data-drawn]")
    assert "bitten" not in page.title()
    assert asked == []
    assert (tmp_path / "run.html").stat().st_size > 1_000_000
