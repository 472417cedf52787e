"""Usage pattern: how often, how much, when and through what the customer deals with us.

Contacts are those with the company: what customers have with each other belongs to the
community of interest. A *use* is one order (all rows of one usage_id) or one other row of usage; returns are no use. An
order that two sources tell is counted once, with the higher amount and the earlier date. Dates are
UTC dates. The trend compares the 365 days before the customer's own newest use with the 365 days
before those; the newest use marks the end and is not counted, or else everybody would seem to grow.
It is unknown with less than 730 days of history, fewer than `_MIN_USES` uses, or none in the
earlier year; it is steady within 10% and within one standard deviation of a count (Poisson).
"""

import ibis
from ibis import _
from ibis.expr.types import Table

from insight_core.facets.bounces import bounces
from insight_core.facets.expr import counted, date_of, day_of, json_array, micro, ranked, shaped, whole_sum
from insight_core.facets.preferences import (
    CHANNELS,
    DAYPART_SHARES,
    DAYPARTS,
    EVEN,
    USE_POINTS,
    WEEKPART_SHARES,
    WEEKPARTS,
    channel_place,
    daypart_place,
    preferred,
    signals,
    weekpart_place,
)
from insight_core.facets.rule import Evidence
from insight_core.facets.usage_sentence import sentence
from insight_core.records.clock import DAY
from insight_core.records.datasets import MICRO

__all__ = ["derive", "sentence", "uses"]

_MIX_LENGTH = 20
_MIN_USES = 4
_YEAR = 365 * DAY


def derive(e: Evidence) -> Table:
    """Rhythm, volume, preferences and trend of everybody with a contact or a use."""
    contacts = e.interactions.filter(_.customer_id.notnull() & _.counterpart_id.isnull())
    usage = e.usage.filter(_.customer_id.notnull())
    taken = uses(usage)
    parts = [
        _contacts(contacts),
        _rows(usage),
        _mix(contacts, "channel", "channel_mix"),
        _orders(taken),
        _trend(taken),
        _mix(usage, "category", "product_mix"),
        *_preferences(contacts, taken),
    ]
    return shaped(_clocked(_joined(parts)), "usage_pattern")


def uses(usage: Table) -> Table:
    """One row per use: customer_id, kind, at (epoch seconds), amount (null when not told)."""
    rows = usage.filter(_.kind.isnull() | (_.kind != "return"))
    numbered = ((_.kind == "order") & _.usage_id.notnull()).fill_null(False)
    told = rows.filter(numbered).group_by("customer_id", "usage_id", "record_id")
    by_record = told.agg(at=_.occurred_at.min(), amount=whole_sum(_.amount))
    orders = by_record.group_by("customer_id", "usage_id").agg(at=_.at.min(), amount=_.amount.max())
    alone = rows.filter(~numbered).select("customer_id", "kind", "amount", at=_.occurred_at)
    return alone.union(orders.select("customer_id", "amount", "at", kind=ibis.literal("order")))


def _contacts(contacts: Table) -> Table:
    counts = contacts.group_by("customer_id").agg(
        first_contact_at=_.occurred_at.min(),
        last_interaction_at=_.occurred_at.max(),
        interaction_count=_.count(),
        inbound=_.count(where=_.direction == "inbound"),
        directed=_.direction.count(),
        felt=whole_sum(_.sentiment),
        feelings=_.sentiment.count(),
        last_complaint_at=_.occurred_at.max(where=_.topic.lower().contains("complain")),
        **bounces(contacts),
    )
    span = _.last_interaction_at - _.first_contact_at
    return counts.mutate(
        contact_gap_days=micro(span, (_.interaction_count - 1) * DAY),
        inbound_share=micro(_.inbound, _.directed),
        average_sentiment=(_.felt // _.feelings.nullif(0)),
    )


def _mix(rows: Table, column: str, name: str) -> Table:
    """How often each value of a column occurs per customer, as a JSON list of {"name", "count"}."""
    each = rows.filter(rows[column].notnull()).group_by("customer_id", column).agg(n=_.count())
    listed = each.group_by("customer_id").agg(items=ranked(counted(each[column], each.n), each.n).collect())
    return listed.select("customer_id", **{name: json_array(listed["items"], _MIX_LENGTH)})


def _rows(usage: Table) -> Table:
    return usage.group_by("customer_id").agg(usage_rows=_.count(), last_use=_.occurred_at.max())


def _orders(taken: Table) -> Table:
    counts = (
        taken.filter(_.kind == "order")
        .group_by("customer_id")
        .agg(
            order_count=_.count(),
            order_value=whole_sum(_.amount),
            valued=_.amount.count(),
            oldest=_.at.min(),
            newest=_.at.max(),
        )
    )
    return counts.mutate(
        average_order_value=(_.order_value // _.valued.nullif(0)),
        first_order_date=date_of(day_of(_.oldest)),
        last_order_date=date_of(day_of(_.newest)),
        order_gap_days=micro(_.newest - _.oldest, (_.order_count - 1) * DAY),
    )


def _trend(taken: Table) -> Table:
    ends = taken.group_by("customer_id").agg(end=_.at.max(), start=_.at.min())
    long_enough = ends.filter(_.end - _.start >= 2 * _YEAR).select("customer_id", "end")
    dated = taken.join(long_enough, "customer_id").mutate(back=_.end - _.at).filter(_.back <= 2 * _YEAR)
    years = dated.group_by("customer_id").agg(
        recent=_.count(where=(_.back > 0) & (_.back <= _YEAR)), before=_.count(where=_.back > _YEAR)
    )
    known = years.filter((_.before > 0) & (_.recent + _.before >= _MIN_USES))
    change = known.mutate(usage_change=micro(_.recent - _.before, _.before), step=_.recent - _.before)
    clear = (_.step * _.step > _.recent + _.before) & (_.usage_change.abs() > MICRO // 10)
    trend = ibis.cases((~clear, "steady"), (_.step > 0, "growing"), else_="falling")
    return change.mutate(usage_trend=trend).select("customer_id", "usage_trend", "usage_change")


def _preferences(contacts: Table, taken: Table) -> list[Table]:
    reached = signals(contacts)
    one, none = ibis.literal(1, "int64"), ibis.literal(0, "int64")
    bought = taken.select("customer_id", "at", points=one * USE_POINTS, tried=none, answered=none)
    timed = reached.drop("channel").union(bought)
    return [
        preferred(reached, channel_place(reached), CHANNELS, EVEN, "preferred_channel"),
        preferred(timed, daypart_place(timed), DAYPARTS, DAYPART_SHARES, "preferred_hours"),
        preferred(timed, weekpart_place(timed), WEEKPARTS, WEEKPART_SHARES, "preferred_weekdays"),
    ]


def _joined(parts: list[Table]) -> Table:
    customers = ibis.union(*(part.select("customer_id") for part in parts[:2]), distinct=True)
    for part in parts:
        customers = customers.left_join(part, "customer_id").drop("customer_id_right")
    return customers


def _clocked(joined: Table) -> Table:
    return joined.mutate(
        derived_at=ibis.greatest(
            ibis.coalesce(_.last_interaction_at, _.last_use), ibis.coalesce(_.last_use, _.last_interaction_at)
        ),
        evidence_count=ibis.coalesce(_.interaction_count, 0) + ibis.coalesce(_.usage_rows, 0),
    )
