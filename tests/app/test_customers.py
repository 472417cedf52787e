"""Customers: every filter is in the address by its code, and finds whom it says."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

import insight_core as ic
from insight_core.errors import NotFound
from tests.app.driven import still

Show = Callable[..., AppTest]


def told(app: AppTest) -> str:
    assert not app.exception
    assert [one.value for one in app.error] == []
    return next((one.value for one in app.caption if "shown" in one.value), "")


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ({}, 30),
        ({"text": "Tester2"}, 10),
        ({"place": "bex"}, 3),
        ({"place": "GB"}, 30),
        ({"place": "de"}, 0),
        ({"source": "shop"}, 3),
        ({"source": "contacts"}, 0),
        ({"field": "annual_income"}, 20),
        ({"field": "annual_income", "state": "known"}, 10),
        ({"field": "birth_date", "state": "conflicting"}, 3),
        ({"place": "Ashford", "field": "annual_income", "state": "known", "kind": "person"}, 9),
    ],
)
def test_filters_narrow_together(base: ic.Workspace, query: dict[str, str], total: int) -> None:
    assert base.customers("customer_care", **query)["total"] == total


@pytest.mark.parametrize("score", ["completeness", "freshness"])
def test_a_score_between_two_marks_finds_whom_it_says(base: ic.Workspace, score: str) -> None:
    every = base.customers("customer_care", scores=True, limit=100)["rows"]
    middle = round(100 * sorted(one[score] for one in every)[len(every) // 2])
    low = base.customers("customer_care", score=score, at_most=middle, limit=100)["rows"]
    high = base.customers("customer_care", score=score, at_least=middle + 1, limit=100)["rows"]
    assert {one["customer"] for one in low} == {one["customer"] for one in every if one[score] <= middle / 100}
    assert {one["customer"] for one in high} == {one["customer"] for one in every if one[score] >= (middle + 1) / 100}
    assert low


def test_a_score_between_two_marks_is_in_the_address(base: ic.Workspace, show: Show) -> None:
    app = show("customers", score="completeness", at_most="1")
    assert "Nobody matches" in "\n".join(str(one.proto) for one in app.main)
    app.number_input(key="at_most").set_value(100).run()
    assert told(app).startswith("30 customers,")
    assert all(app.dataframe[0].value["score"] > 0)


@pytest.mark.parametrize("query", [{"field": "emial"}, {"field": "email", "state": "odd"}, {"score": "complete"}])
def test_a_filter_that_cannot_be_is_told(base: ic.Workspace, query: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        base.customers("customer_care", **query)


def test_filters_come_from_the_address_by_their_codes(base: ic.Workspace, show: Show) -> None:
    app = show("customers", source="shop", field="annual_income", state="known", sort="city", purpose="analytics")
    assert told(app).startswith("1 customer,")
    assert app.selectbox(key="source").value == "shop"
    assert app.selectbox(key="sort").value == "city"
    assert app.selectbox(key="purpose").value == "analytics"


def test_a_list_by_a_score_shows_the_score(base: ic.Workspace, show: Show) -> None:
    app = show("customers", sort="completeness")
    assert told(app).startswith("30 customers,")
    assert list(app.dataframe[0].value["score"]) == sorted(app.dataframe[0].value["score"])


def test_a_chosen_filter_goes_to_the_address_and_the_usual_one_leaves_it(base: ic.Workspace, show: Show) -> None:
    app = show("customers")
    app.selectbox(key="kind").set_value("person").run()
    assert app.query_params["kind"] in ("person", ["person"])
    app.selectbox(key="kind").set_value(None).run()
    assert "kind" not in app.query_params


def test_the_way_back_from_a_profile_leads_to_the_list_that_it_was_opened_from(base: ic.Workspace, show: Show) -> None:
    query = {"in_text": "Tester0", "in_source": "crm", "in_sort": "city", "in_descending": "True", "in_at_most": "100"}
    app = show("customers", customer="whoever", at="2", purpose="service_delivery", **query)
    assert told(app).startswith("10 customers, shown 1 to 10")
    assert (app.text_input(key="q").value, app.toggle(key="down").value) == ("Tester0", True)
    assert [app.selectbox(key=name).value for name in ("source", "sort", "purpose")] == [
        "crm",
        "city",
        "service_delivery",
    ]
    assert not {"customer", "at", *query} & set(app.query_params)
    assert told(show("customers", at="27", in_sort="name", customer="whoever")).startswith("30 customers, shown 26 to")


def test_an_address_with_a_word_that_is_no_code_shows_everybody(base: ic.Workspace, show: Show) -> None:
    assert told(show("customers", kind="Person", stage="Young single")).startswith("30 customers,")


def test_a_page_beyond_the_last_is_the_first(base: ic.Workspace, show: Show) -> None:
    assert told(show("customers", page="9")).startswith("30 customers, shown 1 to 25")


def test_saved_views_are_listed_and_forgotten(base: ic.Workspace, show: Show) -> None:
    base.save_view("**Bold** ones", "customers", {"kind": "person"})
    app = show("customers")
    app.button(key="saved_customers_drop_0").click().run()
    assert base.views() == []


@pytest.mark.browser
@pytest.mark.slow
def test_a_row_opens_the_profile_for_the_purpose_of_the_list(page: Page, base: ic.Workspace) -> None:
    page.goto("/customers?purpose=analytics")
    page.wait_for_selector("[role=gridcell]", state="attached")
    still(page)
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box is not None
    title = page.get_by_role("heading", level=1)
    for _ in range(5):  # a grid hears a click only once the mouse has been over it for a while
        page.mouse.move(box["x"] + 200, box["y"] + 300, steps=10)
        page.mouse.move(box["x"] + 60, box["y"] + 35 * 2.5, steps=10)
        page.wait_for_timeout(500)
        page.mouse.click(box["x"] + 60, box["y"] + 35 * 2.5)
        page.wait_for_timeout(1500)
        if title.inner_text() != "Customers":
            break
    expect(title).not_to_have_text("Customers")
    still(page)
    expect(page.get_by_role("combobox", name="Purpose")).to_have_value("Analytics")
    expect(page.get_by_text("This link asks for")).to_have_count(0)
    assert "purpose=analytics" in page.url
