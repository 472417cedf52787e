"""Reasons as compact JSON text, made for all customers at once.

A reason is {"dimension", "fact", "value", "age_days", "weight"}: `fact` is a catalogue field or a fact made from
one, `age_days` the age of its evidence, `weight` what it adds to the answer rate (0 for a rule).
A refusal is {"what", "why"}.
"""

from insight_core.catalogue.fields import FieldType
from insight_core.recommend.conditions import quoted
from insight_core.recommend.engine import Step

_SHOWN = {"money": "{} / 1000000", "ratio": "round({} / 1000000, 2)", "instant": "day_of({})"}

_SIGNS = {
    "channel": "contacts answered",
    "window": "contacts that the customer began",
    "tone": "answers and good moods",
}


def reason_macros() -> list[Step]:
    """The macros `reason`, `refusal`, `points` and `percent`."""
    signs = " ".join(f"WHEN {quoted(one)} THEN {quoted(text)}" for one, text in _SIGNS.items())
    return [
        (
            "reason(dimension, fact, value, age, weight)",
            (
                "json_object('dimension', dimension, 'fact', fact, 'value', value, 'age_days', age, 'weight', weight)"
                "::VARCHAR"
            ),
        ),
        ("refusal(what, why)", "json_object('what', what, 'why', why)::VARCHAR"),
        ("signs(dimension)", f"CASE dimension {signs} END"),
        ("points(share)", "round(share, 4)"),
        ("percent(share)", "round(share * 100)::INTEGER || '%'"),
    ]


def fact_reason(dimension: str, fact: str, kind: FieldType, cites: str) -> str:
    """SQL over `facts`: the reason that cites a fact with the age of the field behind it."""
    shown = _SHOWN.get(kind, "{}").format(fact)
    return f"reason('{dimension}', '{fact}', {shown}, age_days({cites}__at), 0)"


def reason_steps() -> list[Step]:
    """`argued`: n, dimension, arm_id, chance, mean, why (JSON pieces) for the learnt dimensions."""
    return [("argued", _ARGUED)]


# How many more answers the runner-up needs: x with (m o + x) / (m + x) equal to the pick's rate.
_ARGUED = """
    SELECT n, dimension, pick.arm_id AS arm_id, usual.arm_id AS usual_id, best_pick.arm_id AS best_id,
        tried IS NOT NULL AS explored, chance, pick.mean AS mean,
        concat_ws(',',
            CASE WHEN pick.trials > 0 THEN reason(dimension, 'own contacts',
                pick.wins || ' of ' || pick.trials || ' ' || signs(dimension) || '; ' || percent(pick.plain)
                || ' is usual for ' || segment, age_days(pick.last_at), points(pick.mean - pick.p)) END,
            CASE WHEN pick.preferred THEN CASE dimension
                WHEN 'channel' THEN reason(dimension, 'preferred_channel', preferred_channel,
                    age_days(preferred_channel__at), points(pick.p - pick.plain))
                ELSE reason(dimension, 'preferred_hours', preferred_hours,
                    age_days(preferred_hours__at), points(pick.p - pick.plain)) END END,
            CASE
                WHEN tried IS NOT NULL THEN reason(dimension, 'tried on purpose',
                    'a small share of the cards tries another eligible channel, so that we learn', NULL, 0)
                WHEN other IS NULL THEN reason(dimension, 'the only eligible one', arm_name(pick.arm_id), NULL, 0)
                WHEN leaves THEN reason(dimension, 'better than the default',
                    arm_name(usual.arm_id) || ' is usual for ' || segment, NULL, points(bound))
                WHEN best[1].arm_id <> usual.arm_id THEN reason(dimension, 'default, not enough evidence',
                    arm_name(best[1].arm_id) || ' may be better, but the gain is not sure', NULL, points(bound))
                WHEN cold THEN reason(dimension, 'default', CASE WHEN pick.preferred THEN 'the customer prefers it'
                    ELSE 'first of the list' END || '; hardly anything was tried yet', NULL, 0)
                ELSE reason(dimension, 'default', 'best among ' || segment, NULL, 0) END,
            CASE WHEN other IS NOT NULL THEN reason(dimension, 'runner-up',
                arm_name(other.arm_id) || CASE WHEN other.mean >= pick.mean
                    THEN ': better by what is known, but that is too little to be sure'
                    ELSE ': ' || ceil((pick.mean - other.mean) * other.mass / (1 - pick.mean))::INTEGER
                    || ' more of the ' || signs(dimension) || ' would put it level' END,
                NULL, points(other.mean - pick.mean)) END) AS why
    FROM decided JOIN facts USING (n)
"""
