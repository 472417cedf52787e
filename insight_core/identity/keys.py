"""Keys: what records must share to be one, as numbers that are soon compared."""

from collections.abc import Sequence

import duckdb

from insight_core.identity.rules import POINTS, RULES

# All who have a phone count, whatever else they share: many names make it none.
KEYS = (*((point,) for point in POINTS), *(rule.parts for rule in RULES if not {*POINTS} & {*rule.parts}))
# Another engine may have other numbers for the same words.
MADE_BY = duckdb.__version__


def keys_of(people: str) -> str:
    """SQL for the keys of people in plain words, null where a part is unknown: whose all differ share nothing.

    A record has a row for each way in which it is told of.
    """
    return f"SELECT record_id, {', '.join(map(_key, range(len(KEYS)), KEYS))} FROM ({people})"


def _key(number: int, parts: Sequence[str]) -> str:
    known = " AND ".join(f"{part} IS NOT NULL" for part in parts)
    return f"CASE WHEN {known} THEN hash({', '.join(parts)}) END AS key_{number}"
