"""Chance that can be repeated: one named stream of random numbers per part of the world."""

from collections.abc import Mapping
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

# What an array holds is said for the reader: numpy's own types get lost in most of its functions.
Ints = NDArray[Any]
Floats = NDArray[Any]
Bools = NDArray[Any]
Words = NDArray[Any]
Rng = np.random.Generator


def stream(seed: int, name: str) -> Rng:
    """The generator of one part, so that a part that draws more leaves the others alone."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32(name.encode())])))


def pick(rng: Rng, weights: Mapping[str, float], size: int) -> Ints:
    """Positions of the names, drawn by weight."""
    mass = np.cumsum(np.array(list(weights.values()), dtype=float))
    if mass[-1] <= 0:
        return np.zeros(size, dtype=np.int8)
    return np.searchsorted(mass / mass[-1], rng.random(size), side="right").astype(np.int8)


def monthly(yearly: float | Floats) -> Any:
    """The chance a month that makes up a chance a year."""
    return 1 - (1 - np.minimum(yearly, 0.999999)) ** (1 / 12)


def words(names: Any) -> Words:
    """Names as an array of objects that can be taken by position."""
    made = np.empty(len(names), dtype=object)
    made[:] = list(names)
    return made


def spread(counts: Ints) -> Ints:
    """Each position as often as its count says: [2, 0, 1] gives [0, 0, 2]."""
    return np.repeat(np.arange(len(counts)), counts)
