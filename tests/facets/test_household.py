"""Household: who lives together, and who only seems to."""

from datetime import date

import pytest

from insight_core.facets import FACETS

KNOWN = 1_767_225_600  # 2026-01-01
YEAR = 365 * 86_400
OAK = dict(street="5 Oak Street", postal_code="1000", city="Springfield")


def person(customer, **facts):
    return {"customer_id": customer, "kind": "person", "known_at": KNOWN, "family_name": "Berg"} | OAK | facts


def seen(customer, *years_ago, street=OAK["street"]):
    return [
        {"customer_id": customer, "record_id": customer, "observed_at": KNOWN - ago * YEAR, "street": street}
        for ago in years_ago
    ]


def homes(made):
    """Customers by household, as sorted groups."""
    by_home: dict[str, set[str]] = {}
    for customer, row in made.items():
        by_home.setdefault(row["household_id"], set()).add(customer)
    return sorted(sorted(group) for group in by_home.values())


def test_a_family_at_one_address_is_a_household(derive):
    folded = [person("a", birth_date=date(1980, 1, 1)), person("b", birth_date=date(2015, 1, 1))]
    made = derive("household", folded=folded, versions=seen("a", 4, 1) + seen("b", 2))
    assert homes(made) == [["a", "b"]]
    assert made["a"]["household_id"].startswith("h")
    assert (made["a"]["household_members"], made["b"]["household_members"]) == ('["b"]', '["a"]')
    assert (made["a"]["household_size"], made["a"]["household_adults"], made["a"]["household_children"]) == (2, 1, 1)
    assert made["a"]["household_since"] == date(2024, 1, 2)
    assert made["a"]["household_basis"] == "same address and family name"
    assert (made["a"]["derived_at"], made["a"]["evidence_count"]) == (KNOWN - YEAR, 3)


def test_a_person_alone_at_a_complete_address_is_a_household_of_one(derive):
    made = derive("household", folded=[person("a")])["a"]
    assert (made["household_size"], made["household_members"]) == (1, "[]")
    assert (made["household_adults"], made["household_children"], made["household_since"]) == (None, None, None)


def test_an_incomplete_address_makes_no_household(derive):
    folded = [person("a", street=None), person("b", postal_code=None, city=None), person("c", kind="organisation")]
    assert derive("household", folded=folded) == {}


def test_a_shared_phone_makes_no_household(derive):
    folded = [person("a", phone="555"), person("b", phone="555", street="9 Elm Road")]
    assert homes(derive("household", folded=folded)) == [["a"], ["b"]]


def test_spellings_of_one_address_meet(derive):
    folded = [person("a", street="5, OAK St.", postal_code="1 000"), person("b"), person("c", postal_code=None)]
    assert homes(derive("household", folded=folded)) == [["a", "b", "c"]]


def test_a_slip_in_the_postal_code_does_not_part_a_family(derive):
    folded = [person("a"), person("b", postal_code="1001"), person("c", postal_code="1001", family_name="Holm")]
    assert homes(derive("household", folded=folded)) == [["a", "b"], ["c"]]


def test_a_street_of_the_same_name_elsewhere_is_another_address(derive):
    there = dict(postal_code="2000", city="Shelbyville")
    folded = [person("a"), person("b", **there), person("c", postal_code="2000", city=None)]
    assert homes(derive("household", folded=folded)) == [["a"], ["b", "c"]]


def couple(**facts):
    """Two customers of one address and different names."""
    return [
        person("a", birth_date=date(1980, 1, 1)),
        person("b", birth_date=date(1983, 1, 1), family_name="Holm") | facts,
    ]


def test_a_couple_may_have_two_family_names(derive):
    made = derive("household", folded=couple(), versions=seen("a", 2, 1) + seen("b", 1))
    assert homes(made) == [["a", "b"]]
    assert made["a"]["household_basis"] == "same address, and of an age to be a couple"


NEIGHBOURS = {
    "a generation apart": dict(birth_date=date(1960, 1, 1)),
    "of unknown age": dict(birth_date=None),
    "single by own account": dict(marital_status="single"),
}


@pytest.mark.parametrize("facts", NEIGHBOURS.values(), ids=NEIGHBOURS)
def test_other_people_of_two_names_are_neighbours_of_whom_nothing_is_known(derive, facts):
    assert derive("household", folded=couple(**facts)) == {}


def test_who_came_long_after_the_others_were_last_seen_lives_apart(derive):
    assert homes(derive("household", folded=couple(), versions=seen("a", 6, 5) + seen("b", 1))) == [["a"], ["b"]]


def test_a_family_is_one_household_even_when_seen_at_different_times(derive):
    assert homes(derive("household", folded=[person("a"), person("b")], versions=seen("a", 9) + seen("b", 1))) == [
        ["a", "b"]
    ]


def test_a_block_of_flats_splits_by_family_name(derive):
    names = ["Berg", "Berg", "Holm", "Holm", "Lund", "Dahl", "Dahl"]
    folded = [person(f"p{place}", family_name=name) for place, name in enumerate(names)]
    made = derive("household", folded=folded)
    assert homes(made) == [["p0", "p1"], ["p2", "p3"], ["p5", "p6"]]
    assert made["p0"]["household_basis"] == "same address and family name among 7 customers at the address"


def test_people_who_all_state_a_role_in_the_household_live_together(derive):
    names = ["Berg", "Holm", "Lund", "Dahl"]
    folded = [person(name, family_name=name, household_role="roommate") for name in names]
    assert homes(derive("household", folded=folded)) == [sorted(names)]


def test_an_institution_is_no_household(derive):
    many = [person(f"p{place}") for place in range(16)]
    quarters = [person(f"q{place}", street="1 Elm", household_role="Group quarters population") for place in range(2)]
    assert derive("household", folded=many + quarters) == {}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Household not known yet."),
        ({"household_size": 1}, "The only customer known at the address."),
        ({"household_role": "Spouse"}, "Household not known yet, but states spouse."),
        (
            {
                "household_size": 3,
                "household_adults": 2,
                "household_children": 1,
                "household_since": date(2024, 1, 2),
                "household_basis": "same address and family name",
            },
            "Three customers in one household (two adults and one child) since January 2024: same address and family name.",
        ),
    ],
)
def test_the_sentence_says_what_is_known(values, sentence, now):
    assert FACETS["household"].sentence(values, now) == sentence
