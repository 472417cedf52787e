"""Choices made by rule: the solution set, the experience action and the cadence."""

from itertools import pairwise

from insight_core.recommend.conditions import Condition, all_hold, quoted
from insight_core.recommend.engine import Step
from insight_core.recommend.parameters import CADENCES, Parameters
from insight_core.recommend.reasons import fact_reason
from insight_core.recommend.rules import Action, actions


def choice_steps(purpose: str, parameters: Parameters) -> list[Step]:
    """`solution`, `experience`: n, name, why (JSON pieces), refused (JSON pieces); `cadence`: n, days, why."""
    return [
        ("solution", _by_rule("solution_set", actions("solution_set", purpose))),
        ("experience", _by_rule("experience", actions("experience", purpose))),
        ("cadence", _cadence(purpose, parameters)),
    ]


def _by_rule(dimension: str, listed: tuple[Action, ...]) -> str:
    fitting = ", ".join(f"CASE WHEN {_suits(one)} THEN {i} END" for i, one in enumerate(listed))
    names = ", ".join(quoted(one.name) for one in listed)
    why = " ".join(f"WHEN {i} THEN {_why(dimension, one)}" for i, one in enumerate(listed))
    return f"""
        WITH fits AS (
            SELECT facts.*, list_filter([{fitting or "NULL"}]::INTEGER[], lambda i: i IS NOT NULL) AS fit,
                {_refused(dimension, listed)} AS refused
            FROM open JOIN facts USING (n)),
        named AS (SELECT *, [{names}]::VARCHAR[] AS names FROM fits)
        SELECT n, names[fit[1] + 1] AS name, refused,
            concat_ws(',', CASE fit[1] {why or "WHEN 0 THEN NULL"} END,
                CASE WHEN len(fit) > 1 THEN reason('{dimension}', 'runner-up',
                    names[fit[2] + 1] || ': it fits too and comes first where ' || names[fit[1] + 1]
                    || ' does not fit', NULL, 0) END) AS why
        FROM named
    """


def _suits(action: Action) -> str:
    taken = "".join(f" AND NOT ({all_hold(one.parts)})" for one in action.unless)
    return f"{all_hold(action.when)}{taken}"


def _why(dimension: str, action: Action) -> str:
    if not action.when:
        return f"reason('{dimension}', 'nothing more special fits', {quoted(action.meaning)}, NULL, 0)"
    return f"concat_ws(',', {', '.join(_cited(dimension, one) for one in action.when)})"


def _cited(dimension: str, part: Condition) -> str:
    return fact_reason(dimension, part.fact, part.type, part.cites)


def _refused(dimension: str, listed: tuple[Action, ...]) -> str:
    what = dimension.replace("_", " ")
    pieces = [
        f"CASE WHEN {all_hold(one.when)} AND {all_hold(unless.parts)}"
        f" THEN refusal({quoted(f'{what} {one.name}')}, {quoted(unless.why)}) END"
        for one in listed
        for unless in one.unless
    ]
    return f"concat_ws(',', {', '.join(pieces)})" if pieces else "''"


def _cadence(purpose: str, parameters: Parameters) -> str:
    """The band nearest, by ratio, to the customer's own rhythm, among those that the fatigue cap allows."""
    cap = parameters.caps.get(purpose)
    shortest = parameters.fatigue_days / cap if cap else 0
    bands = [one for one in CADENCES if one >= shortest]
    steps = " ".join(f"WHEN gap < {round((low * high) ** 0.5 * 1_000_000)} THEN {low}" for low, high in pairwise(bands))
    contact = fact_reason("cadence", "contact_gap_days", "ratio", "contact_gap_days")
    order = fact_reason("cadence", "order_gap_days", "ratio", "order_gap_days")
    usual = max(parameters.default_cadence_days, bands[0])
    return f"""
        WITH rhythm AS (
            SELECT facts.*, coalesce(contact_gap_days, order_gap_days) AS gap FROM open JOIN facts USING (n))
        SELECT n, CASE WHEN gap IS NULL THEN {usual} {steps} ELSE {bands[-1]} END AS days,
            CASE WHEN contact_gap_days IS NOT NULL THEN {contact} WHEN order_gap_days IS NOT NULL THEN {order}
                ELSE reason('cadence', 'default', 'no rhythm of contacts or orders is known', NULL, 0) END AS why
        FROM rhythm
    """
