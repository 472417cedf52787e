"""Inputs: the tables that the core hands over, and how they come into the engine."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

import duckdb
import pandas as pd
import pyarrow as pa

from insight_core.errors import BadInput
from insight_core.records.arrow import schema_of

Table: TypeAlias = pa.Table | pd.DataFrame


class CardInputs(NamedTuple):
    """What the cards are made from; every table is gated for the purpose before it comes here.

    `snapshot`  one row per customer: customer_id, kind, name, and any catalogue fields f with f__at (epoch s);
                a field that is withheld is null or absent
    `contacts`  counted contacts: customer_id, channel, hour (0 to 23), tone, direction, outcome, count,
                last_at (epoch s), and if known felt and positive: how many of them have a sentiment, and a good one
    `outbound`  one row per contact of ours in the last 30 days or more: customer_id, channel, at (epoch s)
    `consents`  customer_id, purpose, channel ('*' = any), state (given, withdrawn), since and if known expires_at
                (epoch s)
    `outcomes`  what came of earlier cards: customer_id, channel, window, tone, result, at (epoch s)
    `rates`     the table that `learn` made over all customers; without it the rates are learnt from these inputs
    """

    snapshot: Table
    contacts: Table | None = None
    outbound: Table | None = None
    consents: Table | None = None
    outcomes: Table | None = None
    rates: Table | None = None


_TEXT, _WHOLE = "VARCHAR", "BIGINT"

COLUMNS: dict[str, dict[str, str]] = {
    "contacts": {
        "customer_id": _TEXT,
        "channel": _TEXT,
        "hour": _WHOLE,
        "tone": _TEXT,
        "direction": _TEXT,
        "outcome": _TEXT,
        "count": _WHOLE,
        "last_at": _WHOLE,
        "felt": _WHOLE,
        "positive": _WHOLE,
    },
    "outbound": {"customer_id": _TEXT, "channel": _TEXT, "at": _WHOLE},
    "consents": {
        "customer_id": _TEXT,
        "purpose": _TEXT,
        "channel": _TEXT,
        "state": _TEXT,
        "since": _WHOLE,
        "expires_at": _WHOLE,
    },
    "outcomes": {"customer_id": _TEXT, "channel": _TEXT, "window": _TEXT, "tone": _TEXT, "result": _TEXT, "at": _WHOLE},
    "rates": {
        "segment": _TEXT,
        "arm_id": _WHOLE,
        "preferred": "BOOLEAN",
        "trials": _WHOLE,
        "wins": _WHOLE,
        "trial_pairs": _WHOLE,
        "win_pairs": _WHOLE,
    },
}

OPTIONAL = ("felt", "positive", "expires_at")


def register(connection: duckdb.DuckDBPyConnection, inputs: CardInputs) -> frozenset[str]:
    """Make every table readable as raw_<name>; gives the snapshot's columns; raises BadInput for a missing column."""
    for name, columns in COLUMNS.items():
        table = getattr(inputs, name)
        connection.register(f"raw_{name}", _empty(columns) if table is None else _checked(name, table, columns))
    snapshot = as_arrow(inputs.snapshot)
    _check("snapshot", snapshot, ("customer_id", "kind", "name"))
    connection.register("raw_snapshot", snapshot)
    return frozenset(snapshot.column_names)


def as_arrow(table: Table) -> pa.Table:
    """The table as Arrow, without an index."""
    return pa.Table.from_pandas(table, preserve_index=False) if isinstance(table, pd.DataFrame) else table


def _checked(name: str, table: Table, columns: Mapping[str, str]) -> pa.Table:
    arrow = as_arrow(table)
    for one in OPTIONAL:
        if one in columns and one not in arrow.column_names:
            arrow = arrow.append_column(one, pa.nulls(arrow.num_rows, pa.int64()))
    _check(name, arrow, tuple(columns))
    return arrow


def _check(name: str, table: pa.Table, columns: tuple[str, ...]) -> None:
    missing = [one for one in columns if one not in table.column_names]
    if missing:
        raise BadInput(f"The table {name} for the cards has no column {missing[0]!r}; it has {table.column_names}.")


def _empty(columns: Mapping[str, str]) -> pa.Table:
    return schema_of(columns).empty_table()
