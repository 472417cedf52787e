"""Circles: people of one town and one interest who call and write to each other."""

from dataclasses import dataclass

import numpy as np

from insight_core.demo.chance import Bools, Ints, spread, stream
from insight_core.demo.contacts import DAY, active_days
from insight_core.demo.lives import Lives


@dataclass(frozen=True)
class Calls:
    """One entry per call or message among customers, by time; `seconds` is -1 for a message."""

    caller: Ints
    called: Ints
    at: Ints
    is_call: Bools
    seconds: Ints


def circles(seed: int, lives: Lives) -> Ints:
    """The circle of every person: neighbours in a list sorted by town and interest."""
    rng, count = stream(seed, "circles"), lives.people.size
    town = lives.addresses.town[lives.past["address"][0, :count]]
    order = np.lexsort((rng.random(count), lives.past["first_interest"][0, :count], town))
    made = np.empty(count, dtype=np.int64)
    made[order] = np.arange(count) // lives.params.circle_size
    return made


def calls(seed: int, lives: Lives, circle: Ints) -> Calls:
    """Every call and message; those whose circle is only themselves reach nobody."""
    rng, count = stream(seed, "calls"), len(circle)
    first, last = (days[:count] for days in active_days(lives))
    caller = spread(rng.poisson(lives.params.circle_calls_a_year * (last - first + 1) / 365.25))
    order = np.argsort(circle, kind="stable")
    starts = np.searchsorted(circle[order], circle[caller], side="left")
    sizes = np.searchsorted(circle[order], circle[caller], side="right") - starts
    called = order[starts + (rng.random(len(caller)) * sizes).astype(np.int64)]
    day = first[caller] + (rng.random(len(caller)) * (last - first + 1)[caller]).astype(np.int64)
    ok = called != caller
    caller, called, day = caller[ok], called[ok], day[ok]
    by_time = np.lexsort((called, caller, day))
    is_call = rng.random(len(day)) < 0.6
    seconds = np.where(is_call, np.exp(rng.normal(4.8, 1.0, len(day))).astype(np.int64) + 1, -1)
    at = day * DAY + rng.integers(6 * 3600, 23 * 3600, len(day))
    return Calls(caller[by_time], called[by_time], at[by_time], is_call, seconds)
