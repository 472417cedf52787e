"""Demographics: the area figures, and the sentence."""

from datetime import date

import pytest

from insight_core.facets import FACETS


def figure(key, name, value=None, label=None, as_of=date(2024, 1, 1)):
    return dict(
        scope="area", key=key, figure=name, value=value, label=label, as_of=as_of, source="census", licence="open"
    )


def person(customer, **facts):
    return {"customer_id": customer, "kind": "person"} | facts


def test_the_area_tells_income_population_and_kind(derive):
    market = [
        figure("1000", "median_income", 52_000_000_000, as_of=date(2025, 1, 1)),
        figure("1000", "population", 1_234_000_000),
        figure("1000", "area_kind", label="Urban"),
        figure("1000", "unemployment", 40_000),
    ]
    made = derive("demographics", folded=[person("a", postal_code="1000")], market=market)["a"]
    assert (made["area_income"], made["area_population"], made["area_kind"]) == (52_000_000_000, 1_234, "urban")
    assert (made["derived_at"], made["evidence_count"]) == (1_735_689_600, 3)


def test_an_unknown_area_and_an_organisation_have_no_row(derive):
    folded = [person("a", postal_code="9999"), person("b"), person("c", kind="organisation", postal_code="1000")]
    assert derive("demographics", folded=folded, market=[figure("1000", "median_income", 1)]) == {}


def test_a_kind_of_area_that_the_catalogue_does_not_know_stays_unknown(derive):
    folded = [person("a", postal_code="1000")]
    assert derive("demographics", folded=folded, market=[figure("1000", "area_kind", label="lunar")]) == {}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Nothing known about the person yet."),
        ({"birth_date": date(1971, 10, 6), "gender": "male"}, "54 years old, male."),
        ({"gender": "undisclosed"}, "Nothing known about the person yet."),
        ({"annual_income": 90_000.0, "occupation": "Professional"}, "Works as Professional, income 90,000 a year."),
        ({"employer": "Acme", "home_owner": False}, "Works at Acme, rents the home."),
        ({"area_kind": "urban", "area_income": 52_000.0}, "Lives in an urban area with a median income of 52,000."),
        ({"area_income": 52_000.0}, "Lives in an area with a median income of 52,000."),
    ],
)
def test_the_sentence_says_what_is_known(values, sentence, now):
    assert FACETS["demographics"].sentence(values, now) == sentence
