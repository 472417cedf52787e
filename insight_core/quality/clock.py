"""The day on which a table is judged: the same for every row, as literals or as columns.

As columns it comes out of the query's text, which then depends on code and columns alone and
can be kept; see `pipeline.plans`.
"""

from dataclasses import dataclass
from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from insight_core.quality.validity import LIFETIME, utc_date, years_before
from insight_core.records.clock import DAY, epoch


@dataclass(frozen=True, slots=True)
class Clock:
    """A day in three forms: whole days since 1970, a date, and the same day a long lifetime earlier."""

    day: ir.IntegerValue
    today: ir.DateValue
    long_ago: ir.DateValue


def clock_at(now: datetime) -> Clock:
    """The day as literals."""
    day, today, long_ago = clock_row(now).values()
    return Clock(ibis.literal(day, "int64"), ibis.literal(today), ibis.literal(long_ago))


def clock_in(table: ir.Table) -> Clock:
    """The day as the columns of `clock_row`, that a table carries on every row."""
    return Clock(table["clock_day"], table["clock_today"], table["clock_long_ago"])


def clock_row(now: datetime) -> dict[str, int | date]:
    """The day as one row."""
    today = utc_date(now)
    return {
        "clock_day": epoch(now) // DAY,
        "clock_today": today,
        "clock_long_ago": years_before(today, LIFETIME),
    }
