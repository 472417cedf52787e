"""What happens in families, month by month: moving, finding each other, marrying, parting, having children."""

from dataclasses import dataclass

import numpy as np

from insight_core.demo.addresses import Addresses, next_town, town_near
from insight_core.demo.chance import Bools, Ints, Rng, monthly
from insight_core.demo.params import Params
from insight_core.demo.people import (
    DIVORCED,
    MARRIED,
    NEVER,
    PARTNERED,
    SEPARATED,
    STORY_PEOPLE,
    WIDOWED,
    People,
)

COUPLED = (MARRIED, PARTNERED)


@dataclass
class Month:
    """What the events of one month need: chance, rates, everybody's state, and which month it is."""

    rng: Rng
    params: Params
    people: People
    addresses: Addresses
    number: int

    @property
    def age(self) -> Ints:
        """Everybody's age in years."""
        return self.people.age + self.number / 12

    def happens(self, yearly: float | Ints, to: Bools) -> Bools:
        """To whom of those it happens this month; the people of the stories have lives of their own."""
        hit = to & (self.rng.random(len(to)) < monthly(yearly))
        hit[:STORY_PEOPLE] = False
        return hit


def live_a_month(month: Month) -> None:
    """Everything that changes families this month."""
    leave_home(month)
    move(month)
    part(month)
    lose_a_partner(month)
    find_a_partner(month)
    marry(month)
    have_children(month)


def move(month: Month) -> None:
    """Whole households go to a new address; one head decides for all."""
    people = month.people
    heads = _heads(people.household)
    young = month.age[heads] < 35
    yearly = np.where(young, month.params.move_young_rate, month.params.move_rate)
    going = month.rng.random(len(heads)) < monthly(yearly)
    going &= heads >= STORY_PEOPLE
    resettle(month, people.household[heads[going]], heads[going])


def resettle(month: Month, households: Ints, heads: Ints, away: bool = False) -> None:
    """Give each of the households a new address, in the town of its head or another; `away`: surely another."""
    people, rng = month.people, month.rng
    if not len(households):
        return
    towns = town_near(rng, month.addresses.town[people.address[heads]], month.params.far_move_share)
    if away:
        towns = next_town(month.addresses.town[people.address[heads]])
    fresh = np.full(people.next_household, -1, dtype=np.int32)
    fresh[households] = month.addresses.new(rng, towns)
    owns = np.zeros(people.next_household, dtype=bool)
    owns[households] = rng.random(len(households)) < month.params.buy_home_share
    moved = fresh[people.household] >= 0
    people.address = np.where(moved, fresh[people.household], people.address)
    people.owner = np.where(moved, owns[people.household], people.owner)


def leave_home(month: Month) -> None:
    """Grown children move out when they reach the age at which their family's children leave."""
    people = month.people
    leaving = (people.parent >= 0) & (month.age >= people.leave_age) & (month.age < people.leave_age + 1.2)
    leaving &= people.household == people.household[people.parent]
    move_out(month, np.flatnonzero(leaving))


def move_out(month: Month, who: Ints) -> None:
    """Each of them into a household of one at a new address."""
    people = month.people
    people.household[who] = people.next_household + np.arange(len(who))
    people.next_household += len(who)
    resettle(month, people.household[who], who)


def part(month: Month) -> None:
    """Couples part; the second of the two moves out and the children stay with the first."""
    people = month.people
    coupled = np.isin(people.marital, COUPLED)
    first = coupled & ((people.partner < 0) | (people.partner > np.arange(people.size)))
    going = np.flatnonzero(month.happens(month.params.divorce_rate, first))
    others = people.partner[going]
    both = np.concatenate([going, others[others >= 0]])
    people.marital[both] = np.where(people.marital[both] == MARRIED, SEPARATED, 0)
    people.partner[both] = -1
    leavers = others[others >= 0]
    people.has_kids_home[leavers] = False
    alone = going[(others < 0) & (month.rng.random(len(going)) < 0.5)]
    people.has_kids_home[alone] = False
    move_out(month, np.concatenate([leavers, alone]))
    settled = month.happens(0.7, people.marital == SEPARATED)
    people.marital[settled] = DIVORCED


def lose_a_partner(month: Month) -> None:
    """A partner who is no customer dies."""
    people = month.people
    old = (people.marital == MARRIED) & (people.partner < 0) & (month.age > 65)
    people.marital[month.happens(month.params.widow_rate, old)] = WIDOWED


def find_a_partner(month: Month) -> None:
    """Singles find somebody, a customer or not, and move together."""
    people, rng = month.people, month.rng
    free = ~np.isin(people.marital, [*COUPLED, SEPARATED]) & (month.age > 20) & (month.age < 60)
    found = rng.permutation(np.flatnonzero(month.happens(month.params.partner_rate, free)))
    people.marital[found] = PARTNERED
    inside = found[rng.random(len(found)) >= month.params.outside_partner_share]
    inside = inside[: len(inside) // 2 * 2]
    a, b = inside[::2], inside[1::2]
    people.partner[a], people.partner[b] = b, a
    _start_household(month, a, b)
    people.owner[b] = people.owner[a]


def _start_household(month: Month, a: Ints, b: Ints) -> None:
    """Two people, a and b, into a household of their own, in the town of a."""
    people = month.people
    people.household[a] = people.household[b] = people.next_household + np.arange(len(a))
    people.next_household += len(a)
    resettle(month, people.household[a], a)


def marry(month: Month) -> None:
    """Partnered people marry; most take one surname."""
    people = month.people
    first = (people.marital == PARTNERED) & ((people.partner < 0) | (people.partner > np.arange(people.size)))
    wed = np.flatnonzero(month.happens(month.params.wedding_rate, first))
    others = people.partner[wed]
    people.marital[np.concatenate([wed, others[others >= 0]])] = MARRIED
    takes = month.rng.random(len(wed)) < month.params.shared_name_share
    inside = takes & (others >= 0)
    people.surname[others[inside]] = people.surname[wed[inside]]
    outside = wed[takes & (others < 0) & (month.rng.random(len(wed)) < 0.5)]
    people.surname[outside] = month.rng.integers(0, 1 << 30, len(outside))


def have_children(month: Month) -> None:
    """Couples have another child, who counts for both."""
    people = month.people
    slot = (people.kids < NEVER).sum(axis=1)
    fertile = np.isin(people.marital, COUPLED) & (month.age > 22) & (month.age < 42) & (slot < people.kids.shape[1])
    first = fertile & ((people.partner < 0) | (people.partner > np.arange(people.size)))
    parents = np.flatnonzero(month.happens(month.params.birth_rate, first))
    for group in (parents, people.partner[parents]):
        who = group[group >= 0]
        who = who[slot[who] < people.kids.shape[1]]
        people.kids[who, slot[who]] = month.number
        people.has_kids_home[who] = True


def _heads(household: Ints) -> Ints:
    return np.unique(household, return_index=True)[1]
