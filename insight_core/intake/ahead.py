"""Ahead: rows that tell of the past and are dated later than the clock of the load.

One such date would do harm far beyond its row: a consent would hide the withdrawal before it, a party's word would
beat every newer one and look fresh for years, and one sale in 2199 would make every company look as if it had stopped
buying. So these rows are quarantined. References and market figures are not: next year's prices are said in advance.
"""

from insight_core.intake import values as v
from insight_core.intake.reasons import Reason
from insight_core.intake.targets import Target
from insight_core.records.clock import DAY, iso

# Condition, reason and message.
Fault = tuple[str, Reason, str]

_PAST = {
    "parties": ("observed_at", "verified_at"),
    "interactions": ("occurred_at",),
    "usage": ("occurred_at",),
    "consents": ("decided_at",),
}
# Who says no is heard whatever the date: to lose it would be worse than a wrong date.
_NO = {"interactions": ("outcome", "opted_out"), "consents": ("status", "withdrawn")}


def ahead(dataset: str, target: Target, wanted: list[Target], now: int) -> list[Fault]:
    """What is wrong with a date of the past that lies more than a day ahead: files seldom name their zone."""
    if target.name not in _PAST.get(dataset, ()):
        return []
    condition = f"{v.name('v_' + target.name)} > {now + DAY}"
    column, no = _NO.get(dataset, ("", ""))
    if column in {one.name for one in wanted}:
        condition += f" AND {v.name('v_' + column)} IS DISTINCT FROM {v.quoted(no)}"
    message = (
        f"{target.name} lies ahead of the clock of this load, {iso(now)}: "
        "correct the date, or load the row when that day has come."
    )
    return [(f"({condition})", Reason.BAD_DATE, message)]
