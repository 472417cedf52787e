"""The same scores for a whole snapshot at once: one row per customer, integers of 1e-6."""

from collections.abc import Mapping
from datetime import datetime

import ibis
import ibis.expr.types as ir

from insight_core.catalogue import PURPOSES
from insight_core.quality.counted import weights
from insight_core.quality.long import cells
from insight_core.records.datasets import MICRO

EVERY_FIELD = "*"


def score_all(snapshot: ir.Table, purpose: str, now: datetime, withheld: ir.Table | None = None) -> ir.Table:
    """customer_id and the four overall scores as BIGINT of 1e-6, null where the profile's score is None.

    `withheld` has customer_id and field (`*` for every field): what the gate refuses or must ask about.
    Equals `scores` on every row. Raises NotFound for an unknown purpose.
    """
    table = gated_cells(snapshot, purpose, now, withheld)
    may_see = ((table["expected"] | table["known"]) & ~table["held"]).any()
    added = table.group_by("customer_id").aggregate(**points_of(table), may_see=may_see)
    told = {name: ibis.ifelse(added["may_see"], score, ibis.null("int64")) for name, score in four(added).items()}
    return added.select("customer_id", **told)


def score_every(snapshot: ir.Table, now: datetime) -> ir.Table:
    """customer_id and `<purpose>__<score>` for every purpose, as `score_all` gives them without a gate, in one pass."""
    table = cells(snapshot, {name: weights(name) for name in PURPOSES}, now).mutate(held=ibis.literal(False))
    sums = {name: points_of(table, name) for name in PURPOSES}
    flat = {f"{name}__{what}": total for name, totals in sums.items() for what, total in totals.items()}
    added = table.group_by("customer_id").aggregate(**flat)
    every = {name: four({what: added[f"{name}__{what}"] for what in totals}) for name, totals in sums.items()}
    return added.select(
        "customer_id",
        **{f"{name}__{score}": value for name, scores in every.items() for score, value in scores.items()},
    )


def gated_cells(snapshot: ir.Table, purpose: str, now: datetime, withheld: ir.Table | None) -> ir.Table:
    """The cells that carry points for the purpose, with `held`: whether the gate withholds the cell."""
    table = cells(snapshot, {"weight": weights(purpose)}, now)
    if withheld is None:
        return table.mutate(held=ibis.literal(False))
    rows = withheld.select("customer_id", "field").distinct()
    single = rows.filter(rows["field"] != EVERY_FIELD).mutate(single=ibis.literal(True))
    whole = rows.filter(rows["field"] == EVERY_FIELD).select("customer_id", whole=ibis.literal(True))
    joined = table.left_join(single, ["customer_id", "field"]).drop("customer_id_right", "field_right")
    joined = joined.left_join(whole, "customer_id").drop("customer_id_right")
    return joined.mutate(held=joined["single"].notnull() | joined["whole"].notnull())


def points_of(table: ir.Table, column: str = "weight") -> dict[str, ir.IntegerScalar]:
    """What to add up per group of cells: points of the wanted, filled and other cells, and freshness times points."""
    weight, micro, known = table[column], table["micro"], table["known"]
    counts = {
        "wanted": table["expected"],
        "filled": table["expected"] & known,
        "present": known,
        "doubted": table["state"].isin(("invalid", "conflicting")),
        "held": known & table["held"],
        "dated": micro.notnull(),
    }
    left = (micro * weight).fill_null(0).sum()
    return {name: ibis.ifelse(which, weight, 0).sum() for name, which in counts.items()} | {"left": left}


def four(points: Mapping[str, ir.IntegerValue] | ir.Table, left: str = "left") -> dict[str, ir.IntegerValue]:
    """The four scores from the sums of `points_of`; see `scores` for what they mean.

    `left` names the sum of freshness times points, which may be that of a later day.
    """
    present = points["present"]
    return {
        "completeness": _rounded(points["filled"] * MICRO, points["wanted"]),
        "freshness": _rounded(points[left], points["dated"]),
        "accuracy": _rounded((present - points["doubted"]) * MICRO, present),
        "lawful": _rounded((present - points["held"]) * MICRO, present),
    }


def as_bigint(total: ir.IntegerScalar) -> ir.IntegerScalar:
    """A sum as BIGINT."""
    # DuckDB widens sums to a type that Arrow knows only as a float; Ibis would skip a plain cast.
    return total.cast("decimal(38, 0)").cast("int64")


def _rounded(part: ir.IntegerValue, total: ir.IntegerValue) -> ir.IntegerValue:
    return ((part * 2 + total) // (total * 2).nullif(0)).cast("int64")
