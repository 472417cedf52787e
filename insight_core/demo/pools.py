"""Pools of names, streets and towns from Faker, to be sampled by position."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from faker import Faker

from insight_core.demo.chance import Words, stream, words

LOCALES = {"de_DE": ("DE", "de"), "fr_FR": ("FR", "fr"), "en_GB": ("GB", "en")}
COUNTRIES = tuple(country for country, _ in LOCALES.values())
LANGUAGES = tuple(language for _, language in LOCALES.values())
TOWNS_PER_COUNTRY = 24

INDUSTRIES = (
    ("Manufacturing", "31"), ("Construction", "23"), ("Retail", "44"), ("Wholesale", "42"), ("Logistics", "48"),
    ("Software", "51"), ("Health care", "62"), ("Hospitality", "72"), ("Consulting", "54"), ("Farming", "11"),
)  # fmt: skip
BUSINESS_TYPES = ("limited company", "partnership", "sole trader", "cooperative", "public company")
OCCUPATIONS = (
    "teacher", "nurse", "engineer", "electrician", "accountant", "sales assistant", "software developer", "driver",
    "cook", "carpenter", "physician", "lawyer", "office clerk", "mechanic", "designer", "plumber", "warehouse worker",
    "police officer", "social worker", "gardener", "scientist", "journalist", "manager", "hairdresser",
)  # fmt: skip
INTERESTS = (
    "cycling", "running", "hiking", "gardening", "cooking", "photography", "gaming", "music", "reading", "travel",
    "fitness", "crafts",
)  # fmt: skip
SERVICES = ("phone", "internet", "mobile", "television", "streaming", "security", "cloud backup", "support")
CONTRACTS = ("monthly", "one year", "two years")
PAYMENTS = ("direct debit", "invoice", "credit card", "online wallet")
COMMUTES = ("0-2 km", "2-5 km", "5-10 km", "10-25 km", "over 25 km")
LEGAL_FORMS = (("GmbH", "AG", "KG"), ("SARL", "SA", "SAS"), ("Ltd", "PLC", "LLP"))
TRADES = ("Works", "Bau", "Trading", "Supply", "Transport", "Systems", "Care", "Hotels", "Partners", "Farms")


@dataclass(frozen=True)
class Pools:
    """Names by country (position in COUNTRIES) and the towns; towns of country c are c*24 to c*24+23."""

    women: tuple[Words, ...]
    men: tuple[Words, ...]
    surnames: tuple[Words, ...]
    streets: tuple[Words, ...]
    towns: Words
    postal_codes: Words
    employers: Words


@cache
def pools() -> Pools:
    """The pools, always the same: the seed of a world decides who gets what."""
    fakers = [Faker(locale, use_weighting=False) for locale in LOCALES]
    for one in fakers:
        one.seed_instance(4711)
    towns = [_unique(one.city, TOWNS_PER_COUNTRY, 40) for one in fakers]
    return Pools(
        women=tuple(_unique(one.first_name_female, 180) for one in fakers),
        men=tuple(_unique(one.first_name_male, 180) for one in fakers),
        surnames=tuple(_unique(one.last_name, 900, 4000) for one in fakers),
        streets=tuple(_unique(one.street_name, 700, 2500) for one in fakers),
        towns=words([name for group in towns for name in group]),
        postal_codes=_postal_codes(),
        employers=_unique(fakers[2].company, 500, 1500),
    )


def _unique(draw: object, size: int, tries: int = 1200) -> Words:
    """Up to `size` different texts that CP1252 can write and that stay different without accents."""
    found: dict[str, str] = {}
    for _ in range(max(tries, size)):
        text = str(draw())  # type: ignore[operator]
        if len(found) < size and text.encode("cp1252", "ignore").decode("cp1252") == text:
            found.setdefault(plain_letters(text), text)
    return words(list(found.values()))


def plain_letters(text: str) -> str:
    """The text in small letters without accents."""
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)).casefold()


def _postal_codes() -> Words:
    rng = stream(4711, "postal codes")
    made = []
    for country in COUNTRIES:
        digits = rng.permutation(90)[:TOWNS_PER_COUNTRY] + 10
        made += [f"Q{two} {two % 9 + 1}ZZ" if country == "GB" else f"{two}{(two * 37) % 900 + 100}" for two in digits]
    return words(made)
