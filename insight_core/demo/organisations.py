"""Organisations: their industry and size, and where their business goes month by month."""

from dataclasses import dataclass

import numpy as np

from insight_core.demo.addresses import Addresses, town_near
from insight_core.demo.chance import Floats, Ints, Rng, monthly, pick
from insight_core.demo.params import Params
from insight_core.demo.pools import BUSINESS_TYPES, INDUSTRIES, TOWNS_PER_COUNTRY

GROWING, FLAT, SHRINKING = range(3)
FREQUENCIES = ("weekly", "monthly", "quarterly", "yearly")


@dataclass
class Organisations:
    """The state of the month being simulated; arrays by organisation. `order_rate` is in orders a year."""

    country: Ints
    surname: Ints
    industry: Ints
    business_type: Ints
    founded: Ints
    address: Ints
    direction: Ints
    growth: Floats
    order_rate: Floats
    staff: Floats
    sales: Floats
    frequency: Ints
    line: Ints

    @property
    def employees(self) -> Ints:
        """Employees as whole people."""
        return np.maximum(np.round(self.staff), 1).astype(np.int32)

    @property
    def annual_sales(self) -> Ints:
        """Sales of a year in whole thousands."""
        return np.maximum(np.round(self.sales / 1000), 1).astype(np.int64)


def make_organisations(rng: Rng, params: Params, count: int, addresses: Addresses) -> Organisations:
    """The organisations of month 0; the first one is the shrinking firm of the stories."""
    country = rng.choice(3, count, p=[0.45, 0.2, 0.35])
    towns = country * TOWNS_PER_COUNTRY + rng.integers(0, TOWNS_PER_COUNTRY, count)
    direction = pick(rng, params.direction_shares, count)
    direction[0] = SHRINKING
    staff = np.exp(rng.normal(3.2, 1.3, count))
    low, high = params.company_orders["low"], params.company_orders["high"]
    return Organisations(
        country=country,
        surname=rng.integers(0, 1 << 30, count),
        industry=rng.integers(0, len(INDUSTRIES), count),
        business_type=rng.integers(0, len(BUSINESS_TYPES), count),
        founded=rng.integers(1950, 2019, count),
        address=addresses.new(rng, towns),
        direction=direction,
        growth=_growth(rng, params, direction),
        order_rate=_order_rates(rng, low, high, count),
        staff=staff,
        sales=staff * rng.uniform(60_000, 220_000, count),
        frequency=rng.integers(0, len(FREQUENCIES), count),
        line=rng.integers(0, 12, count),
    )


def _order_rates(rng: Rng, low: float, high: float, count: int) -> Floats:
    rates = low + rng.random(count) * (high - low)
    rates[0] = high * 4  # the fall of the shrinking firm must show in a single year
    return rates


def trade_a_month(rng: Rng, params: Params, firms: Organisations, addresses: Addresses) -> None:
    """Orders, staff and sales go on by the growth of each firm; some turn, some move."""
    count = len(firms.direction)
    turning = rng.random(count) < monthly(params.turn_rate)
    turning[0] = False
    firms.direction[turning] = (firms.direction[turning] + rng.integers(1, 3, int(turning.sum()))) % 3
    firms.growth[turning] = _growth(rng, params, firms.direction[turning])
    step = (1 + firms.growth) ** (1 / 12)
    firms.order_rate *= step
    firms.sales *= step
    firms.staff *= step**0.6
    moving = np.flatnonzero(rng.random(count) < monthly(params.move_rate / 2))
    towns = town_near(rng, addresses.town[firms.address[moving]], params.far_move_share)
    firms.address[moving] = addresses.new(rng, towns)
    other = np.flatnonzero(rng.random(count) < monthly(0.2))
    firms.frequency[other] = (firms.frequency[other] + rng.integers(1, 4, len(other))) % len(FREQUENCIES)


def _growth(rng: Rng, params: Params, direction: Ints) -> Floats:
    """A growth of one's own about the direction's, kept on its side of the limits."""
    means = np.array([params.growth["growing"], params.growth["flat"], params.growth["shrinking"]])[direction]
    drawn = means + rng.normal(0, params.growth_spread, len(direction)) if params.growth_spread else means
    gap = 0.005
    low = np.array([params.growth_up, params.growth_down, -0.9])[direction]
    high = np.array([3.0, params.growth_up - gap, params.growth_down - gap])[direction]
    return np.clip(drawn, low, high)
