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
from insight_core.facets.expr import counted, json_array, micro, quoted, ranked, shaped, unescaped, whole_sum
from insight_core.facets.preferences import ANSWERED
from insight_core.facets.rule import Evidence
from insight_core.records.letters import lowered

__all__ = ["derive", "sentence"]

_USE, _TOPIC, _STATED = 2, 1, 4
_INTERESTS, _CIRCLE = 5, 20
_TEN_DIGITS = 1_000_000_000

# Words begin like this; the short ones also end there, or billiards would be a bill. What a letter
# is at a word's edge, and what a blank, is spelt out: engines differ about both.
_EDGE, _END, _BLANK = r"(?:^|[^a-z0-9_])", r"(?:[^a-z0-9_]|$)", r"[\t\n\f\r ]*"
_SERVICE_TOPIC = (
    f"{_EDGE}(account|address change|appointment|billing|bills?{_END}|campaign|cancel|complain|contract|deliver"
    f"|faults?{_END}|feedback|help|information|inquir|invoice|log-?in|moving|newsletter|offers?{_END}|orders?{_END}"
    f"|outage|password|payment|promotion|question|refund|remind|renewal|repair|returns?{_END}|satisfaction"
    f"|services?{_END}|shipping|support|survey|technical|upgrade|warranty|welcome)"
)
_BETWEEN = f'"{_BLANK},{_BLANK}"'
_AROUND = rf'^{_BLANK}\[{_BLANK}"?|"?{_BLANK}\]{_BLANK}$'


def derive(e: Evidence) -> Table:
    """Interests and circle of everybody who has one of them."""
    interests = _interests(_doings(e).union(_stated(e.folded)))
    circle = _circle(e.interactions)
    both = ibis.union(interests.select("customer_id"), circle.select("customer_id"), distinct=True)
    for part in (interests, circle):
        both = both.left_join(part, "customer_id").drop("customer_id_right")
    clocked = both.mutate(
        derived_at=ibis.greatest(both.noted_at, both.met_at),
        evidence_count=both.notes.fill_null(0) + both.circle_contacts.fill_null(0),
    )
    return shaped(clocked, "community_of_interest")


def _doings(e: Evidence) -> Table:
    """customer_id, interest, weight, n, stated, at: what customers did, per interest."""
    bought = e.usage.filter(_.kind.isnull() | (_.kind != "return"))
    used = bought.select("customer_id", "occurred_at", word=_.category, weight=ibis.literal(_USE, "int64"))
    spoke = (_.direction == "inbound") | ((_.direction == "outbound") & _.outcome.isin(ANSWERED))
    talked = e.interactions.filter(spoke).semi_join(_topics_of_interest(e.interactions), "topic")
    topics = talked.select("customer_id", "occurred_at", word=_.topic, weight=ibis.literal(_TOPIC, "int64"))
    each = (
        used.union(topics)
        .filter(_.word.notnull() & _.customer_id.notnull())
        .group_by("customer_id", "word", "weight")
        .agg(n=_.count(), at=_.occurred_at.max())
    )
    return each.select(
        "customer_id",
        interest=_name(each.word),
        strength=_.n * _.weight,
        n=_.n,
        stated=ibis.literal(0, "int64"),
        at=_.at,
    ).filter(_.interest.notnull())


def _topics_of_interest(interactions: Table) -> Table:
    topics = interactions.select("topic").filter(_.topic.notnull()).distinct()
    return topics.filter(~topics.topic.lower().re_search(_SERVICE_TOPIC))


def _stated(folded: Table) -> Table:
    """The same for the interests in the customers' own words, which are no doings."""
    compact = folded.stated_interests.re_replace(_BETWEEN, '","').re_replace(_AROUND, "")
    split = folded.filter(compact.notnull()).select(
        "customer_id", at=folded.stated_interests__at, word=compact.split('","').unnest()
    )
    one, none = ibis.literal(1, "int64"), ibis.literal(0, "int64")
    named = split.select(
        "customer_id", interest=_name(unescaped(split.word)), strength=one * _STATED, n=none, stated=one, at=split.at
    )
    return named.filter(_.interest.notnull()).distinct()


def _name(text: StringValue) -> StringValue:
    return lowered(text).strip().nullif("")


def _interests(notes: Table) -> Table:
    """customer_id, interests, top_interest, interest_share, noted_at, notes."""
    each = notes.group_by("customer_id", "interest").agg(
        strength=whole_sum(_.strength), n=whole_sum(_.n), stated=whole_sum(_.stated), at=_.at.max()
    )
    # The count of doings rides behind the name of the strongest interest, in ten digits.
    named = ranked(quoted(each.interest), each.strength)
    tailed = named + (_TEN_DIGITS + each.n).cast("string")
    listed = each.mutate(named=named, tailed=tailed).group_by("customer_id").agg(
        collected=_.named.collect(), strongest=_.tailed.min(), done=whole_sum(_.n), stated=whole_sum(_.stated),
        noted_at=_.at.max(),
    )  # fmt: skip
    strongest = listed.strongest
    return listed.select(
        "customer_id",
        "noted_at",
        interests=json_array(listed.collected, _INTERESTS),
        top_interest=unescaped(strongest.substr(11, strongest.length() - 22)),
        interest_share=micro(strongest.right(10).cast("int64") - _TEN_DIGITS, listed.done),
        notes=listed.done + listed.stated,
    )


def _circle(interactions: Table) -> Table:
    """customer_id, circle, circle_size, circle_contacts, met_at: with whom customers are in contact, both ways."""
    met = interactions.filter(_.counterpart_customer.notnull() & (_.counterpart_customer != _.customer_id))
    there = met.select("occurred_at", "channel", "customer_id", other=met.counterpart_customer)
    back = met.select("occurred_at", "channel", customer_id=met.counterpart_customer, other=met.customer_id)
    each = (
        there.union(back, distinct=True)
        .group_by("customer_id", "other")
        .agg(contacts=_.count(), at=_.occurred_at.max())
    )
    item = ranked(counted(each.other, each.contacts, ("customer", "contacts")), each.contacts)
    circle = (
        each.mutate(item=item)
        .group_by("customer_id")
        .agg(
            collected=_["item"].collect(),
            circle_size=_.count(),
            circle_contacts=whole_sum(_.contacts),
            met_at=_.at.max(),
        )
    )
    return circle.mutate(circle=json_array(circle.collected, _CIRCLE)).drop("collected")
