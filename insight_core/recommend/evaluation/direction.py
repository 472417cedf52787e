"""Business direction: ours beside the newest change and beside the likelihood of the orders under the true rates."""

from math import lgamma
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight_core.recommend.evaluation.base import Base
from insight_core.recommend.evaluation.figure import Figure, figure
from insight_core.recommend.evaluation.world_truth import WorldTruth

Array = NDArray[Any]
MONTH = 365.25 * 86_400 / 12
QUARTER = 3
NAMES = ("growing", "flat", "shrinking")
# Months since a turn that the oracle tries.
TURNS = (6, 9, 12, 18, 24, 36, 48)


def business_direction_accuracy(truth: WorldTruth, base: Base) -> Figure:
    """Share of the organisations with an order whose direction at the end is told right; saying nothing is wrong.

    naive: the orders of the newest three months beside those of the three before, 10 % up or down. ours: the field
    `direction`. oracle: the likeliest one given the orders of every month as Poisson counts that grow by the true
    rates, with a turn at the true rate, the level unknown.
    """
    who = truth.once(base, "organisation", among=_orders(base)["customer_id"])
    firms = base.snapshot[["customer_id", "direction"]].merge(who, on="customer_id", suffixes=("", "_true"))
    if firms.empty:
        return figure(None, None, None)
    counts = _monthly(truth, base, firms["customer_id"].to_numpy(dtype=object))
    guesses = (firms["direction"].to_numpy(dtype=object), _newest(truth, counts), _likeliest(truth, counts))
    right = firms["direction_true"].to_numpy(dtype=object)
    return figure(*(float((guess == right).mean()) for guess in guesses))


def _orders(base: Base) -> pd.DataFrame:
    return base.usage[base.usage["kind"].isin(["order", "return"])]


def _monthly(truth: WorldTruth, base: Base, firms: Array) -> Array:
    """Orders by firm and month, the newest month last."""
    months = int(truth.rates["params"]["years"]) * 12
    orders = _orders(base)
    place = {firm: number for number, firm in enumerate(firms)}
    firm = orders["customer_id"].map(place)
    back = ((truth.now - orders["occurred_at"]) // MONTH).astype(int)
    here = firm.notna() & (back >= 0) & (back < months)
    counts = np.zeros((len(firms), months), dtype=np.int64)
    np.add.at(counts, (firm[here].astype(int).to_numpy(), months - 1 - back[here].to_numpy()), 1)
    return counts


def _newest(truth: WorldTruth, counts: Array) -> Array:
    last, before = counts[:, -QUARTER:].sum(axis=1), counts[:, -2 * QUARTER : -QUARTER].sum(axis=1)
    change = np.where(before > 0, last / np.maximum(before, 1) - 1, np.where(last > 0, 1.0, 0.0))
    rates = truth.rates["direction"]
    named = np.select([change >= rates["up"], change <= rates["down"]], ["growing", "shrinking"], "flat")
    return named.astype(object)


def _likeliest(truth: WorldTruth, counts: Array) -> Array:
    rates, months = truth.rates["direction"], counts.shape[1]
    yearly = min(max(rates["turn_rate"], 1e-6), 1 - 1e-6)
    started = np.where(counts.any(axis=1), (counts > 0).argmax(axis=1), months)
    scores = []
    for name in NAMES:
        kept = _fit(counts, rates, name, started) + months / 12 * np.log1p(-yearly)
        ways = [kept, *(_turned(counts, rates, name, started, back, yearly) for back in TURNS if back < months)]
        scores.append(np.log(rates["shares"][name] + 1e-9) + np.logaddexp.reduce(ways))
    return np.array(NAMES, dtype=object)[np.argmax(scores, axis=0)]


def _turned(counts: Array, rates: dict[str, Any], name: str, started: Array, back: int, yearly: float) -> Array:
    """The likelihood when the firm turned that many months ago from one of the other directions."""
    others = [other for other in NAMES if other != name]
    width = 6 / 12
    earlier = np.logaddexp.reduce([_fit(counts[:, :-back], rates, other, started) for other in others])
    now = _fit(counts[:, -back:], rates, name, started - (counts.shape[1] - back))
    return earlier - np.log(len(others)) + now + back / 12 * np.log1p(-yearly) + np.log(yearly * width)


def _fit(counts: Array, rates: dict[str, Any], name: str, started: Array) -> Array:
    """The log likelihood of Poisson counts that grow month by month, the level integrated out (a flat log prior)."""
    grid = rates["growth"][name] + rates["spread"] * np.array([-1.5, -0.5, 0.5, 1.5])
    month = np.arange(counts.shape[1])
    alive = month >= np.clip(started, 0, None)[:, None]
    seen = np.where(alive, counts, 0)
    fits = []
    for growth in grid:
        step = np.log1p(np.maximum(growth, -0.95)) / 12
        exposure = np.where(alive, np.exp(step * (month - counts.shape[1])), 0.0).sum(axis=1)
        total = seen.sum(axis=1)
        # The factor Gamma(total), the same for every direction of one stretch, is what a turn has to pay for.
        shape = np.array([lgamma(one + 1) for one in total])
        fits.append(
            (seen * step * (month - counts.shape[1])).sum(axis=1) - (total + 1) * np.log(exposure + 1e-9) + shape
        )
    return np.logaddexp.reduce(fits) - np.log(len(grid))
