"""Life stage: the stage and its reason, since when, and the newest event."""

from datetime import date, timedelta
from typing import Any

import pytest

from insight_core.facets import FACETS

KNOWN = 1_767_225_600  # 2026-01-01
YEAR = 365 * 86_400


def born(age):
    return date(2025 - age, 6, 15)


def person(customer, **facts):
    return {"customer_id": customer, "kind": "person", "known_at": KNOWN} | facts


def version(customer, observed, record="r1", **facts):
    return {"customer_id": customer, "record_id": record, "observed_at": observed} | facts


STAGES: dict[str, dict[str, Any]] = {
    "retired": dict(employment_status="retired"),
    "retired by age": dict(birth_date=born(75)),
    "states a former occupation": dict(birth_date=born(75), occupation="clerk"),
    "works at 75": dict(birth_date=born(75), employment_status="employed"),
    "worked at 60": dict(birth_date=born(75), employment_status="employed", employment_status__at=KNOWN - 15 * YEAR),
    "single parent": dict(birth_date=born(30), marital_status="divorced", children_at_home=1),
    "single parent of unknown age": dict(marital_status="single", children_at_home=2),
    "young family": dict(birth_date=born(33), marital_status="married", children_at_home=2),
    "children presumed at home": dict(birth_date=born(33), marital_status="married", children_total=2),
    "older family": dict(birth_date=born(50), marital_status="married", children_at_home=1, children_total=3),
    "children gone": dict(birth_date=born(55), marital_status="married", children_at_home=0, children_total=2),
    "children gone early": dict(birth_date=born(42), marital_status="married", children_at_home=0, children_total=2),
    "children perhaps gone": dict(birth_date=born(47), marital_status="married", children_total=2),
    "young and single": dict(birth_date=born(24), marital_status="single"),
    "young couple": dict(birth_date=born(29), marital_status="partnered", children_at_home=0),
    "a couple that may have children": dict(birth_date=born(29), marital_status="married"),
    "established": dict(birth_date=born(44), marital_status="married", children_total=0),
    "age alone": dict(birth_date=born(44)),
    "nothing": {},
}
EXPECTED = {
    "retired": "retired",
    "retired by age": "retired",
    "states a former occupation": "retired",
    "works at 75": None,
    "worked at 60": "retired",
    "single parent": "single_parent",
    "single parent of unknown age": "single_parent",
    "young family": "family_young_children",
    "children presumed at home": "family_young_children",
    "older family": "family_older_children",
    "children gone": "empty_nest",
    "children gone early": "empty_nest",
    "children perhaps gone": None,
    "young and single": "young_single",
    "young couple": "young_couple",
    "a couple that may have children": None,
    "established": "established",
    "age alone": None,
    "nothing": None,
}


def test_the_stage_follows_age_partner_children_and_work(derive):
    made = derive("life_stage", folded=[person(name, **facts) for name, facts in STAGES.items()])
    assert {name: made.get(name, {}).get("stage") for name in STAGES} == EXPECTED


def test_the_reason_is_made_of_facts(derive):
    cases: dict[str, dict[str, Any]] = {
        "a": dict(birth_date=date(1971, 10, 6), marital_status="married", children_total=2, children_at_home=0),
        "b": dict(birth_date=date(1990, 1, 1), marital_status="single", children_total=1, children_at_home=1),
        "c": dict(birth_date=date(1985, 1, 1), marital_status="married", children_at_home=1),
        "d": dict(employment_status="retired"),
        "e": dict(birth_date=date(1980, 1, 1), children_total=0, children_at_home=0, employment_status="self_employed"),
    }
    made = derive("life_stage", folded=[person(name, **facts) for name, facts in cases.items()])
    assert {name: row["stage_reason"] for name, row in made.items()} == {
        "a": "born 1971, married, two children, none at home",
        "b": "born 1990, single, one child, one at home",
        "c": "born 1985, married, one child at home",
        "d": "retired",
        "e": "born 1980, no children, self-employed",
    }


@pytest.mark.parametrize(
    ("today", "stage"),
    [(date(2025, 2, 28), "young_single"), (date(2025, 3, 1), None), (date(2056, 3, 1), "retired")],
)
def test_people_grow_older_whether_somebody_tells_or_not(derive, today, stage):
    single = dict(birth_date=date(1990, 3, 1), marital_status="single")
    folded = [person("dated", known_at=KNOWN - 9 * YEAR, **single), person("undated", **single) | {"known_at": None}]
    made = derive("life_stage", folded=folded, clock=[{"today": today}])
    assert [made.get(name, {}).get("stage") for name in ("dated", "undated")] == [stage, stage]


def test_an_organisation_has_no_life_stage(derive):
    assert derive("life_stage", folded=[person("a", kind="organisation", employment_status="retired")]) == {}


def test_a_stage_holds_since_the_last_of_its_facts_was_first_told(derive):
    facts = dict(birth_date=born(30), marital_status="married", children_at_home=0, children_total=0)
    told = [
        version("a", KNOWN - 3 * YEAR, marital_status="single", children_at_home=0, children_total=0),
        version("a", KNOWN - 2 * YEAR, marital_status="married", children_at_home=0, children_total=0),
        version("a", KNOWN - 1 * YEAR, marital_status="married", children_at_home=0, children_total=0),
    ]
    made = derive("life_stage", folded=[person("a", **facts)], versions=told)["a"]
    assert made["stage_since"] == date(2026, 1, 1) - timedelta(days=730)
    assert (made["last_life_event"], made["last_life_event_on"]) == ("married", made["stage_since"])


@pytest.mark.parametrize(
    ("birth", "reached"),
    [
        (date(1942, 4, 13), date(2008, 4, 13)),
        (date(1956, 2, 29), date(2022, 3, 1)),
        (date(1944, 2, 29), date(2010, 3, 1)),
        (date(1943, 12, 31), date(2009, 12, 31)),
    ],
)
def test_a_stage_that_an_age_begins_holds_since_that_birthday(derive, birth, reached):
    assert derive("life_stage", folded=[person("a", birth_date=birth)])["a"]["stage_since"] == reached


def test_a_stage_of_undated_facts_began_nobody_knows_when(derive):
    assert derive("life_stage", folded=[person("a", employment_status="retired")])["a"]["stage_since"] is None


# What one record told before and after, and the event.
CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any], str | None]] = {
    "moved to another town": (dict(postal_code="1000"), dict(postal_code="2000"), "moved"),
    "a slip in the code": (dict(postal_code="41717", city="Ulm"), dict(postal_code="41r17", city="ULM"), None),
    "the next code of the town": (
        dict(postal_code="41717", city="Ulm"),
        dict(postal_code="41731", city="Ulm"),
        "moved",
    ),
    "a town like it": (dict(postal_code="41717", city="Ulm"), dict(postal_code="41718", city="Bonn"), "moved"),
    "the code was learnt": (dict(city="Ulm"), dict(postal_code="41717", city="Ulm"), None),
    "moved to where the code is known": (dict(city="Ulm"), dict(postal_code="53111", city="Bonn"), "moved"),
    "the town by its whole name": (
        dict(postal_code="60311", city="Ulm"),
        dict(postal_code="60311", city="Ulm/Donau"),
        None,
    ),
    "moved, codes unknown": (dict(city="Ulm"), dict(city="Bonn"), "moved"),
    "moved down the street": (dict(street="1 Oak Street"), dict(street="12 Oak Street"), "moved"),
    "spelled differently": (dict(street="1 Oak Street"), dict(street="1 OAK ST."), None),
    "married": (dict(marital_status="single"), dict(marital_status="married"), "married"),
    "parted": (dict(marital_status="married"), dict(marital_status="divorced"), "separated"),
    "widowed": (dict(marital_status="married"), dict(marital_status="widowed"), None),
    "had a child": (dict(children_total=9), dict(children_total=10), "child_born"),
    "fewer children": (dict(children_total=2), dict(children_total=1), None),
    "retired": (dict(employment_status="employed"), dict(employment_status="retired"), "retired"),
    "began to work": (dict(employment_status="student"), dict(employment_status="employed"), "new_job"),
    "changed employer": (dict(employer="Acme"), dict(employer="Brook & Co"), "new_job"),
    "told for the first time": ({}, dict(marital_status="married"), None),
}


def test_a_change_between_two_versions_of_one_record_is_an_event(derive):
    folded, told = [], []
    for case, (before, after, _) in CHANGES.items():
        folded.append(person(case, **after))
        told += [version(case, KNOWN - 2 * YEAR, **before), version(case, KNOWN - YEAR, **after)]
    made = derive("life_stage", folded=folded, versions=told)
    found = {case: made.get(case, {}).get("last_life_event") for case in CHANGES}
    assert found == {case: event for case, (_, _, event) in CHANGES.items()}


def test_of_two_events_the_newer_is_told(derive):
    told = [
        version("a", KNOWN - 3 * YEAR, marital_status="single", children_total=0),
        version("a", KNOWN - 2 * YEAR, marital_status="married", children_total=0),
        version("a", KNOWN - YEAR, marital_status="married", children_total=1),
    ]
    made = derive("life_stage", folded=[person("a", marital_status="married", children_total=1)], versions=told)["a"]
    assert (made["last_life_event"], made["last_life_event_on"]) == ("child_born", date(2025, 1, 1))


def test_two_sources_show_an_event_only_when_it_leads_to_what_holds_now(derive):
    told = [
        version("a", KNOWN - 2 * YEAR, "crm", marital_status="single", employer="Acme"),
        version("a", KNOWN - YEAR, "shop", marital_status="married", employer="ACME Ltd"),
    ]
    folded = {"holds": person("a", marital_status="married"), "does not": person("a", marital_status="single")}
    found = {
        case: derive("life_stage", folded=[row], versions=told).get("a", {}).get("last_life_event")
        for case, row in folded.items()
    }
    assert found == {"holds": "married", "does not": None}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Life stage not known yet."),
        ({"children_total": 0, "employment_status": "employed"}, "Stage not known yet, but no children, employed."),
        (
            {
                "stage": "empty_nest",
                "stage_reason": "born 1971, married, two children, none at home",
                "stage_since": date(2014, 1, 28),
                "last_life_event": "moved",
                "last_life_event_on": date(2026, 3, 30),
            },
            (
                "An empty nest: the children have left home (born 1971, married, two children, none at home), "
                "seen since January 2014, moved three months ago."
            ),
        ),
        ({"stage": "retired"}, "Retired."),
        ({"last_life_event": "married"}, "Married."),
    ],
)
def test_the_sentence_says_what_is_known(values, sentence, now):
    assert FACETS["life_stage"].sentence(values, now) == sentence
