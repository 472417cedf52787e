"""Ageing: when a birthday alone changes what a profile says."""

from insight_core.facets.life_stage import TURNS


def turns_sql(rows: str, now: int) -> str:
    """SQL for the instant (epoch seconds) of a person's next birthday on which a stage of life may turn; null for none.

    `rows` are named so and have kind and birth_date. Whoever was born on 29 February is a year older on 1 March where
    there is no such day.
    """
    turns = " ".join(f"WHEN {_turn(rows, age)} > {now} THEN {_turn(rows, age)}" for age in TURNS)
    return f"CASE WHEN {rows}.kind IS DISTINCT FROM 'person' THEN NULL {turns} END"


def _turn(rows: str, age: int) -> str:
    birthday = f"CAST({rows}.birth_date + INTERVAL {age} YEAR AS DATE)"
    return f"epoch({birthday} + (day({birthday}) <> day({rows}.birth_date))::INTEGER)::BIGINT"
