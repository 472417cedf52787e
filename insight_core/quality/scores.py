"""Completeness, freshness, accuracy and lawfulness of one profile, each with its reasons.

Over the fields that carry points for the purpose and apply to the customer:

    completeness  points of the fields present / points of the fields expected
    freshness     mean freshness of the dated values that age, by points
    accuracy      points of the present fields that are valid and unopposed / points present
    lawful        points of the present fields that the gate lets out / points present

A score is None where there is nothing to divide by, and withheld where the purpose may see none of the fields: how much
of them is known, and how old it is, would tell of them. Every figure is an integer of 1e-6 until the last step, so that
it hashes the same wherever it was made.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter

from insight_core.quality.counted import OVERALL, Counted, Known
from insight_core.records.datasets import MICRO
from insight_core.records.results import WITHHELD, Score

SCORES = ("completeness", "freshness", "accuracy", "lawful")
_SHOWN = 3

# What many groups of a profile come to, made once.
_NOTHING_APPLIES = Score(None, ("no field of it applies to this customer and purpose",))
_NOTHING_DATED = Score(None, ("no dated value that ages is known",))
_NOTHING_TO_JUDGE = Score(None, ("nothing is known that could be judged",))
_NOTHING_TO_USE = Score(None, ("nothing is known that could be used",))
_ALL_VALID = Score(1.0, ("every known value is valid and unopposed",))
_ALL_LAWFUL = Score(1.0, ("every known value may be used for it",))

Told = Callable[[Known], str]


def scores(everything: Mapping[str, Counted], withheld: Mapping[str, str] | None = None) -> dict[str, dict[str, Score]]:
    """The four scores overall and per facet: `{"overall": {"completeness": Score, ...}, "identity": ...}`.

    `everything` is what `counted` gives. `withheld` gives the reason for each field that the gate refuses, or must
    ask about first. Reasons name fields and figures, never values.
    """
    held = withheld or {}
    if whole := _all_withheld(everything[OVERALL], held):
        # Facets that fit another kind of customer are told alike: the kind is withheld too.
        return dict.fromkeys(everything, whole)
    return {group: _all_withheld(mine, held) or _four(mine, held) for group, mine in everything.items()}


def micro(score: Score) -> int | None:
    """A score as the integer of 1e-6 that is stored and hashed."""
    return None if score.value is None else round(score.value * MICRO)


def rounded(part: int, whole: int) -> int:
    """The integer nearest to part / whole; halves go up."""
    return (2 * part + whole) // (2 * whole)


def _all_withheld(group: Counted, withheld: Mapping[str, str]) -> dict[str, Score] | None:
    """The four scores of a group of which nothing may be seen; None where something may."""
    names = [*(one.field.name for one, _ in group.known), *(one.field.name for one in group.gaps)]
    if not names or not withheld.keys() >= set(names):
        return None
    why, _ = Counter(withheld[name] for name in names).most_common(1)[0]
    return dict.fromkeys(SCORES, Score(None, (f"{WITHHELD}{why}",)))


def _four(group: Counted, withheld: Mapping[str, str]) -> dict[str, Score]:
    return {
        "completeness": _completeness(group),
        "freshness": _freshness(group.known, withheld),
        "accuracy": _accuracy(group.known, withheld),
        "lawful": _lawful(group.known, withheld),
    }


def _completeness(group: Counted) -> Score:
    if not group.total:
        return _NOTHING_APPLIES
    reached = sum([one.weight for one, _ in group.known if one.expected])
    shown = [one.gap for one in group.gaps[:_SHOWN]] or ["all that is needed is known"]
    return _score(reached * MICRO, group.total, shown, len(group.gaps))


def _freshness(known: Sequence[Known], withheld: Mapping[str, str]) -> Score:
    dated = [(one, state, state.micro) for one, state in known if state.micro is not None]
    if not dated:
        return _NOTHING_DATED
    worst = [(one.weight * (left - MICRO), (one, state)) for one, state, left in dated if left < MICRO]
    aged = [pair for _, pair in sorted(worst, key=itemgetter(0))]
    shown, more = _seen(aged, withheld, _aged, "every dated value is of today")
    left = sum([one.weight * left for one, _, left in dated])
    return _score(left, sum([one.weight for one, *_ in dated]), shown, more)


def _accuracy(known: Sequence[Known], withheld: Mapping[str, str]) -> Score:
    if not known:
        return _NOTHING_TO_JUDGE
    doubted = [pair for pair in known if pair[1].name in ("invalid", "conflicting")]
    if not doubted:
        return _ALL_VALID
    shown, more = _seen(_heaviest(doubted), withheld, _doubted, "")
    return _score(*_without(doubted, known), shown, more)


def _lawful(known: Sequence[Known], withheld: Mapping[str, str]) -> Score:
    if not known:
        return _NOTHING_TO_USE
    held = [pair for pair in known if pair[0].field.name in withheld]
    if not held:
        return _ALL_LAWFUL
    shown = [f"{one.field.name}: {withheld[one.field.name]}" for one, _ in _heaviest(held)[:_SHOWN]]
    return _score(*_without(held, known), shown, len(held))


def _seen(some: list[Known], withheld: Mapping[str, str], told: Told, otherwise: str) -> tuple[list[str], int]:
    """The first that may be told of, in words, and how many reasons there are.

    How old or how wrong a withheld value is would already tell of it: they are one reason together.
    """
    seen = [pair for pair in some if pair[0].field.name not in withheld]
    held = len(some) - len(seen)
    shown = [told(pair) for pair in seen[:_SHOWN]] or ([] if held else [otherwise])
    if held and len(shown) < _SHOWN:
        shown.append(f"{held} withheld field{'s' if held > 1 else ''}")
    return shown, len(seen) + (held > 0)


def _aged(pair: Known) -> str:
    one, state = pair
    return f"{one.field.name}: {state.days} days old, half-life {one.field.half_life_days} days"


def _doubted(pair: Known) -> str:
    one, state = pair
    return f"{one.field.name}: {state.reason}"


def _score(part: int, whole: int, shown: list[str], reasons: int) -> Score:
    """The score with the first of so many reasons."""
    more = [f"and {reasons - _SHOWN} more"] if reasons > _SHOWN else []
    return Score(rounded(part, whole) / MICRO, (*shown, *more))


def _heaviest(some: list[Known]) -> list[Known]:
    return sorted(some, key=lambda pair: pair[0].weight, reverse=True)


def _without(lost: list[Known], known: Sequence[Known]) -> tuple[int, int]:
    """The points of the known fields but for the lost ones, in 1e-6, and of all of them."""
    total = sum([one.weight for one, _ in known])
    return (total - sum([one.weight for one, _ in lost])) * MICRO, total
