"""The overview: means of what each profile says of itself, and shares that add up."""

from datetime import timedelta

import pytest

from insight_core.catalogue import FACETS
from insight_core.quality import Cell, overview, scores
from insight_core.quality.scores import micro
from insight_core.records.clock import epoch


def world(now):
    fresh, old = epoch(now), epoch(now - timedelta(days=3000))
    person = {"kind": Cell("person", fresh), "email": Cell("ada@example.com", old), "stage": Cell("retired", fresh)}
    opposed = {
        "kind": Cell("person", fresh),
        "phone": Cell("0101990", fresh, conflict=True),
        "email": Cell("ada", fresh),
    }
    company = {"kind": Cell("organisation", fresh), "industry": Cell("Retail", None), "employees": Cell(-1, fresh)}
    return [person, opposed, company]


@pytest.mark.parametrize("purpose", ["marketing", "analytics"])
def test_mean_scores_are_the_means_of_the_profiles(purpose, snapshot_of, now):
    found = overview(snapshot_of(world(now)), purpose, now)["scores"]
    each = [scores(profile, profile["kind"].value, purpose, now) for profile in world(now)]
    for group in ("overall", *FACETS):
        for name, mean in found[group].items():
            every = [micro(one[group][name]) for one in each]
            known = [figure for figure in every if figure is not None]
            assert mean == (pytest.approx(sum(known) / len(known) / 1e6, abs=1e-6) if known else None), (group, name)


def test_shares_of_states_add_up_to_one(snapshot_of, now):
    found = overview(snapshot_of(world(now)), "marketing", now)
    states = found["states"]
    assert all(sum(states[group].values()) == pytest.approx(1, abs=1e-5) for group in ("overall", *FACETS))
    filled, gone = states["identity"]["filled"], states["identity"]["missing"]
    assert (states["identity"]["stale"], states["identity"]["conflicting"], states["identity"]["invalid"]) == (
        pytest.approx(1 / 41, abs=1e-6), pytest.approx(1 / 41, abs=1e-6), pytest.approx(1 / 41, abs=1e-6),
    )  # fmt: skip
    assert filled < gone


def test_customers_are_counted_by_kind_and_stage(snapshot_of, now):
    found = overview(snapshot_of(world(now)), "marketing", now)
    assert (found["customers"], found["kinds"]) == (3, {"organisation": 1, "person": 2})
    assert found["stages"] == {"retired": 1, "unknown": 2}


def test_nobody_at_all_is_no_figure_and_no_fault(snapshot_of, now):
    found = overview(snapshot_of([]), "marketing", now)
    assert (found["customers"], found["kinds"], found["stages"]) == (0, {}, {})
    assert set(found["scores"]["overall"].values()) == {None}
    assert set(found["states"]["overall"].values()) == {None}
