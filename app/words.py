"""What the screens call things: fields as the catalogue tells them, facets, purposes, states."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from app import text
from insight_core.catalogue import FACETS, PURPOSES, Field, field, fields
from insight_core.records.datasets import MICRO, payload

__all__ = ["FACETS", "PURPOSES", "field", "fields"]

FACET_TITLES = {
    "usage_pattern": "Usage pattern",
    "demographics": "Demographics",
    "life_stage": "Life stage",
    "household": "Household",
    "community_of_interest": "Community of interest",
    "business_direction": "Business direction",
    "identity": "Identity and contact points",
}

KINDS = {"person": "Person", "organisation": "Organisation", "unknown": "Kind unknown", "withheld": "Kind withheld"}

# score: (what it is called, what it answers)
SCORES = {
    "completeness": ("Complete", "Of what the purpose needs, how much is known"),
    "freshness": ("Fresh", "How much of its life the dated information still has"),
    "accuracy": ("Accurate", "How much is valid and told alike by every source"),
    "lawful": ("Lawful", "How much of what is known may be used for the purpose"),
}

# state: the word for it
STATES = {
    "fresh": "fresh",
    "ageing": "ageing",
    "stale": "stale",
    "undated": "undated",
    "conflicting": "conflicting",
    "invalid": "invalid",
    "unknown": "missing",
    "withheld": "withheld",
}

# A recipe says these for all its rows.
_SET_BY_RECIPE = {"key", "method", "rank", "basis", "area_key", "counterpart_id"}


_CODED = ("preferred_channel",)  # texts that hold a code
_SENTENCES = ("direction_reason",)  # texts that the core wrote
_FIELDS = {one.name for one in fields()}

_ONE = {"people": "person", "cars": "car", "children": "child", "months": "month", "days": "day", "contacts": "contact",
        "orders": "order", "customers": "customer"}  # fmt: skip

_PLAIN_NAMES = {
    "observed_at": "True as of",
    "verified_at": "Last checked",
    "email": "E-mail",
    "email_bounced_at": "E-mail bounced",
    "phone_bounced_at": "Call or text bounced",
    "street_bounced_at": "Letter bounced",
    "kind": "Kind",
    "stage": "Life stage",
    "direction": "Direction",
}


# The value says the unit itself.
_UNIT_OR_CLOCK = re.compile(r"_(at|days|months)$")


def targets(dataset: str) -> list[str]:
    """What a column of a file may become in a dataset."""
    return [*(name for name in payload(dataset) if name not in _SET_BY_RECIPE)]


def name_of(field_name: str) -> str:
    """What a field is called on the screen."""
    return _PLAIN_NAMES.get(field_name) or text.sentence(_UNIT_OR_CLOCK.sub("", field_name))


# A day that shows how one is written stays as it is.
_ISO_DAY = re.compile(r"(?<!ISO 8601 \()\b\d{4}-\d{2}-\d{2}\b")
_AGED = re.compile(r"\b(\d+) days old(?:, half-life (\d+) days|; the limit is (\d+))?")
# Names of fields are singular and plural: neither `is` nor `are` fits all of them.
_LACKING = re.compile(r" is missing: (?=\d)")
_FIRST = re.compile(r": (?=(?:ask|confirm it|ask for explicit consent) first)")
_HELD = re.compile(r"\b(\d+) withheld (fields?)")


def readable(told: str) -> str:
    """A reason of the core with the codes in it as words, its ages and days as they stand elsewhere on the screen."""
    told = _AGED.sub(_aged, dated(told))
    told = _FIRST.sub("; ", told)
    told = _HELD.sub(r"\1 \2 withheld", _LACKING.sub(" missing: ", told))
    return re.sub(r"(?<![@.-])\b(?:email(?![@.-]\w)|[a-z]+(?:_[a-z]+)+)\b", lambda code: _plain(code[0]), told)


def dated(told: str) -> str:
    """A sentence of the core with its days and its figures below nought as they stand elsewhere on the screen."""
    return text.minus(_ISO_DAY.sub(_day, told))


def brief(told: str) -> str:
    """The same where there is little room: an age without how fast such values change."""
    return readable(told).partition("; half of such")[0]


def because(reasons: Iterable[str]) -> str:
    """Several reasons in a line."""
    return "; ".join(readable(one) for one in reasons)


def about_field(told: str) -> str:
    """A mistake of the core: one about a field, which it names first by its code, tells the field's name."""
    code, colon, rest = told.partition(": ")
    return f"{name_of(code)}{colon}{rest}" if code in _FIELDS else told


def refused(cell: Mapping[str, Any]) -> dict[str, str]:
    """A cell that could not be read: its column, what stands in it, and why, with fields by their names."""
    code, _, rest = str(cell["message"]).partition(" ")
    why = f"“{name_of(code)}” {readable(rest)}" if code.islower() else readable(str(cell["message"]))
    return {"Column": cell["column"] or "the whole row", "Value": cell["value"] or "(empty)", "Why": why}


def _day(found: re.Match[str]) -> str:
    try:
        return text.day(found[0])
    except ValueError:  # it only looks like a day
        return found[0]


def _aged(found: re.Match[str]) -> str:
    days, half_life, limit = (int(one) if one else None for one in found.groups())
    told = f"{text.span(days)} old" if days else "of today"
    told += f"; half of such change within {text.span(half_life)}" if half_life else ""
    return told + (f"; the limit is {text.span(limit)}" if limit else "")


def _plain(code: str) -> str:
    """A code inside a sentence: a field by its name, another as its words."""
    if code not in _FIELDS:
        return text.words(code)
    return text.lowered(name_of(code))


def shown(field_name: str, value: Any) -> str:
    """A field's value as people read it; a dash for what is not known."""
    if value is None:
        return text.DASH
    one = field(field_name)
    if one.type in ("date", "instant"):
        return text.day(str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return text.joined(value)
    if one.type == "choice" or field_name in _CODED:
        return text.words(value)
    return dated(str(value)) if field_name in _SENTENCES else _with_unit(one, _figure(one, value))


def shown_stored(field_name: str, value: Any) -> str:
    """The same for a value as a record holds it: money and ratios in millionths, lists as JSON."""
    one = field(field_name)
    if one.type in ("money", "ratio") and isinstance(value, int):
        return shown(field_name, value / MICRO)
    if one.type == "list" and isinstance(value, str) and value.startswith("["):
        return shown(field_name, json.loads(value))
    return shown(field_name, value)


def told(fact: str, value: str) -> str:
    """What a reason says of a fact: a field's figure with its unit, anything else in words."""
    if fact in _FIELDS and field(fact).type in ("integer", "money", "ratio"):
        return shown(fact, float(value))
    return readable(value)


def _figure(one: Field, value: Any) -> str:
    if one.type == "money":
        return text.number(float(value), 0 if float(value).is_integer() else 2)
    if one.type == "ratio":
        return text.percent(float(value)) if one.unit.startswith("share") else text.number(float(value), 1)
    if one.type == "integer" and one.unit != "year":
        return text.number(int(value))
    return str(value)


def _with_unit(one: Field, told: str) -> str:
    unit = one.unit.removeprefix("share").strip()
    if not unit or unit in ("year", "-1 to 1"):
        return told
    return f"{told} {_ONE.get(unit, unit) if told == '1' else unit}"
