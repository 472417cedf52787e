"""Others: customers that a field names, by their names, each one click away."""

from collections.abc import Sequence
from typing import Any

from app import cached
from app.components import clicks

FIELDS = ("household_members", "circle")
OPEN = "open"
_FEW = 8


def links(value: Sequence[Any]) -> str:
    """HTML of the customers of the field, with how often one was in contact; those the purpose may not name by id."""
    told = [(one["customer"], one["contacts"]) if isinstance(one, dict) else (one, None) for one in value]
    names = cached.names([customer for customer, _ in told[:_FEW]])
    body = "".join(_link(customer, names.get(customer) or customer, often) for customer, often in told[:_FEW])
    more = f"<span>and {len(told) - _FEW:,} more</span>" if len(told) > _FEW else ""
    return f'<div class="iw-gaps iw-others">{body}{more}</div>'


def _link(customer: str, name: str, often: int | None) -> str:
    count = f" ({often:,})" if often else ""
    return f"<span>{clicks.button(name, [OPEN, customer], f'Open the profile of {name}')}{count}</span>"
