"""The state of a field: what is the matter with it, how fresh it is, and why.

The first that holds, in this order:

    unknown      there is no value
    invalid      a rule of the field is broken
    conflicting  a message to it came back since, or another source tells it differently
    undated      it ages, but nobody said when it was true: calling it fresh or stale would be a guess
    stale        freshness below 0.25: more than two half-lives old
    ageing       freshness from 0.25 to 0.5
    fresh        freshness of 0.5 and more, or a value that does not age
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

import ibis
import ibis.expr.types as ir

from insight_core.catalogue import Field, field
from insight_core.quality.bounced import because, bounced_day
from insight_core.quality.cell import UNKNOWN, Cell, Cells
from insight_core.quality.freshness import AGEING, FRESH, age_days, freshness, freshness_expr
from insight_core.quality.rules import fault, rules
from insight_core.quality.validity import utc_date
from insight_core.records.clock import epoch
from insight_core.records.datasets import MICRO

STATES = ("unknown", "invalid", "conflicting", "undated", "stale", "ageing", "fresh")

_REASONS = {
    "unknown": "nothing is known",
    "conflicting": "sources disagree",
    "undated": "no source says when it was true",
    "lasting": "does not age",
}


class State(NamedTuple):
    """One of STATES and one plain reason.

    `micro` is the freshness in 1e-6, None for what does not age or has no date; `days` is the age
    in whole days, None without a date; `bounced` says that a message to the value came back.
    """

    name: str
    reason: str
    micro: int | None = None
    days: int | None = None
    bounced: bool = False

    @property
    def freshness(self) -> float | None:
        """Freshness from 0 to 1."""
        return None if self.micro is None else self.micro / MICRO


States = Mapping[str, State]

# The same for every field, so that a profile does not make it a hundred times.
NOTHING_KNOWN = State("unknown", _REASONS["unknown"])


def state_of(name: str, cells: Cells, now: datetime) -> State:
    """The state of one field of a profile; raises NotFound for a field that is not in the catalogue."""
    one, cell = field(name), cells.get(name, UNKNOWN)
    return unknown(one, cell) if cell.value is None else _known(one, cell, cells, epoch(now), utc_date(now))


def unknown(one: Field, cell: Cell) -> State:
    """The state of a cell without a value: nobody tells it, or only of another whole than the one that was chosen."""
    told = cell.conflict and one.part_of
    return State("unknown", f"told only of another {one.part_of}") if told else NOTHING_KNOWN


def states_of(cells: Cells, now: datetime) -> States:
    """`state_of` for every known cell of a profile: what scores, questions and readers all start from."""
    at, today = epoch(now), utc_date(now)
    return {name: _known(field(name), cell, cells, at, today) for name, cell in cells.items() if cell.value is not None}


def _known(one: Field, cell: Cell, cells: Cells, now: int, today: date) -> State:
    half_life, days = one.half_life_days, age_days(cell.at, now)
    wrong = fault(one.name, cell.value, cells, today)
    if wrong:
        return State("invalid", wrong, freshness(days, half_life), days)
    bounce = bounced_day(one.name, cell, cells)
    if bounce is not None:
        return State("conflicting", because(bounce), freshness(days, half_life), days, bounced=True)
    if cell.conflict:
        return State("conflicting", _REASONS["conflicting"], freshness(days, half_life), days)
    return _sound(days, half_life)


@lru_cache(maxsize=4096)  # the values of a profile share a few clocks
def _sound(days: int | None, half_life: int | None) -> State:
    """The state of a value that nothing is the matter with but its age."""
    micro = freshness(days, half_life)
    if half_life is None:
        return State("fresh", _REASONS["lasting"], None, days)
    if micro is None:
        return State("undated", _REASONS["undated"])
    return State(_by_age(micro), _aged(days, half_life), micro, days)


def _by_age(micro: int) -> str:
    return "fresh" if micro >= FRESH else "ageing" if micro >= AGEING else "stale"


def with_states(cells: ir.Table) -> ir.Table:
    """`state_of` over a long table with one row per cell: adds `micro` and `state`.

    Takes known BOOLEAN, broken (a number, null when valid), conflict BOOLEAN, days (null without a
    date) and half_life BIGINT (null for what does not age).
    """
    aged = cells.mutate(
        micro=ibis.ifelse(cells["known"], freshness_expr(cells["days"], cells["half_life"]), ibis.null())
    )
    return aged.mutate(
        state=ibis.cases(
            (~aged["known"], "unknown"),
            (aged["broken"].notnull(), "invalid"),
            (aged["conflict"], "conflicting"),
            (aged["half_life"].isnull(), "fresh"),
            (aged["micro"].isnull(), "undated"),
            (aged["micro"] < AGEING, "stale"),
            (aged["micro"] < FRESH, "ageing"),
            else_="fresh",
        )
    )


def reason(name: str, state: str, broken: int | None, days: int | None, bounced: int | None = None) -> str:
    """The reason of a cell of a table made by `with_states`, as `state_of` gives it; `bounced` is its `bounced_day`."""
    half_life = field(name).half_life_days
    if state == "invalid" and broken is not None:
        return rules(name)[broken].reason
    if state == "conflicting" and bounced is not None:
        return because(bounced)
    if state in _REASONS:
        return _REASONS[state]
    return _REASONS["lasting"] if half_life is None else _aged(days, half_life)


def _aged(days: int | None, half_life: int) -> str:
    return f"{days} days old, half-life {half_life} days"
