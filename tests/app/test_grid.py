"""What a row of Fix's grid means, from what it said at the last look and what it says now."""

from typing import Any

import pytest

import insight_core as ic
from app.components.fix_grid import Said, meant

ITEM = ic.WorkItem("1", "Ann", "email", "ann@example.com", "", "stale", 1.0)
NOTHING, TICKED = Said(confirm=False, right=None), Said(confirm=True, right=None)
TYPED, BOTH = Said(confirm=False, right="new@example.com"), Said(confirm=True, right="new@example.com")
TAKEN = {"customer": "1", "field": "email", "action": "choose", "source": "crm"}


@pytest.mark.parametrize(
    ("was", "now", "waited", "action", "value"),
    [
        (NOTHING, TICKED, None, "confirm", None),
        (NOTHING, TYPED, None, "correct", "new@example.com"),
        (TYPED, BOTH, None, "confirm", None),  # the tick came last
        (BOTH, TYPED, None, "correct", "new@example.com"),  # and goes: what was typed stands there still
        (TICKED, BOTH, None, "correct", "new@example.com"),  # what was typed came last
        (BOTH, TICKED, None, "confirm", None),
        (TICKED, NOTHING, None, None, None),
        (TYPED, NOTHING, None, None, None),
        (TYPED, TYPED._replace(right="other@example.com"), None, "correct", "other@example.com"),
        (Said(confirm=True, right="as crm says"), Said(confirm=False, right="as crm says"), TAKEN, "choose", None),
    ],
)
def test_the_last_word_counts_and_what_still_stands_there_is_not_lost(
    was: Said, now: Said, waited: dict[str, Any] | None, action: str | None, value: str | None
) -> None:
    change = meant(ITEM, was, now, waited) or {}
    assert (change.get("action"), change.get("value")) == (action, value)
