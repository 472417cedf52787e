"""Fixes: whether a steward may make this change, and the value as it is stored."""

from datetime import datetime
from typing import Any, Literal, get_args

from insight_core.catalogue import Field, field
from insight_core.errors import BadInput, NotFound, Refused
from insight_core.quality.applies import applies
from insight_core.quality.cell import Cells
from insight_core.quality.parsing import parsed
from insight_core.quality.rules import fault
from insight_core.quality.validity import utc_date

Action = Literal["confirm", "correct", "choose"]

_CONTACTS = "load the contacts it is counted from"
_ORDERS = "load the orders it is counted from"
_HOUSEHOLD = "correct street, postal_code, address_since or family_name of its members"
_FIGURES = "load newer market figures, or correct postal_code or country"

# What to mend instead, for each field that is worked out from others.
INSTEAD: dict[str, str] = {
    "stage": "correct birth_date, marital_status, employment_status or children_at_home",
    "stage_since": "correct birth_date, marital_status, employment_status or children_at_home",
    "stage_reason": "correct birth_date, marital_status, employment_status or children_at_home",
    "last_life_event": "correct marital_status, employment_status, children_total or address_since",
    "last_life_event_on": "correct marital_status, employment_status, children_total or address_since",
    "household_id": _HOUSEHOLD,
    "household_size": _HOUSEHOLD,
    "household_adults": "correct birth_date of the members",
    "household_children": "correct birth_date of the members",
    "household_members": _HOUSEHOLD,
    "household_since": "correct address_since of the members",
    "household_basis": _HOUSEHOLD,
    "interests": "correct stated_interests, or " + _ORDERS,
    "top_interest": "correct stated_interests, or " + _ORDERS,
    "company_size": "correct employees, annual_revenue or annual_sales",
    "growth": _ORDERS,
    "direction": "correct employees or annual_revenue, or " + _ORDERS,
    "direction_reason": "correct employees or annual_revenue, or " + _ORDERS,
    "area_income": _FIGURES,
    "area_population": _FIGURES,
    "area_kind": _FIGURES,
    "industry_growth": "load newer market figures, or correct industry_code",
}


def validate_change(
    name: str,
    action: str,
    value: Any,
    kind: str | None,
    now: datetime | None = None,
    cells: Cells | None = None,
) -> Any:
    """The value of a change as it is stored; None where the action itself names it (confirm, or choose by source).

    Given `now`, the value must also keep the rules of its field beside the other cells of the
    profile. Raises NotFound for an unknown field, action or answer, Refused for a derived field
    or one that does not apply to the kind, BadInput for a value that cannot be read or is invalid.
    """
    one = field(name)
    if action not in get_args(Action):
        raise NotFound("action", action, get_args(Action))
    _may_change(one, kind)
    if action == "confirm" or (action == "choose" and value is None):
        return None
    stored = parsed(one, value)
    wrong = fault(name, stored, cells or {}, utc_date(now)) if now else None
    if wrong:
        raise BadInput(f"{name}: {str(value)!r} {wrong}.", "invalid")
    return stored


def _may_change(one: Field, kind: str | None) -> None:
    if one.origin != "asserted":
        raise Refused(f"{one.name} is {_made(one)}: {instead(one)} instead.")
    if kind is not None and not applies(one.name, kind):
        article = "an" if kind.startswith("o") else "a"
        raise Refused(f"{one.name} does not apply to {article} {kind}.")


def instead(one: Field) -> str:
    """What to do to change a field that is worked out from others."""
    counted = _ORDERS if any(word in one.name for word in ("order", "product", "usage")) else _CONTACTS
    return INSTEAD.get(one.name, counted)


def _made(one: Field) -> str:
    return "a market figure" if one.origin == "market" else "derived"
