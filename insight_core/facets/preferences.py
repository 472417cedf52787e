"""What a customer prefers: chosen freely, or answered more readily than other attempts.

A company's contacts are no sample of the customer's taste: it may write e-mails to somebody
who calls. So an option is not scored by how often it occurs but by

    3 x (freely chosen contacts - expected share of all free choices)
  + 1 x (uses - expected share of all uses)
  + 2 x (answered attempts - attempts x the customer's own answer rate)

in integers of 1e-6. The own answer rate is (answered + 1) / (attempts + 3), that is, it starts
from one answer in three. Both terms are sums of log odds with rounded weights (naive Bayes: a
preferred channel taken in half of the free choices and answered 60% rather than 25% of the
time gives 2.2 for a choice and 1.5 for an answer). When somebody buys says less about when to
talk to them, so a use weighs one. Contacts among customers say nothing about the company.
"""

from collections.abc import Sequence

import ibis
from ibis import _
from ibis.expr.types import IntegerValue, Table

from insight_core.facets.expr import whole_sum
from insight_core.records.clock import DAY
from insight_core.records.datasets import CHOICES, MICRO

ANSWERED = ("opened", "clicked", "replied", "accepted", "completed", "resolved")
CHANNELS = CHOICES["interactions", "channel"]
DAYPARTS = ("06-09", "09-12", "12-14", "14-18", "18-22", "22-06")
WEEKPARTS = ("weekdays", "weekend")
# Two contacts, three answers, or six uses.
MIN_POINTS = 6

# The share of free choices, in 1e-6, that an option gets from somebody without any taste.
EVEN = (0,) * len(CHANNELS)
DAYPART_SHARES = tuple(hours * MICRO // 24 for hours in (3, 3, 2, 4, 4, 8))
WEEKPART_SHARES = (5 * MICRO // 7, 2 * MICRO // 7)

CONTACT_POINTS, USE_POINTS, _ANSWER_POINTS = 3, 1, 2
_SIGNS = ("points", "tried", "answered")
_PLACES = 16


def signals(interactions: Table) -> Table:
    """Contacts as signs of taste: customer_id, channel, at, points, tried, answered.

    Inbound contacts were chosen; outbound ones with a known outcome were tried, and perhaps
    answered. An outbound contact that was merely delivered says nothing and is left out.
    `points` is the weight of a choice, 0 when there was none; the others are 0 or 1.
    """
    inbound, outbound = interactions.direction == "inbound", interactions.direction == "outbound"
    told = interactions.mutate(
        at=_.occurred_at,
        points=inbound.cast("int64") * CONTACT_POINTS,
        tried=(outbound & (interactions.outcome != "delivered")).fill_null(False).cast("int64"),
        answered=(outbound & interactions.outcome.isin(ANSWERED)).fill_null(False).cast("int64"),
    )
    return told.filter(_.points + _.tried > 0).select("customer_id", "channel", "at", *_SIGNS)


def preferred(signs: Table, place: IntegerValue, options: Sequence[str], shares: Sequence[int], name: str) -> Table:
    """The option with the highest score: customer_id and `name`.

    `place` is the option's place in `options`, null for signs that tell nothing of it. The
    result is absent, that is unknown, below `MIN_POINTS` of choices and answers, or when no
    option scores above zero. Of equals the first in `options` is taken.
    """
    counts = _counted(signs.mutate(place=place).filter(_.place.notnull()), ["customer_id", "place"])
    totals = _counted(counts, ["customer_id"]).filter(_.points + _ANSWER_POINTS * _.answered >= MIN_POINTS)
    everything = totals.select("customer_id", **{f"all_{sign}": totals[sign] for sign in _SIGNS})
    scored = counts.join(everything, "customer_id").mutate(share=counts.place.cases(*enumerate(shares), else_=0))
    # One integer carries score and place, because the largest of integers needs no sorting.
    best = scored.mutate(ranked=_score(scored) * _PLACES + (_PLACES - 1 - scored.place)).filter(_.ranked >= _PLACES)
    top = best.group_by("customer_id").agg(ranked=_.ranked.max())
    names = (_PLACES - 1 - top.ranked % _PLACES).cases(*enumerate(options))
    return top.select("customer_id", **{name: names})


def _counted(signs: Table, keys: list[str]) -> Table:
    return signs.group_by(keys).agg(**{sign: whole_sum(signs[sign]) for sign in _SIGNS})


def _score(t: Table) -> IntegerValue:
    chosen = t.points * MICRO - t.all_points * t.share
    expected = t.tried * ((t.all_answered + 1) * MICRO // (t.all_tried + 3))
    return chosen + _ANSWER_POINTS * (t.answered * MICRO - expected)


def channel_place(signs: Table) -> IntegerValue:
    """The place of a sign's channel in `CHANNELS`."""
    return signs.channel.cases(*((name, place) for place, name in enumerate(CHANNELS)))


def daypart_place(signs: Table) -> IntegerValue:
    """The place in `DAYPARTS` of a sign's UTC hour; null at midnight sharp, which is how a bare date looks."""
    second = signs.at % DAY
    ends = [(second < end * 3600, place) for place, end in ((5, 6), (0, 9), (1, 12), (2, 14), (3, 18), (4, 22))]
    return ibis.cases((second == 0, ibis.null("int8")), *ends, else_=5)


def weekpart_place(signs: Table) -> IntegerValue:
    """The place in `WEEKPARTS` of a sign's UTC day."""
    # Day 0 of the epoch was a Thursday: Saturday and Sunday are 5 and 6.
    return ((signs.at // DAY + 3) % 7 >= 5).cast("int64")
