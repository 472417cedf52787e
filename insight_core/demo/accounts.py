"""Contact points and contracts of every customer, month by month."""

from dataclasses import dataclass

import numpy as np

from insight_core.demo.chance import Bools, Ints, Rng, monthly
from insight_core.demo.params import Params
from insight_core.demo.pools import CONTRACTS, INTERESTS, PAYMENTS, SERVICES

ACTIVE, CLOSED, PROSPECT = range(3)
SERVICE_PRICES = np.array([9_90, 29_90, 14_90, 12_90, 7_90, 19_90, 4_90, 9_90])
CONTRACT_REBATE = np.array([0, 5, 10])


@dataclass
class Accounts:
    """The state of the month being simulated; arrays by customer, people first and organisations after them.

    E-mail addresses and telephone numbers are ids; the owners say who had each first.
    """

    email: Ints
    email_owner: Ints
    phone: Ints
    phone_owner: Ints
    contract: Ints
    payment: Ints
    paperless: Bools
    services: Ints
    status: Ints
    first_interest: Ints
    second_interest: Ints

    @property
    def charges(self) -> Ints:
        """The monthly charges in cents."""
        has = (self.services[:, None] >> np.arange(len(SERVICES))) & 1
        return (has @ SERVICE_PRICES) * (100 - CONTRACT_REBATE[self.contract]) // 100


def open_accounts(rng: Rng, params: Params, count: int, partner: Ints) -> Accounts:
    """The accounts of month 0; some couples share a telephone."""
    phone = np.arange(count)
    shares = np.flatnonzero((partner >= 0) & (partner < np.arange(len(partner))))
    shares = shares[rng.random(len(shares)) < params.shared_phone_share]
    phone[shares] = phone[partner[shares]]
    first = rng.integers(0, len(INTERESTS), count)
    return Accounts(
        email=np.arange(count),
        email_owner=np.arange(count),
        phone=phone,
        phone_owner=np.arange(count),
        contract=rng.integers(0, len(CONTRACTS), count),
        payment=rng.integers(0, len(PAYMENTS), count),
        paperless=rng.random(count) < 0.5,
        services=_services(rng, count),
        status=np.zeros(count, dtype=np.int8),
        first_interest=first,
        second_interest=(first + rng.integers(1, len(INTERESTS), count)) % len(INTERESTS),
    )


def use_a_month(rng: Rng, params: Params, accounts: Accounts, still: int) -> None:
    """Everything that changes accounts this month; the first `still` customers stay as they are."""
    count = len(accounts.email)

    def happens(yearly: float) -> Ints:
        hit = rng.random(count) < monthly(yearly)
        hit[:still] = False
        return np.flatnonzero(hit)

    new_email(accounts, happens(params.email_rate))
    new_phone(accounts, happens(params.phone_rate))
    _others(rng, accounts.contract, happens(params.contract_rate), len(CONTRACTS))
    _others(rng, accounts.payment, happens(params.payment_rate), len(PAYMENTS))
    paper = happens(params.paperless_rate)
    accounts.paperless[paper] = ~accounts.paperless[paper]
    served = happens(params.service_rate)
    flipped = accounts.services[served] ^ (1 << rng.integers(0, len(SERVICES), len(served)))
    accounts.services[served] = np.where(flipped == 0, 1, flipped)
    accounts.status[happens(params.close_rate)] = CLOSED
    bored = happens(params.interest_rate)
    accounts.first_interest[bored] = accounts.second_interest[bored]
    _others(rng, accounts.second_interest, bored, len(INTERESTS))


def new_email(accounts: Accounts, who: Ints) -> None:
    """Each of them gets an e-mail address that nobody had."""
    accounts.email[who] = len(accounts.email_owner) + np.arange(len(who))
    accounts.email_owner = np.concatenate([accounts.email_owner, who])


def new_phone(accounts: Accounts, who: Ints) -> None:
    """Each of them gets a telephone number that nobody had."""
    accounts.phone[who] = len(accounts.phone_owner) + np.arange(len(who))
    accounts.phone_owner = np.concatenate([accounts.phone_owner, who])


def _others(rng: Rng, values: Ints, who: Ints, kinds: int) -> None:
    values[who] = (values[who] + rng.integers(1, kinds, len(who))) % kinds


def _services(rng: Rng, count: int) -> Ints:
    draws = (rng.random((count, len(SERVICES))) < np.array([0.5, 0.6, 0.6, 0.3, 0.3, 0.08, 0.15, 0.1])) << np.arange(
        len(SERVICES)
    )
    mask = draws.sum(axis=1)
    return np.where(mask == 0, 2, mask)
