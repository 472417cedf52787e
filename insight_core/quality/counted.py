"""The fields that count for a purpose, each with its weight: what every score adds up."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from insight_core.catalogue import FACETS, Field, fields, purpose
from insight_core.quality.applies import applies, expected
from insight_core.quality.state import State, States

OVERALL = "overall"
GROUPS = (OVERALL, *FACETS)


class Weighed(NamedTuple):
    """A field that carries points for a purpose: its place in the catalogue, and whether a gap in it would count.

    `gap` is how that gap is told among the fields that it was weighed with.
    """

    field: Field
    weight: int
    place: int
    expected: bool
    gap: str


Known = tuple[Weighed, State]


class Counted(NamedTuple):
    """One profile, overall or in one facet: what is known in catalogue order, the gaps that count, and all points.

    The weightiest gap comes first; `total` are the points of a full profile.
    """

    known: Sequence[Known]
    gaps: Sequence[Weighed]
    total: int


class _Sheet(NamedTuple):
    """The fields of one group before anything is known: in catalogue order, and those whose gaps count by weight."""

    fields: dict[str, Weighed]
    wanted: dict[str, Weighed]
    total: int


@cache
def weighed(purpose_name: str) -> tuple[tuple[Field, int], ...]:
    """The fields that carry points for a purpose, in catalogue order; raises NotFound for the purpose."""
    chosen = purpose(purpose_name).name
    return tuple((one, one.weights[chosen]) for one in fields() if one.weights.get(chosen, 0) > 0)


def weights(purpose_name: str) -> dict[str, int]:
    """The points by field for a purpose; raises NotFound for the purpose."""
    return {one.name: weight for one, weight in weighed(purpose_name)}


def counted(states: States, kind: str | None, purpose_name: str) -> dict[str, Counted]:
    """By group, what is known and missing of the fields that carry points for the purpose and apply to the kind.

    Raises NotFound for an unknown purpose.
    """
    sheets = _sheets(kind, purpose_name)
    known: dict[str, list[Known]] = {group: [] for group in GROUPS}
    known[OVERALL] = [(one, states[name]) for name, one in sheets[OVERALL].fields.items() if name in states]
    for pair in known[OVERALL]:
        known[pair[0].field.facet].append(pair)
    return {
        group: Counted(known[group], [one for name, one in sheet.wanted.items() if name not in states], sheet.total)
        for group, sheet in sheets.items()
    }


@lru_cache(maxsize=256)
def _sheets(kind: str | None, purpose_name: str) -> dict[str, _Sheet]:
    return {group: _sheet(kind, purpose_name, group) for group in GROUPS}


def _sheet(kind: str | None, purpose_name: str, group: str) -> _Sheet:
    total = points(purpose_name, kind, group)
    found = {
        one.name: Weighed(one, weight, place, expected(one.name, kind), _gap(one, weight, total))
        for place, (one, weight) in enumerate(weighed(purpose_name))
        if applies(one.name, kind) and group in (OVERALL, one.facet)
    }
    heaviest = sorted(found.values(), key=lambda one: one.weight, reverse=True)
    return _Sheet(found, {one.field.name: one for one in heaviest if one.expected}, total)


def _gap(one: Field, weight: int, total: int) -> str:
    return f"{one.name} is missing: {part(weight, total)} of what is needed" if total else ""


def part(weight: int, total: int) -> str:
    """So much of all the points, as people read it."""
    return f"{weight / total:.0%}"


@cache
def points(purpose_name: str, kind: str | None, group: str = OVERALL) -> int:
    """All the points that a full profile of that kind has for the purpose, overall or in one facet."""
    return sum(
        weight for one, weight in weighed(purpose_name) if expected(one.name, kind) and group in (OVERALL, one.facet)
    )
