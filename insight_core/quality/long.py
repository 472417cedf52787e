"""A snapshot turned long: one row per customer and field that counts for a purpose.

The rules are then written once over a handful of columns, not once per field, and the snapshot
is read once.
"""

from collections.abc import Mapping
from datetime import datetime

import ibis
import ibis.expr.types as ir

from insight_core.catalogue import Field, fields
from insight_core.quality.applies import OPTIONAL, applies_expr
from insight_core.quality.freshness import age_days_expr
from insight_core.quality.rules import fault_expr
from insight_core.quality.state import with_states
from insight_core.records.clock import epoch

Points = Mapping[str, Mapping[str, int]]


def cells(snapshot: ir.Table, points: Points, now: datetime, keep: Mapping[str, ir.Value] | None = None) -> ir.Table:
    """The cells that carry points and apply to their customer, with their states.

    `points` gives for each wanted column of points the points by field; `keep` gives more columns to make
    from the snapshot and carry along. Columns: customer_id, those of `keep` and of `points`, field, facet,
    expected, known, conflict, fault, days, half_life, micro and state.
    """
    chosen = [one for one in fields() if any(one.name in by_field for by_field in points.values())]
    packed = ibis.array([ibis.struct(_cell(snapshot, one, now) | _points(one, points)) for one in chosen])
    table = snapshot.select("customer_id", **(keep or {}), cell=packed.unnest())
    table = table.select("customer_id", *(keep or {}), **{name: table["cell"][name] for name in table["cell"].names})
    return with_states(table.filter(table["applies"]).drop("applies"))


def _cell(snapshot: ir.Table, one: Field, now: datetime) -> dict[str, ir.Value]:
    opposed = snapshot[f"{one.name}__conflict"] if one.origin == "asserted" else ibis.literal(False)
    return {
        "field": ibis.literal(one.name),
        "facet": ibis.literal(one.facet),
        "expected": ibis.literal(one.name not in OPTIONAL),
        "applies": applies_expr(one.name, snapshot["kind"]),
        "known": snapshot[one.name].notnull(),
        "conflict": opposed.fill_null(False),
        "fault": fault_expr(snapshot, one.name, now),
        "days": age_days_expr(snapshot[f"{one.name}__at"], epoch(now)).cast("int64"),
        "half_life": ibis.literal(one.half_life_days, "int64"),
    }


def _points(one: Field, points: Points) -> dict[str, ir.Value]:
    return {column: ibis.literal(by_field.get(one.name, 0), "int64") for column, by_field in points.items()}
