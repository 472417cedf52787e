"""Alike: when two records say the same of a field."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from ibis.expr.types import BooleanValue, Value

from insight_core.catalogue import Field
from insight_core.records.letters import lowered


def small(text: Value) -> Value:
    """Text as it is compared: without case and outer blanks."""
    return lowered(text.strip())


def differ(field: Field, one: Value, other: Value) -> BooleanValue:
    """Whether both say something of the field, and not the same; telephone numbers go by their digits."""
    unlike = one != other
    if field.type in ("text", "choice", "list"):
        # +49 151/94400004 and +49 151 94400004 are one number.
        as_compared = _digits if field.name == "phone" else small
        # most say the same to the letter: nothing has to be made small to see that
        unlike = unlike.ifelse(as_compared(one) != as_compared(other), False)
    return unlike.fill_null(False)


def _digits(text: Value) -> Value:
    return text.re_replace("[^0-9]", "")


def any_of(some: Iterable[BooleanValue]) -> BooleanValue:
    """Whether any of them holds."""
    return reduce(or_, some)
