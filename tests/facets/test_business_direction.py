"""Business direction: size, growth with us, the industry, and where it goes."""

from datetime import date

import pytest

from insight_core.facets import FACETS

END = 1_767_225_600  # 2026-01-01
DAY = 86_400
YEAR = 365 * DAY


def firm(customer, **facts):
    return {"customer_id": customer, "kind": "organisation", "employees__at": None} | facts


def orders(customer, recent, before, amount=1_000_000, start=729):
    """Orders of the last year and of the year before; the first order marks the start."""
    days = [*(5 + place for place in range(recent)), *(400 + place for place in range(before - 1)), start]
    return [
        {
            "customer_id": customer,
            "record_id": customer,
            "kind": "order",
            "usage_id": f"{customer}{place}",
            "occurred_at": END - day * DAY,
            "amount": amount,
        }
        for place, day in enumerate(days)
    ]


# Somebody else's newest order is the end of observation.
OTHERS = [{"customer_id": "z", "kind": "session", "occurred_at": END}]


def test_size_classes_follow_the_recommendation(derive):
    sizes = {0: "micro", 9: "micro", 10: "small", 49: "small", 50: "medium", 249: "medium", 250: "large"}
    made = derive("business_direction", folded=[firm(str(number), employees=number) for number in sizes])
    assert {int(name): row["company_size"] for name, row in made.items()} == sizes


# Orders of the last year and the year before, day of the first order: growth and direction.
GROWTH = {
    "growing": ((12, 8, 729), (500_000, "growing")),
    "flat": ((8, 8, 729), (0, "flat")),
    "a tenth up": ((11, 10, 729), (100_000, "growing")),
    "shrinking": ((6, 8, 729), (-250_000, "shrinking")),
    "gone": ((0, 8, 729), (-1_000_000, "shrinking")),
    "too few": ((3, 2, 729), (None, None)),
    "started in the year before": ((8, 4, 600), (None, None)),
}


def test_growth_is_the_last_year_of_observation_beside_the_year_before(derive):
    usage = [one for name, (given, _) in GROWTH.items() for one in orders(name, *given[:2], start=given[2])]
    made = derive("business_direction", folded=[firm(name) for name in GROWTH], usage=usage + OTHERS)
    found = {name: (made.get(name, {}).get("growth"), made.get(name, {}).get("direction")) for name in GROWTH}
    assert found == {name: expected for name, (_, expected) in GROWTH.items()}


def test_growth_is_by_value_where_every_order_has_one(derive):
    usage = orders("a", 8, 8)
    for one in usage[:8]:
        one["amount"] *= 2
    made = derive("business_direction", folded=[firm("a")], usage=usage + OTHERS)["a"]
    assert (made["growth"], made["direction"]) == (1_000_000, "flat")


def test_the_direction_is_the_pace_over_three_years_where_there_are_three(derive):
    # 10, 10 and 4 orders: flat in the last two years, growing over three.
    days = [*range(10, 110, 10), *range(400, 500, 10), *range(800, 920, 40), 1_080]
    usage = [orders("a", 0, 1, start=day)[0] | {"usage_id": f"o{day}"} for day in days]
    made = derive("business_direction", folded=[firm("a")], usage=usage + OTHERS)["a"]
    assert (made["growth"], made["direction"]) == (0, "growing")
    assert made["direction_reason"] == (
        "10 orders in the year to 2026-01-01, 10 and 4 in the two years before (a line through the three: +38% of their average a year)"
    )


def test_the_reason_gives_the_figures(derive):
    market = [dict(scope="industry", key="Retail", figure="growth", value=-15_000, as_of=date(2025, 1, 1))]
    made = derive(
        "business_direction", folded=[firm("a", industry="RETAIL")], usage=[*orders("a", 12, 8), *OTHERS], market=market
    )["a"]
    assert made["direction_reason"] == (
        "12 orders in the year to 2026-01-01, 8 in the year before (+50% a year); industry -1% a year"
    )
    assert (made["industry_growth"], made["derived_at"]) == (-15_000, END - 5 * DAY)


def test_without_a_market_figure_five_peers_give_their_lower_median(derive):
    usage, folded = list(OTHERS), []
    for place, recent in enumerate([4, 6, 8, 10, 12, 16]):
        usage += orders(f"f{place}", recent, 8)
        folded.append(firm(f"f{place}", industry="Toys"))
    folded += [firm("new", industry="toys"), firm("lonely", industry="Cheese")]
    made = derive("business_direction", folded=folded, usage=usage)
    assert {name: row["industry_growth"] for name, row in made.items()} == {
        **{f"f{place}": 0 for place in range(6)},
        "new": 0,
    }


def test_headcount_of_one_record_tells_when_business_with_us_does_not(derive):
    told = [
        {"customer_id": "a", "record_id": "r", "observed_at": END - 2 * YEAR, "employees": 100},
        {"customer_id": "a", "record_id": "r", "observed_at": END, "employees": 140},
        {"customer_id": "b", "record_id": "r1", "observed_at": END - 2 * YEAR, "employees": 100},
        {"customer_id": "b", "record_id": "r2", "observed_at": END, "employees": 140},
    ]
    made = derive("business_direction", folded=[firm("a", employees=140), firm("b", employees=140)], versions=told)
    assert (made["a"]["direction"], made["a"]["growth"]) == ("growing", None)
    assert made["a"]["direction_reason"] == "staff from 100 to 140 (+20% a year)"
    assert made["b"]["direction"] is None


def test_a_person_has_no_business_direction(derive):
    assert derive("business_direction", folded=[firm("a", kind="person", employees=3)]) == {}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Nothing known about the business yet."),
        ({"company_size": "small"}, "Small organisation."),
        ({"industry_growth": 0.02, "industry": "toys"}, "In toys, the industry +2% a year."),
        (
            {
                "company_size": "medium",
                "business_type": "wholesaler",
                "industry": "toys",
                "employees": 120,
                "annual_sales": 3_000_000.0,
                "direction": "growing",
                "direction_reason": "orders: 12 in the year to 2026-01-01, 8 the year before (+50%)",
            },
            (
                "Medium wholesaler in toys with 120 employees, sales of 3,000,000 a year, "
                "growing: orders: 12 in the year to 2026-01-01, 8 the year before (+50%)."
            ),
        ),
        ({"direction": "shrinking", "growth": -0.4}, "Shrinking (-40% with us)."),
    ],
)
def test_the_sentence_says_what_is_known(values, sentence, now):
    assert FACETS["business_direction"].sentence(values, now) == sentence
