"""Told: which rules the values of a file break, before anything of it is kept."""

from collections.abc import Iterator, Mapping
from typing import Any

import ibis.expr.types as ir

from insight_core.catalogue import asserted
from insight_core.quality.clock import clock_in
from insight_core.quality.rules import broken_expr, rules


def faults(said: ir.Table) -> ir.Table:
    """One row: per field and rule how many values break it, and one of those; takes the columns of the clock."""
    columns: dict[str, ir.Value] = {}
    for name, number, _ in _ruled():
        wrong = broken_expr(said, name, clock_in(said)) == number
        columns[f"{name}__{number}"] = wrong.sum()
        columns[f"{name}__{number}__said"] = said[name].min(where=wrong)
    return said.aggregate(**columns)


def told_of(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The row of `faults` as field, reason, count and an example, the most frequent first."""
    found = [
        {"field": name, "reason": reason, "count": count, "example": row[f"{name}__{number}__said"]}
        for name, number, reason in _ruled()
        if (count := row[f"{name}__{number}"])
    ]
    return sorted(found, key=lambda one: -one["count"])


def _ruled() -> Iterator[tuple[str, int, str]]:
    return ((one.name, number, rule.reason) for one in asserted() for number, rule in enumerate(rules(one.name)))
