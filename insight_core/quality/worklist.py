"""What is worth fixing, most valuable first.

    impact = points for the purpose x loss of the state x how much the customer matters

Loss is 1 for a missing or invalid field, 0.6 for a conflicting one, 1 - freshness for a stale one
(`loss`). How much a customer matters is a whole number from 1 to 6:

    newest contact or order   within 90 days 4, a year 3, three years 2, older or unknown 1
    contacts and orders       12 and more: 2 on top, 3 and more: 1 on top
    a closed account          1 in all

Only asserted fields are listed: what is derived follows from them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from insight_core.catalogue import Field
from insight_core.errors import NotFound
from insight_core.quality.applies import ORGANISATION, PERSON
from insight_core.quality.counted import points, weighed
from insight_core.quality.long import cells
from insight_core.quality.loss import loss_expr
from insight_core.quality.state import reason_expr
from insight_core.quality.validity import utc_date
from insight_core.records.clock import DAY, epoch
from insight_core.records.datasets import MICRO

_RECENT = ((90, 4), (365, 3), (1095, 2))
_ACTIVE = ((12, 2), (3, 1))


PROBLEMS = ("missing", "invalid", "conflicting", "stale")


def worklist(snapshot: ir.Table, purpose: str, now: datetime, limit: int, states: Sequence[str] = PROBLEMS) -> ir.Table:
    """The `limit` cells that a fix wins back most for: customer_id, name, field, value, state, reason, impact.

    `value` is text (amounts with two decimals), null where missing; `state` is missing, invalid,
    conflicting or stale, and one of `states`; `impact` is in 1e-6 points. Ties go by customer id,
    then field. Raises NotFound for an unknown purpose or state.
    """
    for one in states:
        if one not in PROBLEMS:
            raise NotFound("state to fix", one, PROBLEMS)
    chosen = [one for one, _ in weighed(purpose) if one.origin == "asserted"]
    weights = {one.name: one.weights[purpose] for one in chosen}
    keep = {"matter": matter(snapshot, now), "customer_kind": snapshot["kind"]}
    work = cells(snapshot, {"weight": weights}, now, keep)
    work = work.filter(work["expected"] | work["known"])
    work = work.mutate(impact=work["weight"] * loss_expr(work["state"], work["micro"]) * work["matter"])
    wanted = ["unknown" if one == "missing" else one for one in states]
    work = work.filter((work["impact"] > 0) & work["state"].isin(wanted))
    top = work.order_by(work["impact"].desc(), "customer_id", "field").limit(limit)
    return _told(top, snapshot, chosen, purpose)


def matter(snapshot: ir.Table, now: datetime) -> ir.IntegerValue:
    """How much each customer matters, 1 to 6; see the top of this file."""
    recent = ibis.cases(*((_since(snapshot, now, days), band) for days, band in _RECENT), else_=1)
    count = snapshot["interaction_count"].fill_null(0) + snapshot["order_count"].fill_null(0)
    active = ibis.cases(*((count >= least, extra) for least, extra in _ACTIVE), else_=0)
    return ibis.ifelse(snapshot["account_status"] == "closed", 1, recent + active).cast("int64")


def _since(snapshot: ir.Table, now: datetime, days: int) -> ir.BooleanValue:
    contacted = snapshot["last_interaction_at"] >= epoch(now) - days * DAY
    ordered = snapshot["last_order_date"] >= ibis.literal(utc_date(now) - timedelta(days=days))
    return contacted | ordered


def _told(top: ir.Table, snapshot: ir.Table, chosen: list[Field], purpose: str) -> ir.Table:
    missing = top["state"] == "unknown"
    told = top.mutate(
        reason=ibis.ifelse(missing, _carries(top, purpose), reason_expr(top)),
        state=ibis.ifelse(missing, "missing", top["state"]),
    ).select("customer_id", "field", "state", "reason", "impact")
    values = snapshot.select(
        known_id="customer_id", name="name", **{f"{one.name}__value": snapshot[one.name] for one in chosen}
    )
    told = told.inner_join(values, told["customer_id"] == values["known_id"])
    value = ibis.cases(*((told["field"] == one.name, _text(told[f"{one.name}__value"], one)) for one in chosen))
    told = told.select("customer_id", "name", "field", "state", "reason", "impact", value=value)
    columns = ("customer_id", "name", "field", "value", "state", "reason", "impact")
    return told.select(*columns).order_by(told["impact"].desc(), "customer_id", "field")


def _carries(top: ir.Table, purpose: str) -> ir.StringValue:
    kinds = [(top["customer_kind"] == kind, str(points(purpose, kind))) for kind in (PERSON, ORGANISATION)]
    total = ibis.cases(*kinds, else_=str(points(purpose, None)))
    return ibis.literal("missing: carries ") + top["weight"].cast("string") + " of " + total + f" points for {purpose}"


def _text(value: ir.Value, one: Field) -> ir.StringValue:
    if one.type not in ("money", "ratio"):
        return value.cast("string")
    cents = (value.abs() // (MICRO // 100)).cast("int64")
    sign = ibis.ifelse(value < 0, "-", "")
    return sign + (cents // 100).cast("string") + "." + (cents % 100).cast("string").lpad(2, "0")
