"""Values: from how they are kept to how people and programs read them."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from insight_core.catalogue import Field
from insight_core.records.clock import instant, iso
from insight_core.records.datasets import MICRO


def readable(field: Field, stored: Any) -> Any:
    """The value as Python people expect it: numbers, dates, aware datetimes, lists; None stays None."""
    made = _READABLE.get(field.type)
    return stored if made is None or stored is None else made(stored)


def plain(field: Field, stored: Any) -> Any:
    """The value as JSON holds it: dates and instants as ISO text, money and ratios as numbers."""
    if field.type == "instant":
        return iso(stored)
    value = readable(field, stored)
    return value.isoformat() if isinstance(value, date) else value


def _shares(stored: int) -> float:
    return stored / MICRO


def _parsed(stored: str) -> list[Any]:
    found: list[Any] = json.loads(stored) if stored.startswith("[") else [stored]
    return found


# the others are kept as they are read
_READABLE: dict[str, Callable[[Any], Any]] = {
    "money": _shares, "ratio": _shares, "instant": instant, "list": _parsed,
}  # fmt: skip
