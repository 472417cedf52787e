"""Limits: how a rate says what it means and what it may be, and how that is held."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Any

from insight_core.errors import BadInput

WHOLE = ("years", "leave_home_age", "retirement_age", "young_until", "young_child_until", "nest_from", "circle_size")


def rate(default: float, meaning: str, low: float = 0.0, high: float = 1.0) -> Any:
    """A number with its meaning and its limits."""
    return field(default=default, metadata={"meaning": meaning, "low": low, "high": high})


def table(default: dict[str, float], meaning: str, low: float = 0.0, high: float = 1.0) -> Any:
    """Several numbers by name; the names are fixed."""
    limits = {"meaning": meaning, "low": low, "high": high, "names": tuple(default)}
    return field(default_factory=lambda: dict(default), metadata=limits)


def check(name: str, value: Any, limits: Mapping[str, Any]) -> None:
    """Raise BadInput when a rate, or an entry of a table, lies outside its limits."""
    if name == "end":
        _check_day(value)
        return
    entries = value.items() if isinstance(value, Mapping) else [("", value)]
    for entry, number in entries:
        label = f"{name}.{entry}" if entry else name
        whole = name in WHOLE
        if isinstance(number, bool) or not isinstance(number, int if whole else (int, float)):
            raise BadInput(f"{label} must be a {'whole ' if whole else ''}number, not {number!r}.")
        if not limits["low"] <= number <= limits["high"]:
            raise BadInput(f"{label} must lie between {limits['low']:g} and {limits['high']:g}, not {number:g}.")


def _check_day(value: Any) -> None:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadInput(f"end must be a date such as 2026-06-30, not {value!r}.") from None
    if (day.month, day.day) != (6, 30):
        raise BadInput(f"end must be a 30 June, because the world is counted in whole years; not {value}.")
