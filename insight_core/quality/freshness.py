"""Freshness: 0.5 ** (age / half-life), from the best clock of a value to now.

Age is counted from day to day, as on a calendar in UTC, so a score stands still within a day, what
was counted in the morning holds in the evening, and both forms meet exactly.
Figures are integers of 1e-6. A clock ahead of now counts as today.
"""

from math import floor

import ibis
import ibis.expr.types as ir

from insight_core.records.clock import DAY
from insight_core.records.datasets import MICRO

# After one half-life half of such values are expected to have changed; after two, three quarters.
FRESH, AGEING = MICRO // 2, MICRO // 4


def age_days(at: int | None, now: int) -> int | None:
    """Days from a clock's day to that of now, both in seconds since 1970; None when the clock is unknown."""
    return None if at is None else max(now // DAY - at // DAY, 0)


def age_days_expr(at: ir.IntegerValue, day: ir.IntegerValue) -> ir.IntegerValue:
    """`age_days` over a column of clocks, on a day counted from 1970."""
    age = day - at // DAY
    return ibis.ifelse(age < 0, 0, age)


def freshness(days: int | None, half_life: int | None) -> int | None:
    """Freshness in 1e-6; None for what does not age or has no age."""
    if days is None or half_life is None:
        return None
    return floor(0.5 ** (days / half_life) * MICRO + 0.5)


def freshness_expr(days: ir.IntegerValue, half_life: ir.IntegerValue) -> ir.IntegerValue:
    """`freshness` over columns of ages and half-lives; null where either is."""
    left = ibis.literal(0.5, "float64") ** (days / half_life)
    return (left * MICRO + 0.5).floor().cast("int64")
