"""Alike: when two records say the same of a field."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from ibis.expr.types import BooleanValue, Value

from insight_core.catalogue import Field
from insight_core.records.letters import lowered


def compared(field: Field, value: Value) -> Value:
    """A value as it is compared: text without case and outer blanks, a telephone number by its digits."""
    if field.name == "phone":
        # +49 151/94400004 and +49 151 94400004 are one number.
        return value.re_replace("[^0-9]", "")
    return lowered(value.strip()) if field.type in ("text", "choice", "list") else value


def differ(one: Value, other: Value) -> BooleanValue:
    """Whether both say something, and not the same."""
    return (one != other).fill_null(False)


def any_of(some: Iterable[BooleanValue]) -> BooleanValue:
    """Whether any of them holds."""
    return reduce(or_, some)
