"""The overview: means of what each profile says of itself, and shares that add up."""

from datetime import timedelta

import ibis
import pytest

from insight_core.catalogue import FACETS
from insight_core.quality import Cell, shares
from insight_core.quality.freshness import freshness
from insight_core.quality.overview import added, told
from insight_core.quality.scores import micro
from insight_core.quality.wide import LATER
from insight_core.records.clock import epoch
from tests.quality.conftest import NOW, judged, scored


def nested(table):
    """The figures of the only bucket, by what stands before the first `__` of their names."""
    found: dict[str, dict[str, int]] = {}
    for row in table.to_pyarrow().to_pylist():
        assert row.pop("bucket") == 7
        for name, figure in row.items():
            group, _, what = name.partition("__")
            found.setdefault(group, {})[what] = figure
    return found


def sums(profiles, purpose, now=NOW):
    pointed = shares.points(judged(profiles, now), purpose).to_pyarrow()
    return nested(shares.sums(ibis.memtable(pointed)))


def overview(profiles, purpose):
    return told(sums(profiles, purpose))


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
def test_mean_scores_are_the_means_of_the_profiles(purpose, now):
    found = overview(world(now), purpose)["scores"]
    each = [scored(profile, profile["kind"].value, purpose, now) for profile in world(now)]
    for group in ("overall", *FACETS):
        for name, mean in found[group].items():
            every = [micro(one[group][name]) for one in each]
            known = [figure for figure in every if figure is not None]
            assert mean == (pytest.approx(sum(known) / len(known) / 1e6, abs=1e-6) if known else None), (group, name)


def test_shares_of_states_add_up_to_one(now):
    found = overview(world(now), "marketing")
    states = found["states"]
    assert all(sum(states[group].values()) == pytest.approx(1, abs=1e-5) for group in ("overall", *FACETS))
    filled, gone = states["identity"]["filled"], states["identity"]["missing"]
    assert (states["identity"]["stale"], states["identity"]["conflicting"], states["identity"]["invalid"]) == (
        pytest.approx(1 / 41, abs=1e-6), pytest.approx(1 / 41, abs=1e-6), pytest.approx(1 / 41, abs=1e-6),
    )  # fmt: skip
    assert filled < gone


@pytest.mark.parametrize("days", LATER)
def test_what_freshness_will_be_is_the_freshness_of_that_day(days, now):
    ahead, then = sums(world(now), "analytics"), sums(world(now), "analytics", now + timedelta(days=days))
    for group in ("overall", *FACETS):
        assert ahead[group][f"freshness_{days}_sum"] == then[group]["freshness_sum"]


def test_a_field_fades_by_the_points_its_values_lose(now):
    profiles = [{"kind": Cell("person", epoch(now)), "email": Cell("a@example.com", epoch(now))}, {}]
    rows = nested(shares.fading(judged(profiles), "marketing"))
    lost = 1_000_000 - (freshness(90, 540) or 0)
    assert (rows["email"]["lost_90"], rows["email"]["stale_90"]) == (5 * lost, 0)
    old = [{"email": Cell("a@example.com", epoch(now - timedelta(days=1070)))}]
    rows = nested(shares.fading(judged(old), "marketing"))
    assert (rows["email"]["stale_30"], rows["email"]["stale_90"]) == (1, 1)


def test_the_sums_of_parts_add_up_to_the_whole(now):
    parts = [{"overall": {"a": 1, "b": 2}}, {"overall": {"a": 3}, "identity": {"a": 1}}]
    assert added(parts) == {"overall": {"a": 4, "b": 2}, "identity": {"a": 1}}


def test_nobody_at_all_is_no_figure_and_no_fault():
    found = overview([], "marketing")
    assert set(found["scores"]["overall"].values()) == {None}
    assert set(found["states"]["overall"].values()) == {None}
