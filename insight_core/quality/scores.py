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
from datetime import datetime
from itertools import islice

from insight_core.quality.cell import Cells
from insight_core.quality.counted import GROUPS, OVERALL, Counted, counted
from insight_core.records.datasets import MICRO
from insight_core.records.results import Score

SCORES = ("completeness", "freshness", "accuracy", "lawful")
_SHOWN = 3


def scores(
    cells: Cells, kind: str | None, purpose: str, now: datetime, withheld: Mapping[str, str] | None = None
) -> dict[str, dict[str, Score]]:
    """The four scores overall and per facet: `{"overall": {"completeness": Score, ...}, "identity": ...}`.

    `withheld` gives the reason for each field that the gate refuses, or must ask about first.
    Reasons name fields and figures, never values. Raises NotFound for an unknown purpose.
    """
    everything = counted(cells, kind, purpose, now)
    return {group: _four(_within(everything, group), withheld or {}) for group in GROUPS}


def micro(score: Score) -> int | None:
    """A score as the integer of 1e-6 that is stored and hashed."""
    return None if score.value is None else round(score.value * MICRO)


def rounded(part: int, whole: int) -> int:
    """The integer nearest to part / whole; halves go up."""
    return (2 * part + whole) // (2 * whole)


def _within(everything: list[Counted], group: str) -> list[Counted]:
    return [one for one in everything if group in (OVERALL, one.field.facet)]


def _four(group: list[Counted], withheld: Mapping[str, str]) -> dict[str, Score]:
    present = [one for one in group if one.present]
    return {
        "completeness": _completeness(group),
        "freshness": _freshness(present, withheld),
        "accuracy": _accuracy(present, withheld),
        "lawful": _lawful(present, withheld),
    }


def _completeness(group: list[Counted]) -> Score:
    wanted = [one for one in group if one.expected]
    if not wanted:
        return Score(None, ("no field of it applies to this customer and purpose",))
    missing = _heaviest(one for one in wanted if not one.present)
    filled, total = _points(one for one in wanted if one.present), _points(wanted)
    because = [f"{one.field.name} is missing: {one.weight} of {total} points" for one in missing]
    return _score(filled * MICRO, total, because, f"all {total} points are filled")


def _freshness(present: list[Counted], withheld: Mapping[str, str]) -> Score:
    dated = [(one, one.state.micro) for one in present if one.state.micro is not None]
    if not dated:
        return Score(None, ("no dated value that ages is known",))
    worst = sorted(dated, key=lambda pair: pair[0].weight * (pair[1] - MICRO))
    because = _shown_of([one for one, left in worst if left < MICRO], withheld, _aged)
    left = sum(one.weight * left for one, left in dated)
    return _score(left, _points(one for one, _ in dated), because, "every dated value is of today")


def _accuracy(present: list[Counted], withheld: Mapping[str, str]) -> Score:
    if not present:
        return Score(None, ("nothing is known that could be judged",))
    doubted = [one for one in present if one.state.name in ("invalid", "conflicting")]
    because = _shown_of(_heaviest(doubted), withheld, lambda one: f"{one.field.name}: {one.state.reason}")
    sound = _points(present) - _points(doubted)
    return _score(sound * MICRO, _points(present), because, "every known value is valid and unopposed")


def _lawful(present: list[Counted], withheld: Mapping[str, str]) -> Score:
    if not present:
        return Score(None, ("nothing is known that could be used",))
    held = [one for one in present if one.field.name in withheld]
    because = [f"{one.field.name}: {withheld[one.field.name]}" for one in _heaviest(held)]
    allowed = _points(present) - _points(held)
    return _score(allowed * MICRO, _points(present), because, "every known value may be used for it")


def _shown_of(some: list[Counted], withheld: Mapping[str, str], told: Callable[[Counted], str]) -> list[str]:
    """The reasons of these fields; how old or how wrong a withheld value is would already tell of it."""
    seen = [told(one) for one in some if one.field.name not in withheld]
    held = len(some) - len(seen)
    return seen + ([f"{held} withheld field{'s' if held > 1 else ''}"] if held else [])


def _aged(one: Counted) -> str:
    return f"{one.field.name}: {one.state.days} days old, half-life {one.field.half_life_days} days"


def _score(part: int, whole: int, because: Sequence[str], otherwise: str) -> Score:
    shown = tuple(islice(because, _SHOWN)) or (otherwise,)
    more = (f"and {len(because) - _SHOWN} more",) if len(because) > _SHOWN else ()
    return Score(rounded(part, whole) / MICRO, shown + more)


def _heaviest(some: Iterable[Counted]) -> list[Counted]:
    return sorted(some, key=lambda one: -one.weight)


def _points(some: Iterable[Counted]) -> int:
    return sum(one.weight for one in some)
