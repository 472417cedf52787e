"""How the codes of the true values read: names, addresses, contact points, lists."""

import json
from functools import cache

import numpy as np

from insight_core.demo.chance import Ints, Words, words
from insight_core.demo.lives import Lives
from insight_core.demo.organisations import FREQUENCIES
from insight_core.demo.pools import (
    BUSINESS_TYPES,
    COMMUTES,
    COUNTRIES,
    INDUSTRIES,
    INTERESTS,
    LANGUAGES,
    LEGAL_FORMS,
    OCCUPATIONS,
    SERVICES,
    TRADES,
    plain_letters,
)

MAIL_DOMAINS = ("example.com", "example.org", "example.net")
PHONE_PREFIXES = ("+49151", "+336", "+4474")


class NameBook:
    """The words of one world, by code."""

    def __init__(self, lives: Lives) -> None:
        pool = lives.addresses.pools
        self.country = np.concatenate([lives.people.country, lives.firms.country])
        self.given = _given(lives)
        self.surnames = words([name for group in pool.surnames for name in group])
        self._sizes = np.array([len(group) for group in pool.surnames])
        self._offsets = np.concatenate([[0], np.cumsum(self._sizes)[:-1]])
        self.firms = self._firm_names(lives)
        self.streets = lives.addresses.streets()
        self.emails = self._email_words(lives)
        self.phones = _phone_words(lives, self.country)
        self.regions = words(
            [f"{country}-{side}" for country in COUNTRIES for side in ("North", "South", "East", "West")]
        )
        self.countries, self.languages, self.employers = words(COUNTRIES), words(LANGUAGES), pool.employers
        self.occupations, self.commutes = words(OCCUPATIONS), words(COMMUTES)
        self.yes_no, self.interests = words(["false", "true"]), words(INTERESTS)
        self.industries = words([name for name, _ in INDUSTRIES])
        self.industry_codes = words([code for _, code in INDUSTRIES])
        self.business_types, self.frequencies = words(BUSINESS_TYPES), words(FREQUENCIES)
        self.interest_pairs = words([_pair(code) for code in range(len(INTERESTS) ** 2)])

    def surname_codes(self, raw: Ints) -> Ints:
        """Positions in `surnames`, from the pool of each person's country."""
        country = self.country[: raw.shape[-1]]
        return (raw % self._sizes[country] + self._offsets[country]).astype(np.int32)

    def _firm_names(self, lives: Lives) -> Words:
        firms = lives.firms
        own = self.surnames[firms.surname % self._sizes[firms.country] + self._offsets[firms.country]]
        parts = zip(own, firms.industry, firms.country, firms.founded, strict=True)
        return words([f"{name} {TRADES[trade]} {LEGAL_FORMS[land][year % 3]}" for name, trade, land, year in parts])

    def _email_words(self, lives: Lives) -> Words:
        family = self.surnames[self.surname_codes(lives.past["surname"][0])]
        local = [f"{_ascii(a)}.{_ascii(b)}" for a, b in zip(self.given, family, strict=True)]
        local += [f"info.{_ascii(name.split()[0])}" for name in self.firms]
        owners = lives.accounts.email_owner
        # The number keeps two people of one name apart.
        return words([f"{local[owner]}{number:x}@{MAIL_DOMAINS[number % 3]}" for number, owner in enumerate(owners)])


def _given(lives: Lives) -> Words:
    pool, people = lives.addresses.pools, lives.people
    female = np.where(people.gender > 1, people.given % 2, 1 - people.gender) == 1
    made = np.empty(people.size, dtype=object)
    for country in range(len(COUNTRIES)):
        for is_female, names in ((True, pool.women[country]), (False, pool.men[country])):
            here = (people.country == country) & (female == is_female)
            made[here] = names[(people.given[here] >> 1) % len(names)]
    return made


def _phone_words(lives: Lives, country: Ints) -> Words:
    owners = lives.accounts.phone_owner
    # A step that shares no factor with the number of numbers meets each of them once.
    digits = (np.arange(len(owners), dtype=np.int64) * 73_939_133 + 20_460_871) % 10**8
    prefixes = np.array(PHONE_PREFIXES, dtype=object)[country[owners]]
    return words([f"{prefix}{number:08d}" for prefix, number in zip(prefixes, digits.tolist(), strict=True)])


@cache
def _ascii(name: str) -> str:
    return "".join(one for one in plain_letters(name) if one.isascii() and one.isalpha())


def _pair(code: int) -> str:
    return json.dumps(sorted({INTERESTS[code // len(INTERESTS)], INTERESTS[code % len(INTERESTS)]}))


def listed(masks: Ints) -> Words:
    """Services of a bit mask as a sorted JSON list."""
    known = {
        mask: json.dumps(sorted(name for bit, name in enumerate(SERVICES) if mask >> bit & 1))
        for mask in np.unique(masks).tolist()
    }
    return words([known[mask] for mask in masks.tolist()])


def number_words(values: Ints) -> Words:
    """Whole numbers as text."""
    return np.asarray(values).astype(str).astype(object)
