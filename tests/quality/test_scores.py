"""Scores: what they add up to, what they say, and that a whole snapshot is scored like each profile in it."""

from datetime import date, timedelta
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insight_core.catalogue import FACETS, PURPOSES, fields
from insight_core.errors import NotFound
from insight_core.quality import Cell, score_all, score_every
from insight_core.quality.counted import points
from insight_core.quality.scores import SCORES, micro, rounded
from insight_core.records.clock import DAY, epoch
from insight_core.records.results import Score
from tests.quality.conftest import scored

NOW_S = 1_780_315_200  # 2026-06-01T12:00:00Z


def person(now, **values):
    at = epoch(now)
    return {"kind": Cell("person", at)} | {name: Cell(value, at) for name, value in values.items()}


def test_completeness_is_the_share_of_points_that_are_filled(now):
    cells = person(now, email="ada@example.com", family_name="Adams")
    found = scored(cells, "person", "marketing", now)["overall"]["completeness"]
    assert found.value == rounded((2 + 5 + 4) * 1_000_000, points("marketing", "person")) / 1_000_000
    assert found.because == (
        "given_name is missing: 3% of what is needed",
        "stage is missing: 3% of what is needed",
        "preferred_channel is missing: 3% of what is needed",
        "and 61 more",
    )


def test_freshness_names_the_field_its_age_and_its_half_life(now):
    cells = person(now, family_name="Adams")
    cells["email"] = Cell("ada@example.com", epoch(now - timedelta(days=734)))
    found = scored(cells, "person", "marketing", now)["identity"]["freshness"]
    assert found.because == ("email: 734 days old, half-life 540 days",)
    assert found.value == rounded(4 * 1_000_000 + 5 * 389782, 9) / 1_000_000


def test_accuracy_counts_what_is_valid_and_unopposed(now):
    cells = person(now, email="ada", phone="+1 555 010 0199", city="Paris")
    cells["phone"] = Cell("+1 555 010 0199", epoch(now), conflict=True)
    found = scored(cells, "person", "marketing", now)["identity"]["accuracy"]
    assert found.because == ("email: is not shaped like an e-mail address", "phone: sources disagree")
    assert found.value == rounded((2 + 1) * 1_000_000, 2 + 5 + 3 + 1) / 1_000_000


def test_reasons_tell_nothing_of_what_is_withheld(now):
    cells = person(now, email="not an address", city="Paris")
    cells["phone"] = Cell("+1 555 010 0199", epoch(now - timedelta(days=900)), conflict=True)
    found = scored(cells, "person", "marketing", now, {"email": "refused", "phone": "refused"})["identity"]
    assert found["freshness"].because == ("1 withheld field",)
    assert found["accuracy"].because == ("2 withheld fields",)


def test_lawful_is_the_share_that_the_gate_lets_out(now):
    cells = person(now, email="ada@example.com")
    found = scored(cells, "person", "marketing", now, {"email": "no consent for marketing since 2025-01-01"})
    assert found["identity"]["lawful"].value == rounded(2 * 1_000_000, 7) / 1_000_000
    assert found["identity"]["lawful"].because == ("email: no consent for marketing since 2025-01-01",)


def test_of_a_withheld_profile_the_scores_say_only_that_and_why(now):
    refused = dict.fromkeys((one.name for one in fields()), "no consent for marketing since 2025-01-01")
    told = [
        scored(cells, kind, "marketing", now, refused)
        for cells, kind in (
            (person(now, email="ada", city="Paris"), "person"),
            (person(now, accessibility_need="hearing"), "person"),
            ({}, None),
            ({"kind": Cell("organisation"), "employees": Cell(12, epoch(now))}, "organisation"),
        )
    ]
    one = Score(None, ("withheld: no consent for marketing since 2025-01-01",))
    assert one.withheld
    assert told == [{group: dict.fromkeys(SCORES, one) for group in ("overall", *FACETS)}] * 4


def test_a_facet_of_which_nothing_may_be_seen_is_withheld_alone(now):
    refused = {one.name: "ask first" for one in fields() if one.facet == "household"}
    found = scored(person(now, email="ada@example.com", dwelling="flat"), "person", "analytics", now, refused)
    assert all(score == Score(None, ("withheld: ask first",)) for score in found["household"].values())
    assert not any(score.withheld for group in ("overall", "identity") for score in found[group].values())


def test_full_marks_say_so(now):
    found = scored(person(now), "person", "third_party_sharing", now)["identity"]
    assert found["freshness"].because == ("no dated value that ages is known",)
    assert found["accuracy"].because == ("every known value is valid and unopposed",)
    assert found["lawful"].because == ("every known value may be used for it",)


def test_where_nothing_applies_nothing_is_scored(now):
    found = scored(person(now), "person", "marketing", now)["business_direction"]
    assert {name: found[name].value for name in SCORES} == dict.fromkeys(SCORES)
    assert found["completeness"].because == ("no field of it applies to this customer and purpose",)


def test_reasons_never_tell_a_value(now):
    cells = person(now, email="ada", birth_date=date(2030, 1, 1), annual_income=-77_000_000)
    found = scored(cells, "person", "analytics", now)
    told = " ".join(reason for group in found.values() for score in group.values() for reason in score.because)
    assert "2030" not in told
    assert "77" not in told


def test_an_unknown_purpose_is_answered_with_the_nearest_one(now, snapshot_of):
    with pytest.raises(NotFound, match="Did you mean 'marketing'"):
        scored({}, None, "marketting", now)
    with pytest.raises(NotFound, match="Did you mean 'marketing'"):
        score_all(snapshot_of([{}]), "marketting", now)


POOLS: dict[str, list[Any]] = {
    "text": ["Ada", "x@example.com", "10115", "US", "+1 555 010 0199"],
    "integer": [-1, 0, 2, 3, 2030],
    "money": [-1, 0, 90_000_000_000],
    "ratio": [-500_000, 250_000],
    "instant": [NOW_S - 400 * DAY, NOW_S],
    "date": [date(1880, 1, 1), date(1990, 2, 3), date(2031, 1, 1)],
    "boolean": [True, False],
    "list": ['["a","b"]'],
}


def cells_of(one):
    values = st.sampled_from([*one.values, "other"] if one.values else POOLS[one.type])
    clock = st.one_of(st.none(), st.integers(-3000, 5).map(lambda days: NOW_S + days * DAY))
    opposed = st.booleans() if one.origin == "asserted" else st.just(False)
    return st.builds(Cell, st.one_of(st.none(), values), clock, opposed)


kinds = st.builds(Cell, st.sampled_from(["person", "organisation", None]), st.just(NOW_S))
profiles = st.fixed_dictionaries({one.name: cells_of(one) for one in fields() if one.name != "kind"} | {"kind": kinds})
refusals = st.sets(st.sampled_from(["*", *(one.name for one in fields())]), max_size=6)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(profiles, refusals), min_size=1, max_size=6), st.sampled_from(sorted(PURPOSES)))
def test_a_snapshot_is_scored_like_each_profile_in_it(snapshot_of, now, world, purpose):
    withheld = [(f"c{n}", field) for n, (_, refused) in enumerate(world) for field in sorted(refused)]
    refused = ibis.memtable(withheld, schema={"customer_id": "string", "field": "string"}) if withheld else None
    table = score_all(snapshot_of([profile for profile, _ in world]), purpose, now, refused)
    found = {row.pop("customer_id"): row for row in table.to_pyarrow().to_pylist()}
    for n, (profile, names) in enumerate(world):
        reasons = {one.name: "refused" for one in fields() if names & {"*", one.name}}
        expected = scored(profile, profile["kind"].value, purpose, now, reasons)
        assert found[f"c{n}"] == {name: micro(score) for name, score in expected["overall"].items()}
        assert set(expected) == {"overall", *FACETS}


def test_every_purpose_in_one_pass_is_each_purpose_alone(snapshot_of, now):
    world = [person(now, email="ada", city="Paris"), {}, {"kind": Cell("organisation"), "industry": Cell("Retail", 0)}]
    together = score_every(snapshot_of(world), now).order_by("customer_id").to_pyarrow().to_pylist()
    for purpose in ("marketing", "research"):
        alone = score_all(snapshot_of(world), purpose, now).order_by("customer_id").to_pyarrow().to_pylist()
        assert [{name: row[f"{purpose}__{name}"] for name in SCORES} for row in together] == [
            {name: row[name] for name in SCORES} for row in alone
        ]
