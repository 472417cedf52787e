"""Values: from how they are kept to how people and programs read them."""

import json
from datetime import date
from typing import Any

from insight_core.catalogue import Field
from insight_core.records.clock import instant, iso
from insight_core.records.datasets import MICRO


def readable(field: Field, stored: Any) -> Any:
    """The value as Python people expect it: numbers, dates, aware datetimes, lists; None stays None."""
    if stored is None:
        return None
    if field.type in ("money", "ratio"):
        return stored / MICRO
    if field.type == "instant":
        return instant(stored)
    if field.type == "list":
        return json.loads(stored) if stored.startswith("[") else [stored]
    return stored


def plain(field: Field, stored: Any) -> Any:
    """The value as JSON holds it: dates and instants as ISO text, money and ratios as numbers."""
    if field.type == "instant":
        return iso(stored)
    value = readable(field, stored)
    return value.isoformat() if isinstance(value, date) else value
