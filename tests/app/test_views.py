"""Every view of the app, drawn without a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import insight_core as ic

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


def test_filters_and_pages_come_from_the_address(base: ic.Workspace, show: Show) -> None:
    app = well(show("customers", q="Tester2", sort="city", down="true"))
    assert app.text_input(key="q").value == "Tester2"
    assert app.selectbox(key="sort").value == "city"
    assert "10 customers" in app.caption[0].value
