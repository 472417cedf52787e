"""A snapshot turned long: one row per customer and field that counts for a purpose.

The rules are then written once over a handful of columns, not once per field, and the snapshot
is read once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import ibis
import ibis.expr.types as ir

from insight_core.catalogue import Field
from insight_core.quality.applies import OPTIONAL, applies_expr
from insight_core.quality.freshness import age_days_expr
from insight_core.quality.rules import fault_expr
from insight_core.quality.state import with_states
from insight_core.records.clock import epoch


def cells(snapshot: ir.Table, chosen: Sequence[tuple[Field, int]], now: datetime, keep: Iterable[str] = ()) -> ir.Table:
    """The cells of the chosen fields (each with its points) that apply to their customer, with their states.

    Columns: customer_id, those of `keep`, field, facet, weight, expected, known, conflict, fault,
    days, half_life, micro and state.
    """
    packed = ibis.array([_cell(snapshot, one, weight, now) for one, weight in chosen])
    table = snapshot.select("customer_id", *keep, cell=packed.unnest())
    table = table.select("customer_id", *keep, **{name: table["cell"][name] for name in table["cell"].names})
    return with_states(table.filter(table["applies"]).drop("applies"))


def _cell(snapshot: ir.Table, one: Field, weight: int, now: datetime) -> ir.StructValue:
    opposed = snapshot[f"{one.name}__conflict"] if one.origin == "asserted" else ibis.literal(False)
    return ibis.struct(
        {
            "field": ibis.literal(one.name),
            "facet": ibis.literal(one.facet),
            "weight": ibis.literal(weight, "int64"),
            "expected": ibis.literal(one.name not in OPTIONAL),
            "applies": applies_expr(one.name, snapshot["kind"]),
            "known": snapshot[one.name].notnull(),
            "conflict": opposed.fill_null(False),
            "fault": fault_expr(snapshot, one.name, now),
            "days": age_days_expr(snapshot[f"{one.name}__at"], epoch(now)).cast("int64"),
            "half_life": ibis.literal(one.half_life_days, "int64"),
        }
    )
