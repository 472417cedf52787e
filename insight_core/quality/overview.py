"""The state of the whole base on one page: mean scores, shares of states, counts by kind and stage.

Everything here is a sum over customers, so that the sums of parts of the base add up to those of
the whole: `shares` counts them, `told` says what they mean. A cell is in exactly one of the states
filled (nothing has to be done), stale, missing, conflicting and invalid.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from insight_core.quality.counted import GROUPS
from insight_core.quality.scores import SCORES, rounded
from insight_core.quality.shares import STATES
from insight_core.records.datasets import MICRO

Sums = Mapping[str, Mapping[str, int]]


def told(sums: Sums) -> dict[str, Any]:
    """What the sums by group mean.

    `scores` holds per group (overall and each facet) the mean of each score over the customers that
    have one, None where nobody has; `states` holds per group the shares of cells that are filled,
    stale, missing, conflicting and invalid, which add up to 1.
    """
    return {
        "scores": {group: {name: mean(sums.get(group, {}), name) for name in SCORES} for group in GROUPS},
        "states": {group: _shares(sums.get(group, {})) for group in GROUPS},
    }


def mean(sums: Mapping[str, int], name: str) -> float | None:
    """The mean of one of the scores, None where nobody has one."""
    return _mean(sums.get(f"{name}_sum", 0), sums.get(f"{name}_count", 0))


def added(parts: Iterable[Sums]) -> dict[str, dict[str, int]]:
    """The sums of several parts of the base as one."""
    total: dict[str, dict[str, int]] = {}
    for part in parts:
        for group, sums in part.items():
            into = total.setdefault(group, {})
            for name, figure in sums.items():
                into[name] = into.get(name, 0) + figure
    return total


def _mean(total: int, count: int) -> float | None:
    return rounded(total, count) / MICRO if count else None


def _shares(sums: Mapping[str, int]) -> dict[str, float | None]:
    counts = {name: sums.get(f"{name}_cells", 0) for name in STATES}
    return {name: _mean(count * MICRO, sum(counts.values())) for name, count in counts.items()}
