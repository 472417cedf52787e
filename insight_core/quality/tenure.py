"""Tenure: where no source counted the months, they follow from the first day and the clock.

They are counted when somebody reads, for what is kept are instants and not ages: of today, so they never age.
"""

from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from insight_core.quality.cell import UNKNOWN, Cell, Cells
from insight_core.quality.clock import Clock
from insight_core.quality.validity import utc_date
from insight_core.records.clock import DAY, epoch

TENURE, SINCE = "tenure_months", "customer_since"


def months_between(since: date, day: date) -> int:
    """Completed months from one day to another."""
    return (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)


def with_tenure(cells: Cells, now: datetime) -> dict[str, Cell]:
    """The cells with the tenure that follows from the first day, where nobody tells one and that day is not ahead."""
    since, today = cells.get(SINCE, UNKNOWN).value, utc_date(now)
    if cells.get(TENURE, UNKNOWN).value is not None or not isinstance(since, date) or since > today:
        return dict(cells)
    at = epoch(now)
    return {**cells, TENURE: Cell(months_between(since, today), at, False, "derived", "derived", at)}


def with_tenure_expr(seen: ir.Table, clock: Clock) -> ir.Table:
    """`with_tenure` over the columns of a snapshot."""
    since, today = seen[SINCE], clock.today
    months = (
        (today.year() - since.year()) * 12 + today.month() - since.month() - (today.day() < since.day()).cast("int")
    )
    follows = seen[TENURE].isnull() & (since <= today).fill_null(False)
    return seen.mutate(
        **{
            TENURE: ibis.ifelse(follows, months.cast("int64"), seen[TENURE]),
            f"{TENURE}__at": ibis.ifelse(follows, clock.day * DAY, seen[f"{TENURE}__at"]),
            f"{TENURE}__conflict": seen[f"{TENURE}__conflict"] & ~follows,
        }
    )
