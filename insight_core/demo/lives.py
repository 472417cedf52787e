"""The lives: month after month of events, and the state of everybody in each of them."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from insight_core.demo.accounts import Accounts, open_accounts, use_a_month
from insight_core.demo.addresses import Addresses
from insight_core.demo.chance import Ints, Rng, stream
from insight_core.demo.family import Month, live_a_month
from insight_core.demo.organisations import Organisations, make_organisations, trade_a_month
from insight_core.demo.params import Params
from insight_core.demo.people import STORY_PEOPLE, People, make_people
from insight_core.demo.pools import pools
from insight_core.demo.stages import stages
from insight_core.demo.stories import happens_in_the_stories
from insight_core.demo.working import work_a_month

PEOPLE_STATE = (
    "surname", "household", "marital", "employment", "occupation", "employer", "income", "owner", "cars", "commute",
)  # fmt: skip
ACCOUNT_STATE = (
    "email", "phone", "contract", "payment", "paperless", "services", "charges", "status", "first_interest",
    "second_interest",
)  # fmt: skip
FIRM_STATE = ("direction", "order_rate", "employees", "annual_sales", "frequency")


@dataclass
class Lives:
    """What happened. `past[name]` has one row per month (0 to `months`) and one column per customer of its kind.

    Customers are numbered: people first, then organisations. `past["address"]` and the account
    states cover both; the states of people and of organisations cover their own kind.
    """

    params: Params
    months: int
    start: np.datetime64
    end: np.datetime64
    people: People
    firms: Organisations
    accounts: Accounts
    addresses: Addresses
    since: Ints
    past: dict[str, Ints]

    @property
    def size(self) -> int:
        """All customers."""
        return len(self.since)

    @property
    def birth(self) -> Ints:
        """Birth dates of the people, in days since 1970."""
        return (self.start.astype("datetime64[D]").astype(int) - self.people.age * 365.25).astype(np.int32)

    def month_start(self, months: Ints) -> Ints:
        """The first day of each month, in days since 1970; month 1 is the first one simulated."""
        first = self.start.astype("datetime64[M]") + np.asarray(months).astype("timedelta64[M]")
        return first.astype("datetime64[D]").astype(int)


def live(seed: int, customers: int, params: Params) -> Lives:
    """Simulate the lives of that many customers."""
    rng, months = stream(seed, "lives"), int(params.years) * 12
    firms_count = max(round(customers * params.organisation_share), 1)
    addresses = Addresses(pools())
    people = make_people(rng, params, customers - firms_count, addresses)
    firms = make_organisations(rng, params, firms_count, addresses)
    accounts = open_accounts(rng, params, customers, people.partner)
    seen: dict[str, list[Ints]] = {}
    _remember(seen, 0, params, people, firms, accounts)
    for number in range(1, months + 1):
        month = Month(rng, params, people, addresses, number)
        live_a_month(month)
        work_a_month(month)
        trade_a_month(rng, params, firms, addresses)
        use_a_month(rng, params, accounts, STORY_PEOPLE)
        happens_in_the_stories(month, accounts, months)
        _remember(seen, number, params, people, firms, accounts)
    end = date.fromisoformat(params.end)
    start = np.datetime64(date(end.year - int(params.years), 6, 30))
    past = {name: np.stack(rows) for name, rows in seen.items()}
    since = _since(rng, people, firms_count, start, months)
    return Lives(params, months, start, np.datetime64(end), people, firms, accounts, addresses, since, past)


def _remember(
    seen: dict[str, list[Ints]], number: int, params: Params, people: People, firms: Organisations, accounts: Accounts
) -> None:
    total, at_home = people.children(number)
    state = {name: getattr(people, name).copy() for name in PEOPLE_STATE}
    state |= {name: np.array(getattr(accounts, name)) for name in ACCOUNT_STATE}
    state |= {name: np.array(getattr(firms, name)) for name in FIRM_STATE}
    state |= {"children_total": total, "children_at_home": at_home, "stage": stages(people, number, params)}
    state["address"] = np.concatenate([people.address, firms.address])
    for name, values in state.items():
        small = (
            values
            if values.dtype == bool or values.itemsize <= 4 or values.dtype.kind == "f"
            else values.astype(np.int32)
        )
        seen.setdefault(name, []).append(small)


def _since(rng: Rng, people: People, firms: int, start: np.datetime64, months: int) -> Ints:
    """Since when each is a customer, in days since 1970: a fifth joined during the simulated years."""
    count = people.size + firms
    first = start.astype(int)
    before = first - (rng.gamma(2.0, 900, count)).astype(int)
    adult = np.concatenate([first - ((people.age - 16) * 365.25).astype(int), np.full(firms, -(10**6))])
    during = first + (rng.random(count) * months * 24).astype(int)
    joined = np.where(rng.random(count) < 0.2, during, np.maximum(before, adult))
    joined[:STORY_PEOPLE] = before[:STORY_PEOPLE] - 365
    joined[people.size] = first - 2000
    return np.maximum(joined, adult).astype(np.int32)
