"""What is worth fixing, most valuable first.

    impact = points for the purpose x loss of the state x how much the customer matters

Loss is 1 for a missing or invalid field and for a contact point that bounced, 0.6 for a conflicting one, 1 - freshness
for a stale one (`loss`). How much a customer matters is a whole number from 1 to 6:

    newest contact or order   within 90 days 4, a year 3, three years 2, older or unknown 1
    contacts and orders       12 and more: 2 on top, 3 and more: 1 on top
    a closed account          1 in all

Only asserted fields are listed: what is derived follows from them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import ibis
import ibis.expr.types as ir

from insight_core.catalogue import field
from insight_core.errors import NotFound
from insight_core.quality.clock import Clock
from insight_core.quality.counted import part, points
from insight_core.quality.freshness import age_days_expr
from insight_core.quality.state import reason

_RECENT = ((90, 4), (365, 3), (1095, 2))
_ACTIVE = ((12, 2), (3, 1))

# By the number that stands for it in a kept answer.
PROBLEMS = ("missing", "invalid", "conflicting", "stale")


class Problem(NamedTuple):
    """A cell worth fixing. In this order of its parts the most valuable comes first, and ties go by customer and field.

    `loss` is the impact in 1e-6 points, negative; `broken` says which rule an invalid value breaks, `bounced` on which
    day since 1970 a message to it came back.
    """

    loss: int
    customer: str
    field: str
    problem: int
    broken: int | None
    days: int | None
    bounced: int | None = None

    @property
    def state(self) -> str:
        """One of PROBLEMS."""
        return PROBLEMS[self.problem]

    def because(self, purpose: str, kind: str | None) -> str:
        """One plain sentence: of a gap what it carries, else the reason of the state."""
        if self.state != "missing":
            return reason(self.field, self.state, self.broken, self.days, self.bounced)
        weight = field(self.field).weights[purpose]
        return f"missing: {part(weight, points(purpose, kind))} of what {purpose} needs"


def wanted_problems(states: Sequence[str]) -> list[int]:
    """The numbers of the states, of all of them for none; raises NotFound for one that is no state to fix."""
    for one in states:
        if one not in PROBLEMS:
            raise NotFound("state to fix", one, PROBLEMS)
    return [number for number, one in enumerate(PROBLEMS) if not states or one in states]


def matter(snapshot: ir.Table, clock: Clock) -> ir.IntegerValue:
    """How much each customer matters, 1 to 6; see the top of this file."""
    recent = ibis.cases(*((_within(snapshot, clock, days), band) for days, band in _RECENT), else_=1)
    count = snapshot["interaction_count"].fill_null(0) + snapshot["order_count"].fill_null(0)
    active = ibis.cases(*((count >= least, extra) for least, extra in _ACTIVE), else_=0)
    return ibis.ifelse(snapshot["account_status"] == "closed", 1, recent + active).cast("int64")


def _within(snapshot: ir.Table, clock: Clock, days: int) -> ir.BooleanValue:
    contacted = age_days_expr(snapshot["last_interaction_at"], clock.day) <= days
    return contacted | (clock.today.delta(snapshot["last_order_date"], unit="day") <= days)
