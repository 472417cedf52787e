"""Outcomes: what came of cards; a file's rows are checked and kept with the choice that was made then."""

from datetime import datetime
from typing import NamedTuple

import duckdb
import pyarrow as pa

from insight_core.errors import BadInput
from insight_core.recommend.answered import RESULTS
from insight_core.recommend.conditions import quoted
from insight_core.recommend.engine import Step, connect, run
from insight_core.recommend.inputs import Table, as_arrow
from insight_core.records.clock import DAY, epoch

NEEDED = ("card", "time", "result")
CARD_COLUMNS = ("card", "customer_id", "made_at", "channel", "window", "tone", "eligible", "propensity", "context")


class Checked(NamedTuple):
    """An outcome file after the check: `read` = rows of `accepted` + `duplicate` + `quarantined`.

    `accepted`: card, customer_id, at (epoch s), result, value (1e-6 or null), and channel, window, tone, eligible,
    propensity, context of the card. `faults`: line, column, value, code, message; a row can have several.
    """

    read: int
    accepted: pa.Table
    duplicate: int
    quarantined: int
    faults: pa.Table


def check_outcomes(rows: Table, cards: Table, now: datetime, stored: Table | None = None) -> Checked:
    """Check an outcome file read as text with the columns card, time, result and, if there is one, value.

    `cards` are the cards that were given out (CARD_COLUMNS), `stored` the outcomes already known (card, at, result).
    `line` in `rows` is used when present; else the rows are counted from 2, after a header.
    Raises BadInput when a column is missing.
    """
    connection = connect([])
    _register(connection, as_arrow(rows), as_arrow(cards), None if stored is None else as_arrow(stored))
    run(connection, _steps(epoch(now)))
    return Checked(
        read=_count(connection, "read_rows"),
        accepted=connection.sql("SELECT * EXCLUDE (line) FROM accepted ORDER BY line").to_arrow_table(),
        duplicate=_count(connection, "good") - _count(connection, "accepted"),
        quarantined=_count(connection, "(SELECT DISTINCT line FROM faults)"),
        faults=connection.sql('SELECT * FROM faults ORDER BY line, "column"').to_arrow_table(),
    )


def _register(connection: duckdb.DuckDBPyConnection, rows: pa.Table, cards: pa.Table, stored: pa.Table | None) -> None:
    for what, table, columns in (("outcome file", rows, NEEDED), ("table of cards", cards, CARD_COLUMNS)):
        missing = [one for one in columns if one not in table.column_names]
        if missing:
            raise BadInput(f"The {what} has no column {missing[0]!r}; it needs {', '.join(columns)}.", "missing_column")
    if "value" not in rows.column_names:
        rows = rows.append_column("value", pa.nulls(rows.num_rows, pa.string()))
    if "line" not in rows.column_names:
        rows = rows.append_column("line", pa.array(range(2, rows.num_rows + 2), pa.int64()))
    empty = pa.table(
        {"card": pa.array([], pa.string()), "at": pa.array([], pa.int64()), "result": pa.array([], pa.string())}
    )
    connection.register("raw_rows", rows)
    connection.register("cards", cards)
    connection.register("stored", empty if stored is None else stored)


def _steps(now: int) -> list[Step]:
    return [
        ("read_rows", _READ),
        ("matched", _MATCHED),
        ("faults", _faults(now)),
        ("good", "SELECT * FROM matched ANTI JOIN faults USING (line)"),
        ("accepted", _ACCEPTED),
    ]


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.sql(f"SELECT count(*) FROM {relation}").fetchall()[0][0])


# A cast to TIMESTAMP drops the offset, so it is taken apart here.
_READ = r"""
    WITH cells AS (
        SELECT line::BIGINT AS line, nullif(trim(card::VARCHAR), '') AS card, nullif(trim("time"::VARCHAR), '') AS told,
            nullif(lower(trim(result::VARCHAR)), '') AS result, nullif(trim("value"::VARCHAR), '') AS worth
        FROM raw_rows),
    parts AS (
        SELECT *, regexp_extract(told,
            '^(\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?)(?:\.\d+)?(?:Z|(?:([+-])(\d\d):?(\d\d)))?$',
            ['moment', 'sign', 'hours', 'minutes']) AS clock
        FROM cells)
    SELECT line, card, told, result, worth,
        epoch(try_cast(nullif(clock.moment, '') AS TIMESTAMP))::BIGINT
            - coalesce(CASE clock.sign WHEN '+' THEN 1 WHEN '-' THEN -1 END
                * (try_cast(clock.hours AS INTEGER) * 3600 + try_cast(clock.minutes AS INTEGER) * 60), 0) AS "at",
        (try_cast(worth AS DECIMAL(18, 6)) * 1000000)::BIGINT AS "value"
    FROM parts
"""

_MATCHED = """
    SELECT read_rows.*, customer_id, made_at, channel, "window", tone, eligible, propensity, context
    FROM read_rows LEFT JOIN cards USING (card)
"""

_ACCEPTED = """
    SELECT line, card, customer_id, "at", result, "value", channel, "window", tone, eligible, propensity, context
    FROM good ANTI JOIN stored USING (card, "at", result)
    QUALIFY row_number() OVER (PARTITION BY card, "at", result ORDER BY line) = 1
"""


def _faults(now: int) -> str:
    results = ", ".join(quoted(one) for one in RESULTS)
    made_day = f"made_at // {DAY} * {DAY}"
    checks = (
        ("card", "card", "card IS NULL", "missing_required", "card is missing, and the row means nothing without it."),
        ("card", "card", "card IS NOT NULL AND customer_id IS NULL", "unknown_value", "No such card was given out."),
        ("time", "told", "told IS NULL", "missing_required", "time is missing, and the row means nothing without it."),
        (
            "time",
            "told",
            'told IS NOT NULL AND "at" IS NULL',
            "bad_date",
            "Not an instant such as 2026-01-31T12:00:00Z.",
        ),
        ("time", "told", f'"at" > {now}', "bad_date", "The time lies in the future."),
        ("time", "told", f'"at" < {made_day}', "bad_date", "The time lies before the card was made."),
        (
            "result",
            "result",
            "result IS NULL",
            "missing_required",
            "result is missing, and the row means nothing without it.",
        ),
        ("result", "result", f"result NOT IN ({results})", "unknown_value", f"Not one of {', '.join(RESULTS)}."),
        ("value", "worth", 'worth IS NOT NULL AND "value" IS NULL', "bad_number", "Not a number such as 1234.56."),
    )
    return " UNION ALL ".join(
        f'SELECT line, {quoted(column)} AS "column", {cell} AS "value", {quoted(code)} AS code,'
        f" {quoted(message)} AS message FROM matched WHERE {fault}"
        for column, cell, fault, code, message in checks
    )
