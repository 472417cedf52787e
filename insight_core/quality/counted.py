"""The fields that count for a purpose, each with its weight: what every score adds up."""

from functools import cache, lru_cache
from typing import NamedTuple

from insight_core.catalogue import FACETS, Field, fields, purpose
from insight_core.quality.applies import applies, expected
from insight_core.quality.state import NOTHING_KNOWN, State, States

OVERALL = "overall"
GROUPS = (OVERALL, *FACETS)


class Counted(NamedTuple):
    """A field with its weight for the purpose, its state, and whether a gap in it would count or a value is there."""

    field: Field
    weight: int
    state: State
    expected: bool
    present: bool


@cache
def weighed(purpose_name: str) -> tuple[tuple[Field, int], ...]:
    """The fields that carry points for a purpose, in catalogue order; raises NotFound for the purpose."""
    chosen = purpose(purpose_name).name
    return tuple((one, one.weights[chosen]) for one in fields() if one.weights.get(chosen, 0) > 0)


def weights(purpose_name: str) -> dict[str, int]:
    """The points by field for a purpose; raises NotFound for the purpose."""
    return {one.name: weight for one, weight in weighed(purpose_name)}


def counted(states: States, kind: str | None, purpose_name: str) -> list[Counted]:
    """The fields that carry points for the purpose and apply to the kind, with their states.

    Raises NotFound for an unknown purpose.
    """
    return [
        Counted(one.field, one.weight, state, one.expected, True) if (state := states.get(one.field.name)) else one
        for one in _nothing_known(kind, purpose_name)
    ]


@lru_cache(maxsize=256)
def _nothing_known(kind: str | None, purpose_name: str) -> tuple[Counted, ...]:
    return tuple(
        Counted(one, weight, NOTHING_KNOWN, expected(one.name, kind), False)
        for one, weight in weighed(purpose_name)
        if applies(one.name, kind)
    )


def part(weight: int, total: int) -> str:
    """So much of all the points, as people read it."""
    return f"{weight / total:.0%}"


@cache
def points(purpose_name: str, kind: str | None, group: str = OVERALL) -> int:
    """All the points that a full profile of that kind has for the purpose, overall or in one facet."""
    return sum(
        weight for one, weight in weighed(purpose_name) if expected(one.name, kind) and group in (OVERALL, one.facet)
    )
