"""The same scores for a whole snapshot at once: one row per customer, integers of 1e-6."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from insight_core.quality.counted import weighed
from insight_core.quality.long import cells
from insight_core.records.datasets import MICRO

EVERY_FIELD = "*"


def score_all(snapshot: ir.Table, purpose: str, now: datetime, withheld: ir.Table | None = None) -> ir.Table:
    """customer_id and the four overall scores as BIGINT of 1e-6, null where the profile's score is None.

    `withheld` has customer_id and field (`*` for every field): what the gate refuses or must ask about.
    Equals `scores` on every row. Raises NotFound for an unknown purpose.
    """
    return four(sums(gated_cells(snapshot, purpose, now, withheld), "customer_id"), "customer_id")


def gated_cells(snapshot: ir.Table, purpose: str, now: datetime, withheld: ir.Table | None) -> ir.Table:
    """The cells that carry points for the purpose, with `held`: whether the gate withholds the cell."""
    table = cells(snapshot, weighed(purpose), now)
    if withheld is None:
        return table.mutate(held=ibis.literal(False))
    rows = withheld.select("customer_id", "field").distinct()
    single = rows.filter(rows["field"] != EVERY_FIELD).mutate(single=ibis.literal(True))
    whole = rows.filter(rows["field"] == EVERY_FIELD).select("customer_id", whole=ibis.literal(True))
    joined = table.left_join(single, ["customer_id", "field"]).drop("customer_id_right", "field_right")
    joined = joined.left_join(whole, "customer_id").drop("customer_id_right")
    return joined.mutate(held=joined["single"].notnull() | joined["whole"].notnull())


def sums(table: ir.Table, *by: str) -> ir.Table:
    """Points per group of cells: wanted, filled, present, doubted, held and dated ones, and freshness times points."""
    weight, micro, known = table["weight"], table["micro"], table["known"]
    return table.group_by(*by).aggregate(
        wanted=_points(weight, table["expected"]),
        filled=_points(weight, table["expected"] & known),
        present=_points(weight, known),
        doubted=_points(weight, table["state"].isin(("invalid", "conflicting"))),
        held=_points(weight, known & table["held"]),
        dated=_points(weight, micro.notnull()),
        left=as_bigint((micro * weight).fill_null(0).sum()),
    )


def four(points: ir.Table, *by: str) -> ir.Table:
    """The four scores of each row of `sums`; see `scores` for what they mean."""
    return points.select(
        *by,
        completeness=_rounded(points["filled"] * MICRO, points["wanted"]),
        freshness=_rounded(points["left"], points["dated"]),
        accuracy=_rounded((points["present"] - points["doubted"]) * MICRO, points["present"]),
        lawful=_rounded((points["present"] - points["held"]) * MICRO, points["present"]),
    )


def _points(weight: ir.IntegerValue, counts: ir.BooleanValue) -> ir.IntegerScalar:
    return as_bigint(ibis.ifelse(counts, weight, 0).sum())


def as_bigint(total: ir.IntegerScalar) -> ir.IntegerScalar:
    """A sum as BIGINT."""
    # DuckDB widens sums to a type that Arrow knows only as a float; Ibis would skip a plain cast.
    return total.cast("decimal(38, 0)").cast("int64")


def _rounded(part: ir.IntegerValue, total: ir.IntegerValue) -> ir.IntegerValue:
    return ((part * 2 + total) // (total * 2).nullif(0)).cast("int64")
