"""The gate's rules as one query over a few columns of the whole base; a test holds it equal to `masked`."""

from collections.abc import Sequence

from insight_core.catalogue import Purpose, field
from insight_core.compliance.names import name_sql
from insight_core.records.consent import lets_in_sql, word_given_sql
from insight_core.records.datasets import sql_type


def seen_sql(snapshot: str, consents: str, aim: Purpose, now: int, columns: Sequence[str]) -> str:
    """SQL for customer_id, name and these fields (each with its clock) of those whom the purpose may see.

    `snapshot` and `consents` are relations. What the purpose may not see is null, a clock like its value.
    """
    taken = ["customer_id", f"{name_sql(aim)} AS name", *(piece for one in columns for piece in _column(one, aim))]
    return f"""
        SELECT {", ".join(taken)} FROM {snapshot} LEFT JOIN ({word_given_sql(consents, aim, now)}) USING (customer_id)
        WHERE {lets_in_sql(aim)}
    """


def _column(name: str, aim: Purpose) -> tuple[str, ...]:
    one, clocks = field(name), () if name == "kind" else (f"{name}__at",)
    if aim.name not in one.weights:
        return (f"NULL::{sql_type(one)} AS {name}", *(f"NULL::BIGINT AS {clock}" for clock in clocks))
    if one.category != "special":
        return (name, *clocks)
    return tuple(f"CASE WHEN word_given THEN {piece} END AS {piece}" for piece in (name, *clocks))
