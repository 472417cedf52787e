"""Words for the facets' sentences: numbers, dates and lists as people say them."""

import json
from datetime import date, datetime
from typing import Any

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def count(number: int, one: str, many: str | None = None) -> str:
    """A counted noun: 'no orders', 'one order', '31 days'."""
    noun = one if number == 1 else many or f"{one}s"
    return f"{_SMALL[number] if 0 <= number < len(_SMALL) else f'{number:,}'} {noun}"


def amount(value: float) -> str:
    """An amount without a currency, with cents only when it is small."""
    return f"{value:,.2f}" if abs(value) < 1000 and value != int(value) else f"{value:,.0f}"


def percent(ratio: float) -> str:
    """A signed percentage without decimals."""
    return f"{round(ratio * 100):+d}%"


def month(day: date | datetime) -> str:
    """The month of a day: 'March 2026'."""
    return day.strftime("%B %Y")


def ago(day: date | datetime, now: datetime) -> str:
    """How long ago, roughly: 'today', '12 days ago', 'four months ago', 'two years ago'."""
    days = (now.date() - (day.date() if isinstance(day, datetime) else day)).days
    if days < 0:
        return f"on {day:%Y-%m-%d}"
    if days < 1:
        return "today"
    if days < 60:
        return f"{count(days, 'day')} ago"
    return f"{count(days // 30, 'month')} ago" if days < 730 else f"{count(days // 365, 'year')} ago"


def listed(words: list[str]) -> str:
    """Words in a row: 'a, b and c'."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def items(value: Any) -> list[Any]:
    """The items of a list field, given as JSON text or already read; unknown is an empty list."""
    return list(json.loads(value) if isinstance(value, str) else value or [])


def as_sentence(parts: list[str], nothing: str) -> str:
    """The parts as one sentence with a capital and a full stop; `nothing` when there are none."""
    text = ", ".join(part for part in parts if part)
    return f"{text[0].upper()}{text[1:]}." if text else nothing
