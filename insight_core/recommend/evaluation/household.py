"""Households: pairs of people that live together, ours beside surname and address and beside the true rates."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight_core.recommend.evaluation.base import Base
from insight_core.recommend.evaluation.figure import Figure, figure
from insight_core.recommend.evaluation.pairs import groups, most_f1, pairs_within, pairwise_f1
from insight_core.recommend.evaluation.plain import one_slip, plain_values
from insight_core.recommend.evaluation.world_truth import WorldTruth

Array = NDArray[Any]
YEAR = 365 * 86_400
TOLD = ("customer_id", "household_id", "family_name", "street", "street__at", "postal_code", "city")


def household_f1(truth: WorldTruth, base: Base) -> Figure:
    """Pairwise F1 of people that are one household at the end; each counts once, who is in none is alone.

    naive: the same surname, street and place. ours: the same `household_id`. oracle: pairs in the same street (or
    one letter off, with one surname) that no place contradicts, where the chance that such a pair is one household,
    by surname shared or not and by the age of the older address, is above the threshold with the highest expected F1.
    """
    who = truth.once(base, "person")
    people = base.snapshot[list(TOLD)].merge(who, on="customer_id", suffixes=("", "_true"))
    if people.empty:
        return figure(None, None, None)
    true = pd.factorize(people["household_id_true"])[0]
    home, surname = _homes(people), plain_values("family_name", people["family_name"])
    ours = _labels(people["household_id"].to_numpy(dtype=object))
    naive = _labels(_both(home, surname))
    return figure(*(pairwise_f1(said, true) for said in (ours, naive, _likeliest(truth, people, surname))))


def _homes(people: pd.DataFrame) -> Array:
    street = plain_values("street", people["street"])
    postal, city = plain_values("postal_code", people["postal_code"]), plain_values("city", people["city"])
    return _both(street, np.where([one is not None for one in postal], postal, city))


def _both(first: Array, second: Array) -> Array:
    pairs = zip(first, second, strict=True)
    made = np.empty(len(first), dtype=object)
    made[:] = [None if one is None or other is None else f"{one}|{other}" for one, other in pairs]
    return made


def _labels(blocks: Array) -> Array:
    """Group numbers; whoever has no label is a group alone."""
    codes = pd.factorize(blocks)[0]
    return np.where(codes < 0, len(codes) + np.arange(len(codes)), codes)


def _likeliest(truth: WorldTruth, people: pd.DataFrame, surname: Array) -> Array:
    first, second = _candidates(people, surname)
    at = people["street__at"].astype("float64").fillna(truth.now).to_numpy()
    years = ((truth.now - np.minimum(at[first], at[second])) // YEAR).astype(int)
    chances = _chances(truth)
    shared = surname[first] == surname[second]
    claimed = most_f1(chances[np.clip(years, 0, len(chances) - 1), shared.astype(int)])
    return groups(len(people), first[claimed], second[claimed])


def _candidates(people: pd.DataFrame, surname: Array) -> tuple[Array, Array]:
    """Pairs in one street and number, or nearly so with one surname and place, whose places do not contradict."""
    street, city = plain_values("street", people["street"]), plain_values("city", people["city"])
    postal = plain_values("postal_code", people["postal_code"])
    blocks = (street, _both(surname, postal), _both(surname, city))
    pairs = np.unique(np.concatenate([np.column_stack(pairs_within(block)) for block in blocks]), axis=0)
    first, second = pairs[:, 0], pairs[:, 1]
    near = [a is not None and b is not None and (a == b or one_slip(a, b)) for a, b in street[pairs]]
    differ = [(one[first] != one[second]) & _told(one, first, second) for one in (postal, city)]
    met = [(one[first] == one[second]) & _told(one, first, second) for one in (postal, city)]
    keep = np.array(near, dtype=bool) & (met[0] | met[1] | ~(differ[0] | differ[1]))
    return first[keep], second[keep]


def _told(values: Array, first: Array, second: Array) -> Array:
    known = np.array([one is not None for one in values], dtype=bool)
    return known[first] & known[second]


def _chances(truth: WorldTruth) -> Array:
    """The chance by years and by surname shared (1) or not (0)."""
    made = np.zeros((truth.rates["params"]["years"], 2))
    for case in truth.rates["household"]:
        made[case["years"], case["shared_name"]] = (case["together"] + 0.5) / (case["pairs"] + 1)
    return made
