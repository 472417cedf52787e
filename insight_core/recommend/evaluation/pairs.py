"""Pairs: F1 over pairs that belong together, groups made of pairs, and the best threshold of a forecast."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[Any]


def pairwise_f1(said: Array, true: Array) -> float | None:
    """F1 over pairs: of all pairs with one label in `said`, and those with one in `true`; None without any."""
    table = pd.DataFrame({"said": said, "true": true})
    both = _pairs(table.groupby(["said", "true"]).size().to_numpy())
    claimed = _pairs(table.groupby("said").size().to_numpy())
    real = _pairs(table.groupby("true").size().to_numpy())
    return f1(both, claimed, real)


def f1(both: float, claimed: float, real: float) -> float | None:
    """F1 of counts: right claims, all claims, all that is real; None with neither a claim nor anything real."""
    return 2 * both / (claimed + real) if claimed + real else None


def groups(size: int, first: Array, second: Array) -> Array:
    """The connected groups of `size` things joined by pairs: each gets the smallest position of its group."""
    label = np.arange(size)
    while len(first):
        low = np.minimum(label[first], label[second])
        before = label.copy()
        np.minimum.at(label, first, low)
        np.minimum.at(label, second, low)
        label = label[label]
        if np.array_equal(before, label):
            break
    return label


def most_f1(chances: Array) -> Array:
    """Which of the forecasts to claim so that the expected F1 is highest: those above the best threshold.

    The expected F1 of claiming the k likeliest is taken as 2 (sum of their chances) / (k + sum of all chances):
    Lipton, Elkan and Naryanaswamy, "Optimal Thresholding of Classifiers to Maximize F1 Measure", 2014.
    """
    order = np.argsort(-chances, kind="stable")
    expected = 2 * np.cumsum(chances[order]) / (np.arange(1, len(chances) + 1) + chances.sum())
    claimed = np.zeros(len(chances), dtype=bool)
    if len(chances):
        claimed[order[: int(np.argmax(expected)) + 1]] = True
    return claimed


def pairs_within(blocks: Array, largest: int = 50) -> tuple[Array, Array]:
    """Every pair of positions that share a block (a label; None joins nobody); blocks above `largest` say nothing."""
    codes = pd.factorize(blocks)[0]
    known = np.flatnonzero(codes >= 0)
    order = known[np.argsort(codes[known], kind="stable")]
    sizes = np.bincount(codes[known], minlength=int(codes.max(initial=0)) + 1)
    order = order[sizes[codes[order]] <= largest]
    firsts, seconds = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for step in range(1, largest):
        same = codes[order[step:]] == codes[order[:-step]]
        firsts.append(order[:-step][same])
        seconds.append(order[step:][same])
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    return np.minimum(first, second), np.maximum(first, second)


def _pairs(sizes: Array) -> float:
    whole = sizes.astype(np.int64)
    return float((whole * (whole - 1) // 2).sum())
