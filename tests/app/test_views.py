"""Every view of the app, drawn without a browser."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import insight_core as ic
from tests.app.conftest import write_csv

Show = Callable[..., AppTest]

VIEWS = ("home", "load", "customers", "profile", "fix", "recommend", "history")


def all_text(app: AppTest) -> str:
    return "\n".join(str(one.proto) for one in app.main)


def well(app: AppTest) -> AppTest:
    assert not app.exception
    assert [one.value for one in app.error] == []
    return app


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_drawn_over_a_base(base: ic.Workspace, show: Show, view: str) -> None:
    well(show(view))


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_drawn_over_an_empty_store(nothing: Path, show: Show, view: str) -> None:
    well(show(view))


@pytest.mark.parametrize("view", ["home", "customers", "fix", "recommend"])
@pytest.mark.parametrize("purpose", ["marketing", "third_party_sharing"])
def test_a_view_is_drawn_for_a_purpose_that_asks_for_consent(
    base: ic.Workspace, show: Show, view: str, purpose: str
) -> None:
    assert well(show(view, purpose=purpose)).sidebar.selectbox(key="purpose").value != "customer_care"


def test_an_empty_base_offers_the_sample_and_a_file(nothing: Path, show: Show) -> None:
    app = show("home")
    assert [one.label for one in app.button] == ["Load the sample", "Load a file"]


def test_a_profile_tells_every_facet_of_a_person(base: ic.Workspace, show: Show) -> None:
    customer = base.find("person6@example.com")[0]["customer"]
    told = all_text(well(show("profile", customer=customer)))
    for title in ("Usage pattern", "Demographics", "Life stage", "Household", "Community of interest", "Timeline"):
        assert title in told
    assert "Business direction" not in told


def test_a_profile_shows_what_two_sources_say_of_a_field(base: ic.Workspace, show: Show) -> None:
    customer = base.find("person6@example.com")[0]["customer"]
    told = all_text(show("profile", customer=customer, identity="true"))
    assert "conflicting" in told
    assert "2 records speak of it" in told


def test_what_a_purpose_may_not_see_is_withheld_with_the_reason(base: ic.Workspace, show: Show) -> None:
    customer = base.find("person3@example.com")[0]["customer"]  # withdrew consent for marketing
    told = all_text(well(show("profile", customer=customer, purpose="marketing")))
    assert "Withheld from marketing" in told
    assert "person3@example.com" not in told


def test_an_unknown_customer_is_one_line(base: ic.Workspace, show: Show) -> None:
    app = show("profile", customer="nobody")
    assert not app.exception
    assert [one.value for one in app.error] == ["No customer called \\'nobody\\'\\."]


def test_cards_are_looked_for_by_name(base: ic.Workspace, show: Show) -> None:
    app = well(show("recommend", show="all", name="tester1"))
    assert set(app.dataframe[0].value["Customer"].str.contains("Tester1")) == {True}
    app.text_input(key="name").set_value("nobody at all").run()
    assert "No card is like that" in all_text(app)


def test_filters_and_pages_come_from_the_address(base: ic.Workspace, show: Show) -> None:
    app = well(show("customers", q="Tester2", sort="city", down="true"))
    assert app.text_input(key="q").value == "Tester2"
    assert app.selectbox(key="sort").value == "city"
    assert "10 customers" in app.caption[0].value


def test_refused_cells_are_told_in_words_and_an_empty_one_says_so(
    base: ic.Workspace, show: Show, tmp_path: Path
) -> None:
    rows = [("1", "Ada", "a", "a1@example.com", "1961-02-30"), ("", "Ben", "b", "b1@example.com", "1961-02-03")]
    file = write_csv(tmp_path / "more.csv", ("id", "first", "last", "mail", "born"), rows)
    recipe = replace(base.suggest(file), name="more")
    base.load([file], "more", recipe)
    shown = well(show("load", cells="true")).dataframe[0].value
    told = {row["Value"]: row["Why"] for row in shown.to_dict("records")}
    assert told["1961-02-30"].startswith("“Birth date” is not a date")
    assert told["(empty)"] == "“Key” is missing, and the row means nothing without it."
    assert not shown.isin([None, "None"]).any(axis=None)


def test_a_guessed_source_says_so_and_a_known_one_like_it_is_offered(
    base: ic.Workspace, show: Show, tmp_path: Path
) -> None:
    rows = [("1", "Ada", "Tester07", "person7@example.com"), ("2", "Nobody", "Known", "nobody@example.com")]
    file = write_csv(tmp_path / "crm_export.csv", ("id", "first", "last", "mail"), rows)
    app = well(show("load").text_input(key="load_path_0").set_value(str(file)).run())
    assert "guessed from the file" in all_text(app)
    assert any("No source is called crm\\_export yet" in one.value for one in app.warning)
    assert "2 records that crm_export has not told before. About 1 of them" in all_text(app)
    app = well(app.button(key="source_known").click().run())
    assert next(one for one in app.text_input if one.label == "Source").value == "crm"
    assert "guessed from the file" not in all_text(app)
    assert "source_known" not in [one.key for one in app.button]
