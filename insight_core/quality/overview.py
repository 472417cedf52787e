"""The state of the whole base on one page: mean scores, shares of states, counts by kind and stage.

Everything here is a sum over customers, so that the sums of parts of the base add up to those of
the whole: `shares` counts one part or many at once, `told` says what the sums mean.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from insight_core.quality.counted import GROUPS, OVERALL
from insight_core.quality.scores import SCORES, rounded
from insight_core.quality.sets import as_bigint, four, points_of
from insight_core.records.datasets import MICRO

# A cell is in exactly one of these; `filled` are the states in which nothing has to be done.
_SHARES = {
    "filled": ("fresh", "ageing", "undated"),
    "stale": ("stale",),
    "missing": ("unknown",),
    "conflicting": ("conflicting",),
    "invalid": ("invalid",),
}

Sums = Mapping[str, Mapping[str, int]]


def told(sums: Sums) -> dict[str, Any]:
    """What the sums by group mean.

    `scores` holds per group (overall and each facet) the mean of each score over the customers that
    have one, None where nobody has; `states` holds per group the shares of cells that are filled,
    stale, missing, conflicting and invalid, which add up to 1.
    """
    return {
        "scores": {group: {name: mean(sums.get(group, {}), name) for name in SCORES} for group in GROUPS},
        "states": {group: _shares(sums.get(group, {})) for group in GROUPS},
    }


def mean(sums: Mapping[str, int], name: str) -> float | None:
    """The mean of one of the scores, None where nobody has one."""
    return _mean(sums.get(f"{name}_sum", 0), sums.get(f"{name}_count", 0))


def added(parts: Iterable[Sums]) -> dict[str, dict[str, int]]:
    """The sums of several parts of the base as one."""
    total: dict[str, dict[str, int]] = {}
    for part in parts:
        for group, sums in part.items():
            into = total.setdefault(group, {})
            for name, figure in sums.items():
                into[name] = into.get(name, 0) + figure
    return total


def by_group(cells: ir.Table, later: tuple[int, ...] = ()) -> ir.Table:
    """One row per bucket, customer and group (overall and each facet): what `sums_of` adds up.

    Takes the columns of `gated_cells`, with `bucket`, and `micro_<days>` for each of the later days.
    """
    parts = {**points_of(cells), **_states_of(cells)}
    parts |= {f"left_{days}": (cells[f"micro_{days}"] * cells["weight"]).fill_null(0).sum() for days in later}
    facets = cells.group_by("bucket", "customer_id", group=cells["facet"]).aggregate(**parts)
    whole = facets.group_by("bucket", "customer_id").aggregate(**{name: facets[name].sum() for name in parts})
    return ibis.union(facets, whole.mutate(group=ibis.literal(OVERALL)).select(*facets.columns))


def sums_of(groups: ir.Table, later: tuple[int, ...] = ()) -> ir.Table:
    """Per bucket and group: sum and count of each score over the customers, and cells by state.

    `freshness_<days>_sum` is what freshness will add up to so many days later, over the same count.
    """
    ahead = {f"freshness_{days}": four(groups, f"left_{days}")["freshness"] for days in later}
    scored = groups.select("bucket", "group", *_CELLS, **four(groups), **ahead)
    return scored.group_by("bucket", "group").aggregate(
        **{f"{name}_sum": as_bigint(scored[name].sum().fill_null(0)) for name in (*SCORES, *ahead)},
        **{f"{name}_count": scored[name].count() for name in SCORES},
        **{name: as_bigint(scored[name].sum()) for name in _CELLS},
    )


_CELLS = tuple(f"{name}_cells" for name in _SHARES)


def _states_of(cells: ir.Table) -> dict[str, ir.IntegerScalar]:
    counts = cells["expected"] | cells["known"]
    return {f"{name}_cells": (counts & cells["state"].isin(some)).sum() for name, some in _SHARES.items()}


def _mean(total: int, count: int) -> float | None:
    return rounded(total, count) / MICRO if count else None


def _shares(sums: Mapping[str, int]) -> dict[str, float | None]:
    counts = {name: sums.get(f"{name}_cells", 0) for name in _SHARES}
    return {name: _mean(count * MICRO, sum(counts.values())) for name, count in counts.items()}
