"""Arguments: which of a card's reasons carries its advice, and which are told so that none is told twice."""

import re
from collections.abc import Iterable, Sequence

from app.reasons import DOUBTED, LITTLE, MAY, Reason

_UNCHOSEN = ("runner-up", "the only eligible one", "tried on purpose")


def carrying(some: Sequence[Reason]) -> Reason | None:
    """The reason that speaks most for what was chosen; None where there is none."""
    return max((one for one in some if _speaks_for(one)), key=_weight, default=None)


def _speaks_for(one: Reason) -> bool:
    """Whether it is for what was chosen: contacts that went badly are not, nor that nothing was chosen at all."""
    return one["fact"] not in _UNCHOSEN and (one["fact"] != "own contacts" or _weight(one) > 0)


def _weight(one: Reason) -> float:
    return max(float(one.get("weight") or 0), 0.0)


def tried(some: Iterable[Reason]) -> bool:
    """Whether the channel was not chosen as the best but tried, so that we learn."""
    return any(one["fact"] == "tried on purpose" for one in some)


def each_once(some: Sequence[Reason]) -> list[Reason]:
    """The reasons without a runner-up of which another one says the same: that it may be better, but who knows."""
    doubted = {one["dimension"]: MAY.fullmatch(str(one["value"])) for one in some if one["fact"] == DOUBTED}
    return [one for one in some if not _said_already(one, doubted.get(one["dimension"]))]


def _said_already(one: Reason, doubted: re.Match[str] | None) -> bool:
    little = LITTLE.fullmatch(str(one["value"])) if one["fact"] == "runner-up" else None
    return bool(little and doubted and little[1] == doubted[1])
