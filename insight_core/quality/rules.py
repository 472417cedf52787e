"""Which validity rules each field keeps; only what a source may assert is judged."""

from datetime import date
from functools import cache
from typing import Any

import ibis
import ibis.expr.types as ir

from insight_core.catalogue import Field, field
from insight_core.quality.cell import Cells
from insight_core.quality.clock import Clock
from insight_core.quality.validity import OneColumn, OneValue, Rule

# Classes are written as what they leave out, so that letters beyond ASCII stay in on every engine.
_ATOM = r'[^\x00-\x20\x7F"(),.:;<>@\[\\\]]+'
_LETTER = r"[^\x00-\x40\x5B-\x60\x7B-\x7F]"
_LETTER_OR_DIGIT = r"[^\x00-\x2F\x3A-\x40\x5B-\x60\x7B-\x7F]"
_LABEL_CHARACTER = r"[^\x00-\x2C\x2E\x2F\x3A-\x40\x5B-\x60\x7B-\x7F]"
_LABEL = rf"{_LETTER_OR_DIGIT}(?:{_LABEL_CHARACTER}*{_LETTER_OR_DIGIT})?"
_TOP_LABEL = rf"(?:{_LETTER_OR_DIGIT}{_LABEL_CHARACTER}*)?{_LETTER}"
_EMAIL = rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_TOP_LABEL}"
_EMAIL_LENGTH = r"[^@]{1,64}@.{1,253}"

_PHONE = r"[ +()./-]*(?:[0-9][ +()./-]*){7,15}(?:(?:x|ext\.?|#) ?[0-9]{1,6})?"

# British and Canadian addresses are often kept with the first half of the code, which is a place of its own.
_POSTAL_SHAPES = {
    ("US", "USA", "UNITED STATES", "UNITED STATES OF AMERICA"): r"[0-9]{5}(?:-?[0-9]{4})?",
    ("CA", "CAN", "CANADA"): r"[A-Z][0-9][A-Z](?: ?[0-9][A-Z][0-9])?",
    ("GB", "GBR", "UK", "UNITED KINGDOM", "GREAT BRITAIN"): r"[A-Z]{1,2}[0-9][0-9A-Z]?(?: ?[0-9][A-Z]{2})?",
    ("AU", "AUS", "AUSTRALIA", "AT", "AUT", "AUSTRIA", "CH", "CHE", "SWITZERLAND", "DK", "DNK", "DENMARK"): r"[0-9]{4}",
    ("BE", "BEL", "BELGIUM", "NO", "NOR", "NORWAY", "NZ", "NZL", "NEW ZEALAND"): r"[0-9]{4}",
    ("DE", "DEU", "GERMANY", "FR", "FRA", "FRANCE", "ES", "ESP", "SPAIN", "IT", "ITA", "ITALY"): r"[0-9]{5}",
    ("FI", "FIN", "FINLAND", "MX", "MEX", "MEXICO"): r"[0-9]{5}",
    ("SE", "SWE", "SWEDEN"): r"[0-9]{3} ?[0-9]{2}",
    ("NL", "NLD", "NETHERLANDS"): r"[0-9]{4} ?[A-Z]{2}",
    ("PL", "POL", "POLAND"): r"[0-9]{2}-[0-9]{3}",
    ("PT", "PRT", "PORTUGAL"): r"[0-9]{4}-[0-9]{3}",
    ("JP", "JPN", "JAPAN"): r"[0-9]{3}-?[0-9]{4}",
    ("IN", "IND", "INDIA"): r"[0-9]{3} ?[0-9]{3}",
    ("BR", "BRA", "BRAZIL"): r"[0-9]{5}-?[0-9]{3}",
}

_BY_FIELD: dict[str, tuple[Rule, ...]] = {
    "email": (
        Rule("is not shaped like an e-mail address", lambda told: told.matches(_EMAIL)),
        Rule("is longer than an e-mail address may be", lambda told: told.matches(_EMAIL_LENGTH)),
    ),
    "phone": (Rule("is not a telephone number of 7 to 15 digits", lambda told: told.matches(_PHONE)),),
    "postal_code": (
        Rule("is not shaped like a postal code of its country", lambda told: told.shaped_for_country(_POSTAL_SHAPES)),
    ),
    "birth_date": (Rule("lies more than 120 years back", lambda told: told.value >= told.long_ago),),
    "children_at_home": (
        Rule("is more than the number of children in all", lambda told: told.at_most("children_total")),
    ),
    "founded_year": (Rule("lies in the future", lambda told: told.value <= told.this_year),),
}


@cache
def rules(name: str) -> tuple[Rule, ...]:
    """The rules of a field, that of its type first; derived and market fields have none."""
    one = field(name)
    return _by_type(one) + _BY_FIELD.get(name, ()) if one.origin == "asserted" else ()


def fault(name: str, value: Any, cells: Cells, today: date) -> str | None:
    """What is wrong with a value beside the rest of its profile, in one line; None when valid or unknown."""
    kept = rules(name)
    if value is None or not kept:
        return None
    told = OneValue(value, cells, today)
    for rule in kept:
        if not rule.holds(told):
            return rule.reason
    return None


def broken_expr(table: ir.Table, name: str, clock: Clock) -> ir.IntegerValue:
    """`fault` over a column of a snapshot: which of `rules` is the first that breaks; null when valid or unknown."""
    told = OneColumn(table, name, clock.today, clock.long_ago)
    branches = [(~rule.holds(told), number) for number, rule in enumerate(rules(name))]
    return ibis.cases(*branches, else_=ibis.null("int64")) if branches else ibis.null("int64")


def _by_type(one: Field) -> tuple[Rule, ...]:
    if one.type == "choice":
        return (Rule(f"is none of {', '.join(one.values)}", lambda told: told.among(one.values)),)
    if one.type in ("money", "integer"):
        return (Rule("is negative", lambda told: told.value >= 0),)
    if one.type == "date":
        return (Rule("lies in the future", lambda told: told.value <= told.today),)
    return ()
