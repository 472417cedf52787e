"""What a customer prefers: chosen freely, or answered more readily than other attempts.

A company's contacts are no sample of the customer's taste: it may write e-mails to somebody
who calls. So an option is not scored by how often it occurs but by

    3 x (freely chosen - expected share of all free choices)
  + 2 x (answered attempts - attempts x the customer's own answer rate)

in integers of 1e-6. The own answer rate is (answered + 1) / (attempts + 3), that is, it starts
from one answer in three. Both terms are sums of log odds with rounded weights: an inbound
contact says about half as much again as an answer (naive Bayes; a preferred channel taken in
half of the free choices and answered 60% rather than 25% of the time gives 2.2 and 1.5).
"""

import ibis
from ibis import _
from ibis.expr.types import IntegerValue, StringValue, Table

from insight_core.facets.expr import whole_sum
from insight_core.market import first_rows
from insight_core.records.datasets import MICRO

ANSWERED = ("opened", "clicked", "replied", "accepted", "completed", "resolved")
MIN_EVIDENCE = 3

_CHOSEN_WEIGHT, _ANSWERED_WEIGHT = 3, 2


def signals(interactions: Table, *extra: str) -> Table:
    """Contacts as signs of taste: customer_id, chosen, tried, answered (0 or 1 each), and `extra` columns.

    Inbound contacts were chosen; outbound ones with a known outcome were tried, and perhaps
    answered. An outbound contact that was merely delivered says nothing and is left out.
    """
    outbound = (_.direction == "outbound") & _.outcome.notnull() & (_.outcome != "delivered")
    return interactions.filter((_.direction == "inbound") | outbound).select(
        "customer_id",
        *extra,
        chosen=(_.direction == "inbound").cast("int64"),
        tried=(_.direction == "outbound").cast("int64"),
        answered=((_.direction == "outbound") & _.outcome.isin(ANSWERED)).cast("int64"),
    )


def counted_options(signs: Table, option: StringValue) -> Table:
    """Chosen, tried and answered per customer and option."""
    return (
        signs.mutate(option=option)
        .filter(_.option.notnull())
        .group_by("customer_id", "option")
        .agg(chosen=whole_sum(_.chosen), tried=whole_sum(_.tried), answered=whole_sum(_.answered))
    )


def preferred(options: Table, expected: IntegerValue, name: str) -> Table:
    """The option with the highest score: customer_id and `name`.

    `expected` is the share of free choices, in 1e-6, that the option would get without any
    taste. Unknown, so absent, below `MIN_EVIDENCE` choices and answers, or when no option
    scores above zero. Equals are settled by choices, answers and the option's name.
    """
    totals = options.group_by("customer_id").agg(
        all_chosen=whole_sum(_.chosen), all_tried=whole_sum(_.tried), all_answered=whole_sum(_.answered)
    )
    enough = totals.filter(_.all_chosen + _.all_answered >= MIN_EVIDENCE)
    scored = options.join(enough, "customer_id").mutate(score=_score(expected)).filter(_.score > 0)
    best = first_rows(scored, "customer_id", [_.score.desc(), _.chosen.desc(), _.answered.desc(), _.option])
    return best.select("customer_id", **{name: best.option})


def _score(expected: IntegerValue) -> IntegerValue:
    chosen = _.chosen * MICRO - _.all_chosen * expected
    answered = _.answered * MICRO - _.tried * (_.all_answered + 1) * MICRO // (_.all_tried + 3)
    return _CHOSEN_WEIGHT * chosen + _ANSWERED_WEIGHT * answered


def daypart(seconds: IntegerValue) -> StringValue:
    """The part of the UTC day of an instant; null at midnight sharp, which is how a bare date looks."""
    second = seconds % 86_400
    hour = second // 3600
    named = [(hour < end, name) for end, name in ((6, "22-06"), (9, "06-09"), (12, "09-12"), (14, "12-14"))]
    later = [(hour < 18, "14-18"), (hour < 22, "18-22")]
    return ibis.cases((second == 0, ibis.null("string")), *named, *later, else_="22-06")


def daypart_share(part: StringValue) -> IntegerValue:
    """The share of the day, in 1e-6, that a part takes."""
    hours = {"06-09": 3, "09-12": 3, "12-14": 2, "14-18": 4, "18-22": 4, "22-06": 8}
    return part.cases(*((name, length * MICRO // 24) for name, length in hours.items()), else_=0)


def week_part(seconds: IntegerValue) -> StringValue:
    """`weekdays` or `weekend`, by the UTC day of an instant."""
    # Day 0 of the epoch was a Thursday; Saturday and Sunday then are 5 and 6.
    return ibis.ifelse((seconds // 86_400 + 3) % 7 >= 5, "weekend", "weekdays")


def week_part_share(part: StringValue) -> IntegerValue:
    """The share of the week, in 1e-6, that weekdays or the weekend take."""
    return ibis.ifelse(part == "weekend", 2 * MICRO // 7, 5 * MICRO // 7)
