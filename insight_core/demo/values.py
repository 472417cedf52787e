"""True values: every field that a source can tell, for every customer and month."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from insight_core.catalogue import field
from insight_core.demo.chance import Ints, Words, words
from insight_core.demo.lives import Lives
from insight_core.demo.names import NameBook, listed, number_words
from insight_core.demo.pools import CONTRACTS, INTERESTS, PAYMENTS, TOWNS_PER_COUNTRY

Who = Literal["person", "organisation", "both"]


@dataclass(frozen=True)
class Track:
    """One field through time: `codes` by month and customer (or by customer alone), and how a code reads.

    The customers of a track of organisations begin with the first organisation.
    """

    field: str
    who: Who
    codes: Ints
    read: Callable[[Ints], Words]
    first: int

    def at(self, months: Ints, customers: Ints) -> Ints:
        """The codes of those customers in those months."""
        own = customers - self.first
        return self.codes[own] if self.codes.ndim == 1 else self.codes[months, own]

    def applies(self, is_person: Ints) -> Ints:
        """Whether a customer can have the field at all."""
        return np.ones_like(is_person) if self.who == "both" else is_person == (self.who == "person")


def tracks(lives: Lives) -> dict[str, Track]:
    """Every field that the world knows the truth of, by name."""
    book = NameBook(lives)
    made = [*_identity(lives, book), *_people(lives, book), *_usage(lives), *_firms(lives, book)]
    return {one.field: one for one in made}


def _identity(lives: Lives, book: NameBook) -> list[Track]:
    past, town = lives.past, lives.addresses.town[lives.past["address"]]
    pool = lives.addresses.pools
    return [
        _track("given_name", "person", 0, np.arange(lives.people.size), book.given),
        _track("family_name", "person", 0, book.surname_codes(past["surname"]), book.surnames),
        _track("organisation_name", "organisation", lives.people.size, np.arange(len(book.firms)), book.firms),
        _track("email", "both", 0, past["email"], book.emails),
        _track("phone", "both", 0, past["phone"], book.phones),
        _track("street", "both", 0, past["address"], book.streets),
        _track("city", "both", 0, town, pool.towns),
        _track("region", "both", 0, town // TOWNS_PER_COUNTRY * 4 + town % TOWNS_PER_COUNTRY % 4, book.regions),
        _track("postal_code", "both", 0, town, pool.postal_codes),
        _track("country", "both", 0, town // TOWNS_PER_COUNTRY, book.countries),
        _track("language", "both", 0, book.country, book.languages),
        _track("customer_since", "both", 0, lives.since, _dates),
        _choice("account_status", "both", 0, past["status"]),
    ]


def _people(lives: Lives, book: NameBook) -> list[Track]:
    past, people = lives.past, lives.people
    return [
        _track("birth_date", "person", 0, lives.birth, _dates),
        _choice("gender", "person", 0, people.gender),
        _choice("marital_status", "person", 0, past["marital"]),
        _choice("employment_status", "person", 0, past["employment"]),
        _track("occupation", "person", 0, past["occupation"], book.occupations),
        _track("employer", "person", 0, past["employer"] % len(book.employers), book.employers),
        _track("annual_income", "person", 0, past["income"], number_words),
        _track("home_owner", "person", 0, past["owner"].astype(np.int8), book.yes_no),
        _track("cars_owned", "person", 0, past["cars"], number_words),
        _track("commute_distance", "person", 0, past["commute"], book.commutes),
        _track("children_total", "person", 0, past["children_total"], number_words),
        _track("children_at_home", "person", 0, past["children_at_home"], number_words),
        _track("stated_interests", "person", 0, _interests(lives), book.interest_pairs),
    ]


def _usage(lives: Lives) -> list[Track]:
    past = lives.past
    return [
        _track("services", "both", 0, past["services"], listed),
        _track("contract_type", "both", 0, past["contract"], words(CONTRACTS)),
        _track("payment_method", "both", 0, past["payment"], words(PAYMENTS)),
        _track("paperless_billing", "both", 0, past["paperless"].astype(np.int8), words(["false", "true"])),
        _track("monthly_charges", "both", 0, past["charges"], _cents),
    ]


def _firms(lives: Lives, book: NameBook) -> list[Track]:
    past, firms, first = lives.past, lives.firms, lives.people.size
    return [
        _track("industry", "organisation", first, firms.industry, book.industries),
        _track("industry_code", "organisation", first, firms.industry, book.industry_codes),
        _track("business_type", "organisation", first, firms.business_type, book.business_types),
        _track("employees", "organisation", first, past["employees"], number_words),
        _track("annual_sales", "organisation", first, past["annual_sales"], _thousands),
        _track("founded_year", "organisation", first, firms.founded, number_words),
        _track("product_line", "organisation", first, firms.line, book.interests),
        _track("order_frequency", "organisation", first, past["frequency"], book.frequencies),
    ]


def _track(name: str, who: Who, first: int, codes: Ints, read: Words | Callable[[Ints], Words]) -> Track:
    if isinstance(read, np.ndarray):
        pool = read
        return Track(name, who, codes, lambda wanted: pool[wanted], first)
    return Track(name, who, codes, read, first)


def _choice(name: str, who: Who, first: int, codes: Ints) -> Track:
    return _track(name, who, first, codes, words(field(name).values))


def _interests(lives: Lives) -> Ints:
    count = lives.people.size
    first, second = lives.past["first_interest"][:, :count], lives.past["second_interest"][:, :count]
    return np.minimum(first, second) * len(INTERESTS) + np.maximum(first, second)


def _dates(days: Ints) -> Words:
    return np.datetime_as_string(days.astype("datetime64[D]")).astype(object)


def _cents(values: Ints) -> Words:
    return words([f"{one // 100}.{one % 100:02d}" for one in values.tolist()])


def _thousands(values: Ints) -> Words:
    return words([f"{one}000" for one in values.tolist()])
