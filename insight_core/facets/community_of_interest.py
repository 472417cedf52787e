"""Community of interest: what a customer cares for, and whom a customer is in contact with.

Interests are weighed: a use of a product category 2, an inbound or answered contact about a
topic 1, an interest that the customer stated `_STATED`. Topics of service (bills, deliveries,
complaints, ...) are no interests. `interest_share` counts doings only. The circle are the
other customers of direct contacts, in both directions; one contact that both sides report
(same pair, second and channel) counts once.
"""

import ibis
from ibis import _
from ibis.expr.types import StringValue, Table

from insight_core.facets.community_sentence import sentence
from insight_core.facets.expr import counted, json_list, micro, quoted, shaped, whole_sum
from insight_core.facets.preferences import ANSWERED
from insight_core.facets.rule import Evidence
from insight_core.market import first_rows

__all__ = ["derive", "sentence"]

_USE, _TOPIC, _STATED = 2, 1, 4
_INTERESTS, _CIRCLE = 5, 20

_SERVICE_WORDS = (
    "account", "address", "appointment", "bill", "cancel", "complain", "contract", "deliver", "fault", "feedback",
    "help", "information", "inquiry", "invoice", "login", "moving", "order", "outage", "password", "payment",
    "question", "refund", "reminder", "renewal", "repair", "return", "satisfaction", "service", "shipping", "support",
    "survey", "technical", "upgrade", "warranty", "welcome",
)  # fmt: skip


def derive(e: Evidence) -> Table:
    """Interests and circle of everybody who has one of them."""
    doings = _doings(e)
    stated = _stated(e.folded)
    meetings = _meetings(e.interactions)
    named = _interests(doings, stated)
    circle = _circle(meetings)
    base = ibis.union(named.select("customer_id"), circle.select("customer_id"), distinct=True)
    for part in (named, circle, _clock(doings, e.folded)):
        base = base.left_join(part, "customer_id").drop("customer_id_right")
    return shaped(_clocked(base), "community_of_interest")


def _doings(e: Evidence) -> Table:
    """customer_id, interest, weight, n, at: what customers did, per interest."""
    bought = e.usage.filter(_.kind.isnull() | (_.kind != "return"))
    used = bought.select(
        "customer_id", "occurred_at", interest=_name(bought.category), weight=ibis.literal(_USE, "int64")
    )
    spoke = (_.direction == "inbound") | ((_.direction == "outbound") & _.outcome.isin(ANSWERED))
    talked = e.interactions.filter(spoke)
    topics = talked.select(
        "customer_id", "occurred_at", interest=_name(talked.topic), weight=ibis.literal(_TOPIC, "int64")
    )
    about = topics.filter(~topics.interest.re_search("|".join(_SERVICE_WORDS)))
    return (
        used.union(about)
        .filter(_.interest.notnull() & _.customer_id.notnull())
        .group_by("customer_id", "interest", "weight")
        .agg(n=_.count(), at=_.occurred_at.max())
    )


def _stated(folded: Table) -> Table:
    """customer_id, interest: the interests in the customers' own words."""
    compact = folded.stated_interests.re_replace(r'"\s*,\s*"', '","').re_replace(r'^\s*\[\s*"?|"?\s*\]\s*$', "")
    words = folded.filter(compact.notnull()).select("customer_id", word=compact.split('","').unnest())
    return words.select("customer_id", interest=_name(words.word)).filter(_.interest.notnull()).distinct()


def _name(text: StringValue) -> StringValue:
    return text.lower().strip().nullif("")


def _interests(doings: Table, stated: Table) -> Table:
    done = doings.select("customer_id", "interest", "n", strength=doings.n * doings.weight)
    none, weight = ibis.literal(0, "int64"), ibis.literal(_STATED, "int64")
    both = done.union(stated.select("customer_id", "interest", n=none, strength=weight))
    each = both.group_by("customer_id", "interest").agg(n=whole_sum(_.n), strength=whole_sum(_.strength))
    totals = each.group_by("customer_id").agg(total=whole_sum(_.n))
    best = first_rows(each, "customer_id", [_.strength.desc(), _.interest]).join(totals, "customer_id")
    top = best.select("customer_id", top_interest=best.interest, interest_share=micro(best.n, best.total))
    return top.join(json_list(each, quoted(each.interest), each.strength, "interests", _INTERESTS), "customer_id")


def _meetings(interactions: Table) -> Table:
    """customer_id, other, contacts, at: how often a customer was in contact with another one."""
    met = interactions.filter(_.counterpart_customer.notnull() & (_.counterpart_customer != _.customer_id))
    pair = ["occurred_at", "channel"]
    there = met.select(*pair, customer_id=met.customer_id, other=met.counterpart_customer)
    back = met.select(*pair, customer_id=met.counterpart_customer, other=met.customer_id)
    return (
        there.union(back, distinct=True)
        .group_by("customer_id", "other")
        .agg(contacts=_.count(), at=_.occurred_at.max())
    )


def _circle(meetings: Table) -> Table:
    sizes = meetings.group_by("customer_id").agg(
        circle_size=_.count(), circle_contacts=whole_sum(_.contacts), met_at=_.at.max()
    )
    item = counted(meetings.other, meetings.contacts, ("customer", "contacts"))
    return sizes.join(json_list(meetings, item, meetings.contacts, "circle", _CIRCLE), "customer_id")


def _clock(doings: Table, folded: Table) -> Table:
    """Newest doing and statement, and how many there are."""
    done = doings.group_by("customer_id").agg(did_at=_.at.max(), did=whole_sum(_.n))
    said = folded.filter(_.stated_interests.notnull()).select(
        "customer_id", said_at=_.stated_interests__at, said=ibis.literal(1, "int64")
    )
    both = ibis.union(done.select("customer_id"), said.select("customer_id"), distinct=True)
    for part in (done, said):
        both = both.left_join(part, "customer_id").drop("customer_id_right")
    return both


def _clocked(base: Table) -> Table:
    clocks = [base.did_at, base.said_at, base.met_at]
    counts = [base.did, base.said, base.circle_contacts]
    evidence = counts[0].fill_null(0) + counts[1].fill_null(0) + counts[2].fill_null(0)
    return base.mutate(derived_at=ibis.greatest(*clocks), evidence_count=evidence)
