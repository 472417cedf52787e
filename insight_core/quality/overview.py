"""The state of the whole base on one page: mean scores, shares of states, counts by kind and stage."""

from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from insight_core.quality.counted import GROUPS, OVERALL
from insight_core.quality.scores import SCORES, rounded
from insight_core.quality.sets import as_bigint, four, gated_cells, points_of
from insight_core.records.datasets import MICRO

# A cell is in exactly one of these; `filled` are the states in which nothing has to be done.
_SHARES = {
    "filled": ("fresh", "ageing", "undated"),
    "stale": ("stale",),
    "missing": ("unknown",),
    "conflicting": ("conflicting",),
    "invalid": ("invalid",),
}


def overview(snapshot: ir.Table, purpose: str, now: datetime, withheld: ir.Table | None = None) -> dict[str, Any]:
    """The whole base for one purpose, for the first page.

    `customers`, `kinds` and `stages` are counts; `scores` holds per group (overall and each facet) the
    mean of each score over the customers that have one, None where nobody has; `states` holds per group
    the shares of cells that are filled, stale, missing, conflicting and invalid, which add up to 1.
    """
    groups = {row["group"]: row for row in _rows(_summed(gated_cells(snapshot, purpose, now, withheld)))}
    kinds = _counted_by(snapshot, "kind")
    return {
        "purpose": purpose,
        "customers": sum(kinds.values()),
        "kinds": kinds,
        "stages": _counted_by(snapshot, "stage"),
        "scores": {group: _mean_scores(groups.get(group, {})) for group in GROUPS},
        "states": {group: _shares(groups.get(group, {})) for group in GROUPS},
    }


def _summed(cells: ir.Table) -> ir.Table:
    """Per group (overall and each facet): sum and count of each score over the customers, and cells by state."""
    points, states = points_of(cells), _states_of(cells)
    by_facet = cells.group_by("customer_id", group=cells["facet"]).aggregate(**points, **states)
    whole = by_facet.group_by("customer_id").aggregate(**{name: by_facet[name].sum() for name in (*points, *states)})
    both = ibis.union(by_facet, whole.mutate(group=ibis.literal(OVERALL)).select(*by_facet.columns))
    scored = both.select("group", *states, **four({name: both[name] for name in points}))
    return scored.group_by("group").aggregate(
        **{f"{name}_sum": as_bigint(scored[name].sum()) for name in SCORES},
        **{f"{name}_count": scored[name].count() for name in SCORES},
        **{name: as_bigint(scored[name].sum()) for name in states},
    )


def _states_of(cells: ir.Table) -> dict[str, ir.IntegerScalar]:
    counts = cells["expected"] | cells["known"]
    return {f"{name}_cells": (counts & cells["state"].isin(some)).sum() for name, some in _SHARES.items()}


def _mean_scores(row: dict[str, Any]) -> dict[str, float | None]:
    return {name: _mean(row.get(f"{name}_sum"), row.get(f"{name}_count")) for name in SCORES}


def _mean(total: int | None, count: int | None) -> float | None:
    return rounded(total, count) / MICRO if total is not None and count else None


def _shares(row: dict[str, Any]) -> dict[str, float | None]:
    counts = {name: row.get(f"{name}_cells") or 0 for name in _SHARES}
    return {name: _mean(count * MICRO, sum(counts.values())) for name, count in counts.items()}


def _counted_by(snapshot: ir.Table, name: str) -> dict[str, int]:
    rows = _rows(snapshot.group_by(snapshot[name]).aggregate(n=snapshot.count()))
    return dict(sorted((row[name] or "unknown", row["n"]) for row in rows))


def _rows(table: ir.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
    return rows
