"""Validity: a rule is written once, in words that one value and a whole column both understand.

`OneValue` answers with Python, `OneColumn` with Ibis. Wherever a rule lacks what it needs (no
country, no total) it holds: unknown is not wrong. Patterns keep to what Python, RE2 and Java
read alike.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, Protocol

import ibis
import ibis.expr.types as ir

from insight_core.quality.cell import Cells, value_of
from insight_core.records.clock import epoch, instant

# No birth lies further back, in years.
LIFETIME = 120

# A shape by every spelling of the countries that share it.
Shapes = Mapping[tuple[str, ...], str]


class Told(Protocol):
    """What a rule may ask about a known value."""

    @property
    def value(self) -> Any:
        """The value itself, or its column."""

    @property
    def today(self) -> Any:
        """The date of the clock in UTC."""

    @property
    def this_year(self) -> Any:
        """Its year."""

    @property
    def long_ago(self) -> Any:
        """The same day a long lifetime earlier."""

    def matches(self, pattern: str) -> Any:
        """Whether the whole text has this shape."""

    def among(self, values: tuple[str, ...]) -> Any:
        """Whether it is one of the values."""

    def at_most(self, other: str) -> Any:
        """Whether it does not exceed another field of the same profile."""

    def shaped_for_country(self, shapes: Shapes) -> Any:
        """Whether it has the shape that its country asks for; countries that are not listed accept anything."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold, and one line, without the value, for when it does not."""

    reason: str
    holds: Callable[[Told], Any]


class OneValue(NamedTuple):
    """A known value beside the rest of its profile."""

    value: Any
    cells: Cells
    today: date

    @property
    def this_year(self) -> int:
        return self.today.year

    @property
    def long_ago(self) -> date:
        return years_before(self.today, LIFETIME)

    def matches(self, pattern: str) -> bool:
        return _shape(pattern).fullmatch(self.value) is not None

    def among(self, values: tuple[str, ...]) -> bool:
        return self.value in values

    def at_most(self, other: str) -> bool:
        limit: Any = value_of(self.cells, other)
        return limit is None or bool(self.value <= limit)

    def shaped_for_country(self, shapes: Shapes) -> bool:
        country = str(value_of(self.cells, "country") or "").upper()
        wanted = [shape for names, shape in shapes.items() if country in names]
        return all(_shape(shape).fullmatch(self.value.upper()) for shape in wanted)


@dataclass(frozen=True, slots=True)
class OneColumn:
    """A column of a snapshot; answers are null where they cannot be given."""

    table: ir.Table
    name: str
    today: ir.DateValue
    long_ago: ir.DateValue

    @property
    def value(self) -> ir.Column:
        return self.table[self.name]

    @property
    def this_year(self) -> ir.IntegerValue:
        return self.today.year()

    def matches(self, pattern: str) -> ir.BooleanValue:
        return self.value.re_search(_whole(pattern))

    def among(self, values: tuple[str, ...]) -> ir.BooleanValue:
        return self.value.isin(values)

    def at_most(self, other: str) -> ir.BooleanValue:
        return self.value <= self.table[other]

    def shaped_for_country(self, shapes: Shapes) -> ir.BooleanValue:
        country, text = self.table["country"].upper(), self.value.upper()
        branches = [(country.isin(names), text.re_search(_whole(shape))) for names, shape in shapes.items()]
        return ibis.cases(*branches, else_=True)


@cache
def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def utc_date(now: datetime) -> date:
    """The date of the clock in UTC."""
    return instant(epoch(now)).date()


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes the 28th."""
    leap_day = (day.month, day.day) == (2, 29)
    return date(day.year - years, day.month, 28 if leap_day else day.day)


def _whole(pattern: str) -> str:
    return rf"^(?:{pattern})\z"
