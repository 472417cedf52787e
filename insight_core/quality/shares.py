"""What is kept of a part of the base: sums, the cells worth fixing, and everybody's scores.

Expressions over `seen`: the customers that a purpose may see, with `bucket`, `row` (a number that
stands in for the id, because grouping by it is cheaper) and the columns of the clock. They depend
on code and columns alone; the points of the purpose come as rows, see `field_rows`.
"""

import ibis
import ibis.expr.types as ir

from insight_core.quality.clock import clock_in
from insight_core.quality.freshness import AGEING, freshness_expr
from insight_core.quality.long import judged, turn
from insight_core.quality.overview import by_group, sums_of
from insight_core.quality.sets import as_bigint, four
from insight_core.quality.worklist import matter, problems

# How many days ahead the base is looked at, if nobody confirms anything.
LATER = (30, 60, 90)


def groups(seen: ir.Table, by_field: ir.Table) -> ir.Table:
    """Per bucket, customer and group what the scores are made of, now and later."""
    return by_group(_ahead(_cells(seen, by_field)).mutate(held=ibis.literal(False)), LATER)


def sums(grouped: ir.Table) -> ir.Table:
    """Per bucket and group the sums that make the overview; see `sums_of`."""
    return sums_of(grouped, LATER)


def each(grouped: ir.Table) -> ir.Table:
    """Per customer the four overall scores, in 1e-6."""
    whole = grouped.filter(grouped["group"] == "overall")
    return whole.select("bucket", "customer_id", **four(whole))


def worth(seen: ir.Table, by_field: ir.Table) -> ir.Table:
    """The cells worth fixing; see `Problem`."""
    found = problems(_cells(seen, by_field))
    return found.select("bucket", "customer_id", "field", "problem", "loss", "broken", "days")


def fading(seen: ir.Table, by_field: ir.Table) -> ir.Table:
    """Per bucket and field: what its values lose by each later day, in 1e-6 points, and how many turn stale."""
    cells = _ahead(_cells(seen, by_field))
    sound = cells.filter(cells["micro"].notnull())
    told = {}
    for days in LATER:
        then = sound[f"micro_{days}"]
        told[f"lost_{days}"] = as_bigint(((sound["micro"] - then) * sound["weight"]).sum())
        turns = sound["state"].isin(("fresh", "ageing")) & (then < AGEING)
        told[f"stale_{days}"] = as_bigint(turns.sum())
    return sound.group_by("bucket", "field").aggregate(**told)


def _cells(seen: ir.Table, by_field: ir.Table) -> ir.Table:
    clock = clock_in(seen)
    keep = {"bucket": seen["bucket"], "customer_id": seen["row"], "matter": matter(seen, clock)}
    return judged(turn(seen, clock, keep), by_field)


def _ahead(cells: ir.Table) -> ir.Table:
    later = {f"micro_{days}": freshness_expr(cells["days"] + days, cells["half_life"]) for days in LATER}
    return cells.mutate(**{name: ibis.ifelse(cells["known"], left, ibis.null()) for name, left in later.items()})
