"""Completeness, freshness, accuracy and lawfulness of one profile, each with its reasons.

Over the fields that carry points for the purpose and apply to the customer:

    completeness  points of the fields present / points of the fields expected
    freshness     mean freshness of the dated values that age, by points
    accuracy      points of the present fields that are valid and unopposed / points present
    lawful        points of the present fields that the gate lets out / points present

A score is None where there is nothing to divide by. Every figure is an integer of 1e-6 until
the last step, so that it hashes the same wherever it was made.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from insight_core.catalogue import FACETS
from insight_core.quality.counted import OVERALL, Counted, part
from insight_core.records.datasets import MICRO
from insight_core.records.results import Score

SCORES = ("completeness", "freshness", "accuracy", "lawful")
_SHOWN = 3
_WEIGHT: Callable[[Counted], int] = attrgetter("weight")


def scores(everything: Sequence[Counted], withheld: Mapping[str, str] | None = None) -> dict[str, dict[str, Score]]:
    """The four scores overall and per facet: `{"overall": {"completeness": Score, ...}, "identity": ...}`.

    `everything` is what `counted` gives. `withheld` gives the reason for each field that the gate refuses, or must
    ask about first. Reasons name fields and figures, never values.
    """
    groups: dict[str, list[Counted]] = {OVERALL: [*everything], **{facet: [] for facet in FACETS}}
    for one in everything:
        groups[one.field.facet].append(one)
    return {group: _four(mine, withheld or {}) for group, mine in groups.items()}


def micro(score: Score) -> int | None:
    """A score as the integer of 1e-6 that is stored and hashed."""
    return None if score.value is None else round(score.value * MICRO)


def rounded(part: int, whole: int) -> int:
    """The integer nearest to part / whole; halves go up."""
    return (2 * part + whole) // (2 * whole)


def _four(group: list[Counted], withheld: Mapping[str, str]) -> dict[str, Score]:
    present = [one for one in group if one.present]
    return {
        "completeness": _completeness(group),
        "freshness": _freshness(present, withheld),
        "accuracy": _accuracy(present, withheld),
        "lawful": _lawful(present, withheld),
    }


class _Because(NamedTuple):
    """The fields that a score hangs on, the weightiest first, and how one of them is told; `held` more are withheld."""

    fields: Sequence[Counted]
    told: Callable[[Counted], str]
    held: int = 0


def _completeness(group: list[Counted]) -> Score:
    wanted = [one for one in group if one.expected]
    if not wanted:
        return Score(None, ("no field of it applies to this customer and purpose",))
    missing, total = _heaviest(one for one in wanted if not one.present), _points(wanted)
    because = _Because(missing, lambda one: f"{one.field.name} is missing: {part(one.weight, total)} of what is needed")
    return _score((total - _points(missing)) * MICRO, total, because, "all that is needed is known")


def _freshness(present: list[Counted], withheld: Mapping[str, str]) -> Score:
    dated = [(one, one.state.micro) for one in present if one.state.micro is not None]
    if not dated:
        return Score(None, ("no dated value that ages is known",))
    worst = sorted(dated, key=lambda pair: pair[0].weight * (pair[1] - MICRO))
    because = _seen([one for one, left in worst if left < MICRO], withheld, _aged)
    left = sum(one.weight * left for one, left in dated)
    return _score(left, _points(one for one, _ in dated), because, "every dated value is of today")


def _accuracy(present: list[Counted], withheld: Mapping[str, str]) -> Score:
    if not present:
        return Score(None, ("nothing is known that could be judged",))
    doubted = [one for one in present if one.state.name in ("invalid", "conflicting")]
    because = _seen(_heaviest(doubted), withheld, lambda one: f"{one.field.name}: {one.state.reason}")
    total = _points(present)
    return _score((total - _points(doubted)) * MICRO, total, because, "every known value is valid and unopposed")


def _lawful(present: list[Counted], withheld: Mapping[str, str]) -> Score:
    if not present:
        return Score(None, ("nothing is known that could be used",))
    held = [one for one in present if one.field.name in withheld]
    because = _Because(_heaviest(held), lambda one: f"{one.field.name}: {withheld[one.field.name]}")
    total = _points(present)
    return _score((total - _points(held)) * MICRO, total, because, "every known value may be used for it")


def _seen(some: list[Counted], withheld: Mapping[str, str], told: Callable[[Counted], str]) -> _Because:
    """Those that may be told of; how old or how wrong a withheld value is would already tell of it."""
    seen = [one for one in some if one.field.name not in withheld]
    return _Because(seen, told, len(some) - len(seen))


def _aged(one: Counted) -> str:
    return f"{one.field.name}: {one.state.days} days old, half-life {one.field.half_life_days} days"


def _score(part: int, whole: int, because: _Because, otherwise: str) -> Score:
    """The score with its first reasons; only those are put into words."""
    fields, told, held = because
    shown = [told(one) for one in fields[:_SHOWN]] or ([] if held else [otherwise])
    if held and len(shown) < _SHOWN:
        shown.append(f"{held} withheld field{'s' if held > 1 else ''}")
    more = len(fields) + (held > 0) - _SHOWN
    return Score(rounded(part, whole) / MICRO, (*shown, f"and {more} more") if more > 0 else tuple(shown))


def _heaviest(some: Iterable[Counted]) -> list[Counted]:
    return sorted(some, key=_WEIGHT, reverse=True)


def _points(some: Iterable[Counted]) -> int:
    return sum(map(_WEIGHT, some))
