"""People at the start of the world: who lives with whom, how old they are, what they do."""

from dataclasses import dataclass

import numpy as np

from insight_core.demo.addresses import Addresses
from insight_core.demo.chance import Bools, Floats, Ints, Rng, pick
from insight_core.demo.params import Params
from insight_core.demo.pools import OCCUPATIONS, TOWNS_PER_COUNTRY

# Positions in the catalogue's lists of values.
SINGLE, MARRIED, PARTNERED, SEPARATED, DIVORCED, WIDOWED = range(6)
EMPLOYED, SELF_EMPLOYED, STUDENT, UNEMPLOYED, RETIRED, HOMEMAKER = range(6)
NEVER = 32_000
KIDS = 4
# The first people of every world are the people of the stories, see stories.py.
STORY_HOUSEHOLDS = ("single", "single", "family", "single")
STORY_PEOPLE = 5


@dataclass
class People:
    """Everybody's state in the month being simulated; arrays by person, `kids` holds birth months.

    `partner` is the person they live with, -1 for nobody or somebody who is no customer. Months
    count from the start of the world; `age` is in years at that start.
    """

    age: Floats
    gender: Ints
    country: Ints
    given: Ints
    surname: Ints
    household: Ints
    partner: Ints
    parent: Ints
    address: Ints
    marital: Ints
    kids: Ints
    leave_age: Ints
    has_kids_home: Bools
    employment: Ints
    occupation: Ints
    employer: Ints
    income: Ints
    owner: Bools
    cars: Ints
    commute: Ints
    next_household: int

    @property
    def size(self) -> int:
        """How many people."""
        return len(self.age)

    def children(self, month: int) -> tuple[Ints, Ints]:
        """Children born so far, and those still at home."""
        born = self.kids <= month
        young = born & (month - self.kids < self.leave_age[:, None] * 12) & self.has_kids_home[:, None]
        return born.sum(axis=1).astype(np.int8), young.sum(axis=1).astype(np.int8)


def make_people(rng: Rng, params: Params, count: int, addresses: Addresses) -> People:
    """The people of month 0, household by household."""
    kinds = _household_kinds(rng, params, count)
    names = np.array(list(params.households))[kinds]
    both = np.isin(names, ["couple", "family"])
    grown = np.isin(names, ["family", "half_family", "single_parent"]) & (
        rng.random(len(kinds)) < params.grown_child_share
    )
    grown[: len(STORY_HOUSEHOLDS)] = False
    household = np.repeat(np.arange(len(kinds)), 1 + both + grown)[:count]
    place = np.arange(count) - np.searchsorted(household, household)
    child = grown[household] & (place == 1 + both[household])
    age = _ages(rng, names, grown, household, place, child)
    gender = _genders(rng, household, place, child)
    country = _by_household(rng.choice(3, len(kinds), p=[0.45, 0.2, 0.35]), household)
    towns = country * TOWNS_PER_COUNTRY + _by_household(rng.integers(0, TOWNS_PER_COUNTRY, len(kinds)), household)
    paired = both[household] & (place < 2)
    heads = np.searchsorted(household, np.arange(household[-1] + 1))
    partner = np.where(paired, heads[household] + 1 - place, -1)
    leave_age = _by_household(params.leave_home_age + rng.integers(-3, 4, len(kinds)), household)
    kids = _children(rng, names[household], np.where(child, 0, age[heads[household]]), household)
    parent = np.where(child, heads[household], -1)
    born = np.full(len(kinds), NEVER, dtype=np.int32)
    born[household[child]] = -(age[child] * 12)
    kids[:, 0] = np.where(born[household] == NEVER, kids[:, 0], born[household])
    kids[child] = NEVER
    return People(
        age=age,
        gender=gender,
        country=country,
        given=rng.integers(0, 1 << 30, count),
        surname=_surnames(rng, household, place, child),
        household=household,
        partner=np.where(partner >= count, -1, partner),
        parent=parent,
        address=addresses.new(rng, towns[heads])[household],
        marital=_marital(rng, names[household], age, household, child),
        kids=kids,
        leave_age=leave_age,
        has_kids_home=np.ones(count, dtype=bool),
        **_work(rng, params, age, child),
        next_household=int(household[-1]) + 1,
    )


def _household_kinds(rng: Rng, params: Params, count: int) -> Ints:
    kinds = pick(rng, params.households, count)
    names = list(params.households)
    kinds[: len(STORY_HOUSEHOLDS)] = [names.index(one) for one in STORY_HOUSEHOLDS][: len(kinds)]
    return kinds


def _by_household(values: Ints, household: Ints) -> Ints:
    return values[household].astype(np.int32)


def _ages(rng: Rng, names: Ints, grown: Bools, household: Ints, place: Ints, child: Bools) -> Floats:
    low = np.select(
        [names == "single", names == "family", names == "half_family", names == "single_parent"], [19, 26, 26, 26], 22
    )
    high = np.select([np.isin(names, ["family", "half_family"]), names == "single_parent"], [50, 48], 80)
    low, high = np.where(grown, 42, low), np.where(grown, 58, high)
    low[:4], high[:4] = [40, 30, 34, 28], [44, 33, 38, 34]
    head = low + rng.random(len(names)) * (high - low)
    beside = head[household] + np.where(place > 0, rng.normal(0, 3, len(household)), 0)
    return np.where(child, 16 + rng.random(len(household)) * 5, np.maximum(beside, 19))


def _genders(rng: Rng, household: Ints, place: Ints, child: Bools) -> Ints:
    head = rng.integers(0, 2, int(household[-1]) + 1)
    same = rng.random(len(household)) < 0.05
    own = np.where((place == 1) & ~child & ~same, 1 - head[household], head[household])
    gender = np.where(child, rng.integers(0, 2, len(household)), own)
    return np.where(rng.random(len(household)) < 0.015, rng.integers(2, 4, len(household)), gender).astype(np.int8)


def _surnames(rng: Rng, household: Ints, place: Ints, child: Bools) -> Ints:
    head = rng.integers(0, 1 << 30, int(household[-1]) + 1)[household]
    other = (place == 1) & ~child & (rng.random(len(household)) < 0.3)
    return np.where(other, rng.integers(0, 1 << 30, len(household)), head)


def _children(rng: Rng, names: Ints, head_age: Floats, household: Ints) -> Ints:
    """Birth months of up to KIDS children, alike for the members of a household."""
    heads = np.searchsorted(household, np.arange(household[-1] + 1))
    family = np.isin(names, ["family", "half_family", "single_parent"])[heads]
    age = head_age[heads]
    later = ~family & (age > 46) & (rng.random(len(heads)) < 0.7)
    number = np.where(family | later, 1 + rng.integers(0, 3, len(heads)), 0)
    youngest = np.where(family, np.maximum(age - 46, 0), age - 34)
    oldest = np.where(family, np.minimum(age - 20, 17), age - 22)
    span = np.maximum(oldest - youngest, 0.5)
    ages = youngest[:, None] + rng.random((len(heads), KIDS)) * span[:, None]
    months = np.where(np.arange(KIDS) < number[:, None], -(ages * 12), NEVER).astype(np.int32)
    months[2] = [-100, -40, NEVER, NEVER]
    return months[household]


def _marital(rng: Rng, names: Ints, age: Floats, household: Ints, child: Bools) -> Ints:
    heads = np.searchsorted(household, np.arange(household[-1] + 1))
    draw, old = rng.random(len(heads))[household], age[heads][household]
    couple = np.isin(names, ["couple", "half_couple", "family", "half_family"])
    paired = np.where(draw < np.clip((old - 20) / 20, 0.2, 0.85), MARRIED, PARTNERED)
    alone = np.where(
        old < 32, SINGLE, np.where(draw < 0.4, DIVORCED, np.where((old > 66) & (draw < 0.8), WIDOWED, SINGLE))
    )
    return np.where(child, SINGLE, np.where(couple, paired, alone)).astype(np.int8)


def _work(rng: Rng, params: Params, age: Floats, child: Bools) -> dict[str, Ints]:
    count = len(age)
    draw = rng.random(count)
    working = np.select([draw < 0.8, draw < 0.9, draw < 0.94], [EMPLOYED, SELF_EMPLOYED, UNEMPLOYED], HOMEMAKER)
    study = (age < 25) & (child | (draw < 0.5))
    employment = np.select([age >= params.retirement_age, study], [RETIRED, STUDENT], working)
    base = np.exp(rng.normal(10.5, 0.4, count)) * np.where(np.isin(employment, [EMPLOYED, SELF_EMPLOYED]), 1.0, 0.4)
    return {
        "employment": employment.astype(np.int8),
        "occupation": rng.integers(0, len(OCCUPATIONS), count),
        "employer": rng.integers(0, 1 << 30, count),
        "income": (base // 500 * 500).astype(np.int32),
        "owner": rng.random(count) < np.clip((age - 25) / 50, 0, 0.6),
        "cars": rng.choice(4, count, p=[0.25, 0.45, 0.23, 0.07]).astype(np.int8),
        "commute": rng.integers(0, 5, count).astype(np.int8),
    }
