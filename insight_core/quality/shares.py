"""What is kept of a part of the base: sums, the cells worth fixing, and everybody's scores.

Expressions over the customers that a purpose may see, as `wide.judged` gives them. They depend on
the purpose, code and columns alone.
"""

from collections.abc import Callable, Collection, Iterable
from functools import reduce
from operator import add
from typing import Any

import ibis
import ibis.expr.types as ir

from insight_core.catalogue import Field
from insight_core.quality.applies import OPTIONAL
from insight_core.quality.bounced import BOUNCES
from insight_core.quality.counted import GROUPS, OVERALL, weighed
from insight_core.quality.freshness import AGEING
from insight_core.quality.loss import loss_expr
from insight_core.quality.scores import SCORES
from insight_core.quality.sets import as_bigint, four
from insight_core.quality.wide import (
    BOUNCED,
    BROKEN,
    LATER,
    OPPOSED,
    SOUND,
    UNKNOWN,
    bounced,
    code,
    days,
    micro,
    speaks_against,
)
from insight_core.quality.worklist import PROBLEMS

STATES = ("filled", "stale", "missing", "conflicting", "invalid")
_AHEAD = tuple(f"freshness_{ahead}" for ahead in LATER)


def points(judged: ir.Table, purpose: str) -> ir.Table:
    """Per customer what scores and states are made of, `<group>__<what>` overall and for each facet."""
    columns: dict[str, ir.Value] = {"bucket": judged["bucket"], "customer_id": judged["customer_id"]}
    for group in GROUPS[1:]:
        mine = [(one, weight) for one, weight in weighed(purpose) if one.facet == group]
        columns |= {f"{group}__{what}": _total(judged, mine, rule) for what, rule in _RULES.items()}
    return _with_overall(judged.select(**columns))


def _with_overall(facets: ir.Table) -> ir.Table:
    return facets.mutate(
        **{f"{OVERALL}__{what}": reduce(add, (facets[f"{group}__{what}"] for group in GROUPS[1:])) for what in _RULES}
    )


def sums(pointed: ir.Table) -> ir.Table:
    """Per bucket, `<group>__` and: sum and count of each score over the customers, and cells by state.

    `freshness_<days>_sum` is what freshness will add up to so many days later, over the same count.
    """
    told: dict[str, ir.Value] = {}
    for group in GROUPS:
        parts = {what: pointed[f"{group}__{what}"] for what in _RULES}
        scored = four(parts) | {f"freshness_{one}": four(parts, f"left_{one}")["freshness"] for one in LATER}
        told |= {f"{group}__{name}_sum": _sum(scored[name]) for name in (*SCORES, *_AHEAD)}
        told |= {f"{group}__{name}_count": scored[name].count() for name in SCORES}
        told |= {f"{group}__{name}_cells": _sum(parts[f"{name}_cells"]) for name in STATES}
    return pointed.group_by("bucket").aggregate(**told)


def each(pointed: ir.Table) -> ir.Table:
    """Per customer the four overall scores, in 1e-6."""
    return pointed.select("bucket", "customer_id", **four({what: pointed[f"{OVERALL}__{what}"] for what in _RULES}))


def fading(judged: ir.Table, purpose: str) -> ir.Table:
    """Per bucket, `<field>__` and: what its values lose by each later day, in 1e-6 points, and how many turn stale."""
    told: dict[str, ir.Value] = {}
    for one, weight in weighed(purpose):
        if one.half_life_days is None:
            continue
        now = judged[micro(one.name)]
        for ahead in LATER:
            then = judged[micro(one.name, ahead)]
            turns = (judged[code(one.name)] == SOUND) & (now >= AGEING) & (then < AGEING)
            told[f"{one.name}__lost_{ahead}"] = _sum((now - then).cast("int64") * weight)
            told[f"{one.name}__stale_{ahead}"] = _sum(ibis.ifelse(turns, 1, 0))
    return judged.group_by("bucket").aggregate(**told)


def worth(judged: ir.Table, purpose: str, names: Collection[str]) -> ir.Table:
    """The cells of these fields worth fixing: bucket, customer_id, field, problem, loss, broken, days, bounced."""
    return ibis.union(*(_worth(judged, one, weight) for one, weight in weighed(purpose) if one.name in names))


def fixable(purpose: str) -> list[str]:
    """The fields that a fix wins points for."""
    return [one.name for one, _ in weighed(purpose) if one.origin == "asserted"]


def _worth(judged: ir.Table, one: Field, weight: int) -> ir.Table:
    what = judged[code(one.name)]
    fresh = judged[micro(one.name)] if one.half_life_days is not None else ibis.null("int32")
    stale = (what == SOUND) & (fresh < AGEING)
    against = speaks_against(what)
    state = ibis.cases(
        (what == UNKNOWN, "unknown"), (what >= BROKEN, "invalid"), (against, "conflicting"), else_="stale"
    )
    problem = ibis.cases((what == UNKNOWN, 0), (what >= BROKEN, 1), (against, 2), else_=PROBLEMS.index("stale"))
    gap = ibis.literal(False) if one.name in OPTIONAL else what == UNKNOWN
    found = judged.filter(gap | (what >= OPPOSED) | stale)
    return found.select(
        "bucket",
        "customer_id",
        field=ibis.literal(one.name),
        problem=problem.cast("int8"),
        loss=-(weight * loss_expr(state, fresh.cast("int64"), what == BOUNCED) * found["matter"]),
        broken=ibis.ifelse(what >= BROKEN, what - BROKEN, ibis.null("int32")).cast("int32"),
        days=judged[days(one.name)],
        bounced=judged[bounced(one.name)] if one.name in BOUNCES else ibis.null("int32"),
    ).filter(lambda row: row["loss"] < 0)


Rule = Callable[[ir.Table, Field], Any]


def _total(judged: ir.Table, mine: Iterable[tuple[Field, int]], rule: tuple[Rule, bool]) -> ir.Value:
    """A figure of all these fields together; points, or a count of cells."""
    figure, weighted = rule
    terms = []
    for one, weight in mine:
        value = figure(judged, one)
        if value is not None:
            terms.append(value * weight if weighted else value)
    return reduce(add, terms, ibis.literal(0, "int64")).cast("int64")


def _if(holds: ir.BooleanValue) -> ir.IntegerValue:
    return ibis.ifelse(holds, 1, 0).cast("int64")


def _code_is(test: Callable[[ir.IntegerValue], ir.BooleanValue]) -> Rule:
    return lambda judged, one: _if(test(judged[code(one.name)]))


def _expected(test: Callable[[ir.IntegerValue], ir.BooleanValue]) -> Rule:
    return lambda judged, one: None if one.name in OPTIONAL else _if(test(judged[code(one.name)]))


def _ages(test: Callable[[ir.Table, Field], Any]) -> Rule:
    return lambda judged, one: None if one.half_life_days is None else test(judged, one)


def _left(ahead: int) -> Rule:
    return _ages(lambda judged, one: judged[micro(one.name, ahead)].fill_null(0).cast("int64"))


def _filled(judged: ir.Table, one: Field) -> ir.IntegerValue:
    sound = judged[code(one.name)] == SOUND
    if one.half_life_days is None:
        return _if(sound)
    return _if(sound & ~(judged[micro(one.name)] < AGEING).fill_null(False))


def _stale(judged: ir.Table, one: Field) -> ir.IntegerValue:
    return _if((judged[code(one.name)] == SOUND) & (judged[micro(one.name)] < AGEING))


# What is added up within a row: how, and whether in points or in cells.
_RULES: dict[str, tuple[Rule, bool]] = {
    "wanted": (_expected(lambda what: what >= UNKNOWN), True),
    "filled": (_expected(lambda what: what > UNKNOWN), True),
    "present": (_code_is(lambda what: what > UNKNOWN), True),
    "doubted": (_code_is(lambda what: what >= OPPOSED), True),
    "held": (lambda _judged, _one: None, True),
    "dated": (_ages(lambda judged, one: _if(judged[micro(one.name)].notnull())), True),
    "left": (_left(0), True),
    **{f"left_{ahead}": (_left(ahead), True) for ahead in LATER},
    "filled_cells": (_filled, False),
    "stale_cells": (_ages(_stale), False),
    "missing_cells": (_expected(lambda what: what == UNKNOWN), False),
    "conflicting_cells": (_code_is(speaks_against), False),
    "invalid_cells": (_code_is(lambda what: what >= BROKEN), False),
}


def _sum(value: ir.IntegerValue) -> ir.IntegerScalar:
    return as_bigint(value.sum().fill_null(0))
