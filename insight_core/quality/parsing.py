"""What a steward writes, as it is stored."""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from insight_core.catalogue import Field
from insight_core.catalogue.fields import FieldType
from insight_core.errors import BadInput, NotFound
from insight_core.records.clock import epoch, parse_instant
from insight_core.records.datasets import MICRO

_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
_CURRENCY = re.compile(r"[$€£¥₹\s\u00a0\u202f'\u2019]|USD|EUR|GBP|CHF")
_LIMIT = 10**12

# How digits may be written, and which of its marks is for thousands; the first that fits is taken.
_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[0-9]+"), ""),
    (re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"), ","),
    (re.compile(r"[0-9]{1,3}(?:(?:\.[0-9]{3})+,[0-9]+|(?:\.[0-9]{3}){2,})"), "."),
    (re.compile(r"[0-9]+[.,][0-9]+"), ""),
)
_EITHER = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def parsed(one: Field, value: Any) -> str | int | bool | date:
    """A value for the field, typed as stored; raises BadInput or NotFound with the nearest right answer."""
    if value is None or not str(value).strip():
        raise BadInput(f"{one.name} needs a value.", "missing")
    return _READERS[one.type](one, value)


def _text(_: Field, value: Any) -> str:
    return str(value).strip()


def _choice(one: Field, value: Any) -> str:
    answer = str(value).strip().lower().replace(" ", "_").replace("-", "_")
    if answer not in one.values:
        raise NotFound(f"answer for {one.name}", str(value), one.values)
    return answer


def _date(one: Field, value: Any) -> date:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise BadInput(f"{one.name}: {str(value)!r} is not a date such as 2026-01-31.", "bad_date") from None


def _instant(_: Field, value: Any) -> int:
    return epoch(parse_instant(str(value).strip()))


def _boolean(one: Field, value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _YES + _NO:
        raise BadInput(f"{one.name}: {str(value)!r} is neither yes nor no.", "bad_boolean")
    return word in _YES


def _list(one: Field, value: Any) -> str:
    items = value if isinstance(value, list) else _items(one, str(value).strip())
    kept = [str(item).strip() for item in items if str(item).strip()]
    if not kept:
        raise BadInput(f"{one.name} needs at least one item.", "missing")
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _items(one: Field, text: str) -> list[Any]:
    if not text.startswith("["):
        return re.split(r"[;|,]", text)
    try:
        items: list[Any] = json.loads(text)
    except json.JSONDecodeError:
        raise BadInput(f'{one.name}: {text!r} is not a list such as ["a","b"] or a, b.', "bad_json") from None
    return items


def _whole(one: Field, value: Any) -> int:
    # Where fractions have no place, one mark before three digits can only part thousands.
    figure = _number(one, _EITHER.sub(lambda found: found[0].replace(".", ""), str(value)))
    if figure != figure.to_integral_value():
        raise BadInput(f"{one.name}: {value!r} is not a whole number.", "bad_number")
    return int(figure)


def _micro(one: Field, value: Any) -> int:
    text = str(value).strip()
    # A number that a program hands over is no spelling: its point is a decimal point.
    if isinstance(value, str) and _EITHER.fullmatch(_CURRENCY.sub("", text)):
        raise BadInput(
            f"{one.name}: {text!r} may mean {text.split('.')[0]} or thousands: write it without thousands marks.",
            "ambiguous_number",
        )
    return int((_number(one, text) * MICRO).to_integral_value())


def _number(one: Field, text: str) -> Decimal:
    bare = _CURRENCY.sub("", text)
    sign, digits = ("-", bare[1:]) if bare.startswith("-") else ("", bare.removeprefix("+"))
    for shape, thousands in _SPELLINGS:
        if shape.fullmatch(digits):
            figure = Decimal(sign + digits.replace(thousands, "").replace(",", "."))
            if abs(figure) < _LIMIT:
                return figure
    raise BadInput(f"{one.name}: {text!r} is not a number such as 1234.56 below {_LIMIT:,}.", "bad_number")


_READERS: dict[FieldType, Callable[[Field, Any], str | int | bool | date]] = {
    "text": _text,
    "choice": _choice,
    "date": _date,
    "instant": _instant,
    "boolean": _boolean,
    "list": _list,
    "integer": _whole,
    "money": _micro,
    "ratio": _micro,
}
