"""The state of the whole base on one page: mean scores, shares of states, counts by kind and stage."""

from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from insight_core.quality.counted import GROUPS, OVERALL
from insight_core.quality.scores import SCORES, rounded
from insight_core.quality.sets import as_bigint, four, gated_cells, sums
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
    cells = gated_cells(snapshot, purpose, now, withheld)
    means = {row["group"]: row for row in _rows(_means(cells))}
    counts = _with_overall({row["facet"]: row for row in _rows(_counts(cells))})
    return {
        "purpose": purpose,
        "customers": _rows(snapshot.aggregate(n=snapshot.count()))[0]["n"],
        "kinds": _counted_by(snapshot, "kind"),
        "stages": _counted_by(snapshot, "stage"),
        "scores": {group: _mean_scores(means.get(group, {})) for group in GROUPS},
        "states": {group: _shares(counts.get(group, {})) for group in GROUPS},
    }


def _means(cells: ir.Table) -> ir.Table:
    by_facet = sums(cells, "customer_id", "facet").rename(group="facet")
    names = [name for name in by_facet.columns if name not in ("customer_id", "group")]
    everything = by_facet.group_by("customer_id").aggregate(**{name: as_bigint(by_facet[name].sum()) for name in names})
    everything = everything.mutate(group=ibis.literal(OVERALL)).select(*by_facet.columns)
    scored = four(ibis.union(by_facet, everything), "group")
    return scored.group_by("group").aggregate(
        **{f"{name}_sum": as_bigint(scored[name].sum()) for name in SCORES},
        **{f"{name}_count": scored[name].count() for name in SCORES},
    )


def _counts(cells: ir.Table) -> ir.Table:
    counting = cells.filter(cells["expected"] | cells["known"])
    return counting.group_by("facet").aggregate(
        **{name: as_bigint(counting["state"].isin(states).sum()) for name, states in _SHARES.items()}
    )


def _mean_scores(row: dict[str, Any]) -> dict[str, float | None]:
    return {name: _mean(row.get(f"{name}_sum"), row.get(f"{name}_count")) for name in SCORES}


def _mean(total: int | None, count: int | None) -> float | None:
    return rounded(total, count) / MICRO if total is not None and count else None


def _with_overall(by_facet: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return by_facet | {OVERALL: {name: sum(row[name] for row in by_facet.values()) for name in _SHARES}}


def _shares(row: dict[str, Any]) -> dict[str, float | None]:
    counts = {name: row.get(name) or 0 for name in _SHARES}
    return {name: _mean(count * MICRO, sum(counts.values())) for name, count in counts.items()}


def _counted_by(snapshot: ir.Table, name: str) -> dict[str, int]:
    rows = _rows(snapshot.group_by(snapshot[name]).aggregate(n=snapshot.count()))
    return dict(sorted((row[name] or "unknown", row["n"]) for row in rows))


def _rows(table: ir.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
    return rows
