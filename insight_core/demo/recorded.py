"""Records: which source knows whom, under which key, and as of when."""

from dataclasses import dataclass

import numpy as np

from insight_core.demo.chance import Bools, Ints, Rng, Words, stream, words
from insight_core.demo.lives import Lives
from insight_core.demo.stories import DISAGREEMENT, FAMILY, SPOUSE, STALE_EMAIL, WITHDRAWAL

SOURCES = ("crm", "billing", "webshop", "sales")
# Days before the end at which sources recorded the people of the stories; a source that is absent does not know them.
STORY_RECORDS: dict[int, dict[str, int]] = {
    DISAGREEMENT: {"crm": 40, "billing": 45},
    STALE_EMAIL: {"crm": 1300, "billing": 1150},
    FAMILY: {"crm": 700, "billing": 400, "webshop": 12},
    SPOUSE: {"crm": 760, "webshop": 15},
    WITHDRAWAL: {"crm": 100, "billing": 300},
}
STORY_FIRM = {"crm": 200, "billing": 150, "sales": 60}


@dataclass(frozen=True)
class Records:
    """The party records of one source: whose, key, day and month of observation, day of confirmation (or -1)."""

    source: str
    customer: Ints
    key: Words
    observed: Ints
    month: Ints
    verified: Ints
    told: Ints

    @property
    def size(self) -> int:
        """How many."""
        return len(self.customer)

    def keys_by_customer(self, customers: int) -> Words:
        """The first key of every customer, None for those whom the source does not know."""
        made = np.full(customers, None, dtype=object)
        made[self.customer[::-1]] = self.key[::-1]
        return made


def records(seed: int, lives: Lives) -> dict[str, Records]:
    """The party records of every source; whoever no other source knows is in the CRM."""
    known = {source: _known(stream(seed, f"coverage {source}"), source, lives) for source in SOURCES}
    known["crm"] |= ~np.logical_or.reduce(list(known.values()))
    return {
        source: _records(stream(seed, f"records {source}"), source, lives, np.flatnonzero(known[source]))
        for source in SOURCES
    }


def _known(rng: Rng, source: str, lives: Lives) -> Bools:
    is_person = np.arange(lives.size) < lives.people.size
    kind = {"webshop": is_person, "sales": ~is_person}.get(source, np.ones(lives.size, dtype=bool))
    knows = kind & (rng.random(lives.size) < lives.params.coverage[source])
    for customer, ages in _story_records(lives).items():
        knows[customer] = source in ages
    return knows


def _story_records(lives: Lives) -> dict[int, dict[str, int]]:
    return STORY_RECORDS | {lives.people.size: STORY_FIRM}


def _records(rng: Rng, source: str, lives: Lives, known: Ints) -> Records:
    stories = _story_records(lives)
    again = (known < lives.people.size) & (rng.random(len(known)) < lives.params.second_record_share)
    customer = np.concatenate([known, known[again & ~np.isin(known, list(stories))]])
    told = np.isin(customer, list(stories))
    age = _ages(rng, source, lives, customer)
    for person, ages in stories.items():
        age[customer == person] = ages.get(source, 0)
    observed = int(lives.end.astype("datetime64[D]").astype(int)) - age
    confirmed = (source == "crm") & (rng.random(len(customer)) < lives.params.verified_share) & (age > 60) & ~told
    verified = observed + (rng.random(len(customer)) * age).astype(np.int64)
    return Records(
        source=source,
        customer=customer,
        key=_keys(rng, source, len(customer)),
        observed=observed,
        month=_month(lives, observed),
        verified=np.where(confirmed, verified, -1),
        told=told,
    )


def _ages(rng: Rng, source: str, lives: Lives, customer: Ints) -> Ints:
    """Days since each record was written: no longer than the world and the customer's tenure allow."""
    mean = lives.params.record_age[source]
    # The mean of u ** k is 1 / (k + 1).
    share = rng.random(len(customer)) ** ((1 - mean) / mean)
    tenure = int(lives.end.astype("datetime64[D]").astype(int)) - lives.since[customer]
    return (share * np.clip(tenure, 0, 365 * lives.params.years - 31)).astype(np.int64)


def _keys(rng: Rng, source: str, count: int) -> Words:
    numbers = rng.permutation(count)
    if source == "crm":
        return words([f"C{100_000 + one}" for one in numbers.tolist()])
    if source == "billing":
        return words([f"{40_000_000 + one * 7}" for one in numbers.tolist()])
    if source == "sales":
        return words([f"ACC-{one + 1:05d}" for one in numbers.tolist()])
    return words([f"u{one * 2_654_435_761 % 2**32:08x}" for one in numbers.tolist()])


def _month(lives: Lives, days: Ints) -> Ints:
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(int)
    return np.clip(months - lives.start.astype("datetime64[M]").astype(int), 0, lives.months)
