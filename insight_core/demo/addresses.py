"""Addresses: handed out once each, but houses with several flats give the same one to several households."""

from dataclasses import dataclass, field

import numpy as np

from insight_core.demo.chance import Ints, Rng, Words, words
from insight_core.demo.pools import COUNTRIES, TOWNS_PER_COUNTRY, Pools

FLAT_SHARE = 0.12


@dataclass
class Addresses:
    """Every address by its id: street, number and town as positions in the pools."""

    pools: Pools
    street: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    number: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    town: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int32))

    def new(self, rng: Rng, towns: Ints) -> Ints:
        """Ids of an address in each of the towns; some are another flat of a house that is known already."""
        first = len(self.town)
        ids = np.arange(first, first + len(towns), dtype=np.int32)
        sizes = np.array([len(one) for one in self.pools.streets])[towns // TOWNS_PER_COUNTRY]
        self.street = np.concatenate([self.street, (rng.random(len(towns)) * sizes).astype(np.int32)])
        self.number = np.concatenate([self.number, rng.integers(1, 140, len(towns), dtype=np.int32)])
        self.town = np.concatenate([self.town, towns.astype(np.int32)])
        return self._flats(rng, ids)

    def _flats(self, rng: Rng, ids: Ints) -> Ints:
        """Some of the ids replaced by a known address in the same town."""
        order = np.argsort(self.town, kind="stable")
        starts = np.searchsorted(self.town[order], self.town[ids], side="left")
        ends = np.searchsorted(self.town[order], self.town[ids], side="right")
        other = order[starts + (rng.random(len(ids)) * (ends - starts)).astype(np.int64)]
        return np.where(rng.random(len(ids)) < FLAT_SHARE, other, ids).astype(np.int32)

    def streets(self) -> Words:
        """Street and number of every address, as its country writes them."""
        made = np.empty(len(self.town), dtype=object)
        for position, country in enumerate(COUNTRIES):
            here = np.flatnonzero(self.town // TOWNS_PER_COUNTRY == position)
            names, numbers = self.pools.streets[position][self.street[here]], self.number[here]
            pairs = zip(names, numbers, strict=True)
            made[here] = words([f"{name} {n}" if country == "DE" else f"{n} {name}" for name, n in pairs])
        return made


def town_near(rng: Rng, towns: Ints, far_share: float) -> Ints:
    """The same town, or for the far share another one of the same country."""
    country = towns // TOWNS_PER_COUNTRY
    other = country * TOWNS_PER_COUNTRY + rng.integers(0, TOWNS_PER_COUNTRY, len(towns))
    return np.where(rng.random(len(towns)) < far_share, other, towns).astype(np.int32)


def next_town(towns: Ints) -> Ints:
    """Another town of the same country."""
    first = towns // TOWNS_PER_COUNTRY * TOWNS_PER_COUNTRY
    return (first + (towns - first + 1) % TOWNS_PER_COUNTRY).astype(np.int32)
