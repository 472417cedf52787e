"""Conditions: the small language of `actions.csv` and `channels.csv`, turned into SQL.

`stage=retired|empty_nest; quiet_days>=365; top_interest=known; product_mix~bikes`: all parts
must hold. An unknown field never satisfies a part, except `=unknown`.
"""

import re
from typing import NamedTuple

from insight_core.catalogue import field
from insight_core.catalogue.fields import FieldType
from insight_core.errors import BadInput
from insight_core.records.datasets import MICRO

_PART = re.compile(r"^(\w+)(>=|<=|!=|=|<|>|~)(.+)$")


class Fact(NamedTuple):
    """A fact made here from catalogue fields: its type, the field it cites, and its SQL over one row."""

    type: FieldType
    cites: str
    sql: str


# date_sub counts whole years; the macros are defined in `engine`.
DERIVED: dict[str, Fact] = {
    "age_years": Fact("integer", "birth_date", "date_sub('year', birth_date, today())"),
    "open_complaint": Fact(
        "boolean",
        "last_complaint_at",
        "age_days(last_complaint_at) <= complaint_open_days() AND coalesce(solved_at < last_complaint_at, TRUE)",
    ),
    "quiet_days": Fact("integer", "last_interaction_at", "age_days(last_interaction_at)"),
    "event_days": Fact("integer", "last_life_event_on", "date_diff('day', last_life_event_on, today())"),
    "customer_days": Fact("integer", "customer_since", "date_diff('day', customer_since, today())"),
    "anniversary_days": Fact(
        "integer",
        "customer_since",
        "date_diff('day', (customer_since + to_years(date_sub('year', customer_since, today())))::DATE, today())",
    ),
    "email_days": Fact("integer", "email", "age_days(email__at)"),
}


class Condition(NamedTuple):
    """One part of a condition."""

    fact: str
    operator: str
    value: str

    @property
    def cites(self) -> str:
        """The catalogue field behind the fact."""
        return DERIVED[self.fact].cites if self.fact in DERIVED else self.fact

    @property
    def type(self) -> FieldType:
        """The type of the fact; raises NotFound when there is no such field."""
        return DERIVED[self.fact].type if self.fact in DERIVED else field(self.fact).type

    @property
    def sql(self) -> str:
        """The part as SQL that is never null."""
        if self.value in ("known", "unknown"):
            return f"{self.fact} IS {'NOT ' if self.value == 'known' else ''}NULL"
        return f"coalesce({self._comparison()}, FALSE)"

    def _comparison(self) -> str:
        if self.value in ("yes", "no"):
            return f"{self.fact} = {'TRUE' if self.value == 'yes' else 'FALSE'}"
        if self.operator == "~":
            return f"contains(lower({self.fact}), {quoted(self.value.lower())})"
        if self.type in ("integer", "money", "ratio"):
            scale = 1 if self.type == "integer" else MICRO
            return f"{self.fact} {self.operator} {round(float(self.value) * scale)}"
        listed = ", ".join(quoted(one.strip().lower()) for one in self.value.split("|"))
        return f"lower({self.fact}) {'NOT IN' if self.operator == '!=' else 'IN'} ({listed})"


def conditions(text: str) -> tuple[Condition, ...]:
    """The parts of a condition; an empty text has none and always holds."""
    return tuple(_part(one.strip()) for one in text.split(";") if one.strip())


def all_hold(parts: tuple[Condition, ...]) -> str:
    """SQL that is true when every part holds."""
    return " AND ".join(f"({one.sql})" for one in parts) or "TRUE"


def quoted(text: str) -> str:
    """The text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _part(text: str) -> Condition:
    found = _PART.match(text)
    if found is None:
        raise BadInput(f"{text!r} is not a condition such as stage=retired|empty_nest or quiet_days>=365.")
    part = Condition(found[1], found[2], found[3].strip())
    field(part.cites)  # raises NotFound here and not in the middle of a run
    return part
