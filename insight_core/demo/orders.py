"""Orders: people buy what interests them, companies order as their business goes."""

from dataclasses import dataclass

import numpy as np

from insight_core.demo.chance import Bools, Ints, Rng, Words, spread, stream, words
from insight_core.demo.contacts import DAY, active_days
from insight_core.demo.lives import Lives
from insight_core.demo.pools import INTERESTS

PER_CATEGORY = 10
THINGS = ("starter set", "bag", "guide", "light", "gloves", "tool", "case", "kit", "course", "deluxe set")


@dataclass(frozen=True)
class Orders:
    """One entry per order, by time; `amount` in cents."""

    customer: Ints
    at: Ints
    product: Ints
    quantity: Ints
    amount: Ints
    returned: Bools


def products() -> tuple[Words, Words, Ints]:
    """Names, categories and prices (in cents) of the products, by position; ten to a category."""
    rng = stream(4711, "prices")
    names = words([f"{interest} {thing}".capitalize() for interest in INTERESTS for thing in THINGS])
    prices = np.round(np.exp(rng.normal(3.4, 0.7, len(names)))).astype(np.int64) * 100 - 5
    return names, words([interest for interest in INTERESTS for _ in THINGS]), prices


def orders(seed: int, lives: Lives) -> Orders:
    """Every order of the simulated years."""
    rng = stream(seed, "orders")
    people, companies = _of_people(rng, lives), _of_companies(rng, lives)
    customer, day, product, quantity = (np.concatenate(pair) for pair in zip(people, companies, strict=True))
    order = np.lexsort((product, customer, day))
    customer, day, product, quantity = customer[order], day[order], product[order], quantity[order]
    return Orders(
        customer=customer,
        at=day * DAY + rng.integers(7 * 3600, 22 * 3600, len(day)),
        product=product,
        quantity=quantity,
        amount=products()[2][product] * quantity,
        returned=rng.random(len(day)) < lives.params.return_share,
    )


def _of_people(rng: Rng, lives: Lives) -> tuple[Ints, ...]:
    params, count = lives.params, lives.people.size
    first, last = (days[:count] for days in active_days(lives))
    keen = np.exp(rng.normal(0, params.order_spread, count) - params.order_spread**2 / 2)
    customer = spread(rng.poisson(params.orders_a_year * keen * (last - first + 1) / 365.25))
    day = first[customer] + (rng.random(len(customer)) * (last - first + 1)[customer]).astype(np.int64)
    month = np.clip(_month(lives, day), 0, lives.months)
    mine = np.where(
        rng.random(len(day)) < 0.6,
        lives.past["first_interest"][month, customer],
        lives.past["second_interest"][month, customer],
    )
    free = rng.integers(0, len(INTERESTS), len(day))
    category = np.where(rng.random(len(day)) < params.interest_focus, mine, free)
    return customer, day, _products(rng, category), rng.choice(3, len(day), p=[0.75, 0.18, 0.07]) + 1


def _of_companies(rng: Rng, lives: Lives) -> tuple[Ints, ...]:
    """Orders month by month at the rate of that month; how much they order does not change, how often does."""
    firms, first = lives.firms, lives.people.size
    since, last = (days[first:] for days in active_days(lives))
    rate, spread_of_month = lives.past["order_rate"][1:] / 12, lives.params.company_order_spread
    # Companies order by plan: rounding up or down by chance keeps the rate without the noise of single events.
    noise = np.exp(rng.normal(-(spread_of_month**2) / 2, spread_of_month, rate.shape))
    number = np.floor(rate * noise + rng.random(rate.shape)).astype(np.int64)
    month, firm = (where[spread(number.ravel())] for where in np.indices(number.shape).reshape(2, -1))
    start = lives.month_start(month + 1)
    day = start + (rng.random(len(start)) * (lives.month_start(month + 2) - start)).astype(np.int64)
    open_then = (day >= since[firm]) & (day <= last[firm])
    firm, day = firm[open_then], day[open_then]
    usual = firms.line * PER_CATEGORY + rng.integers(0, PER_CATEGORY, len(firms.line))
    product = np.where(
        rng.random(len(day)) < 0.9, usual[firm], rng.integers(0, len(INTERESTS) * PER_CATEGORY, len(day))
    )
    size = np.maximum(np.round(np.exp(rng.normal(1.2, 0.6, len(firms.line)))), 1).astype(np.int64)
    return firm + first, day, product, size[firm]


def _products(rng: Rng, category: Ints) -> Ints:
    return category * PER_CATEGORY + rng.integers(0, PER_CATEGORY, len(category))


def _month(lives: Lives, day: Ints) -> Ints:
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(int) - lives.start.astype("datetime64[M]").astype(
        int
    )
