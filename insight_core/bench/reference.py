"""The bare references: what a piece of work costs without anything that a workbench adds.

Each gives its seconds; `STATEMENTS` says in one line what it ran.
"""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
from adbc_driver_sqlite import dbapi
from pydantic import create_model
from sqlmodel import Field, Session, SQLModel, create_engine

from insight_core.bench.inputs import Inputs
from insight_core.bench.timing import bare_duckdb, each, sync, timed

_GROUPED = """SELECT record_id, count(*), min(occurred_at), max(occurred_at), sum(duration_s), max(duration_s),
    count(DISTINCT channel), count(DISTINCT topic), count(*) FILTER (direction = 'inbound'),
    count(*) FILTER (outcome = 'resolved'), count(*) FILTER (channel = 'email'), count(*) FILTER (channel = 'call'),
    sum(occurred_at % 86400 // 3600) FROM read_parquet('{files}') GROUP BY record_id"""
_EVENTS = "SELECT * FROM read_parquet('{bucket}/**/*.parquet') WHERE record_id = ? ORDER BY occurred_at DESC LIMIT 200"

STATEMENTS = {
    "contacts": "DuckDB: COPY (FROM 'interactions.csv') TO 'one.parquet' (COMPRESSION zstd)",
    "parties": "DuckDB: COPY (FROM 'parties.csv') TO 'one.parquet' (COMPRESSION zstd); "
    "ADBC ingest of the same rows into an empty SQLite file",
    "build": "DuckDB: SELECT record_id, 12 aggregates FROM the lake's interactions GROUP BY record_id; "
    "ADBC ingest of customers x 30 columns into an empty SQLite file",
    "incremental": "Insight Workbench: the full build of the same base, which computes and writes everything",
    "many": "Insight Workbench: a full build after the same rows came in one load",
    "profile": "SQLModel: session.get(row of 30 columns, key) on an SQLite file of as many rows",
    "timeline": "DuckDB: SELECT * FROM the customer's bucket WHERE record_id = ? ORDER BY occurred_at DESC LIMIT 200",
    "copy": "DuckDB: COPY (FROM the same columns) TO the same format",
    "recommend": "numpy: (customers x 30) @ (30 x 12), then DuckDB: COPY of as many rows x 30 columns to Parquet",
}


def contacts(inputs: Inputs) -> float:
    """Copy the interactions."""
    return _copied(inputs, inputs.contacts)


def parties(inputs: Inputs) -> float:
    """Copy the party records, and put them into SQLite."""
    rows = _rows(f"FROM '{inputs.parties}'")
    return _copied(inputs, inputs.parties) + _ingested(inputs, rows)


def build(inputs: Inputs) -> float:
    """Aggregate the interactions once, and put a table as wide as a profile into SQLite."""
    with bare_duckdb() as con:
        query = _GROUPED.format(files=inputs.store / "lake/interactions/**/*.parquet")
        grouped = timed(lambda: con.sql(query).to_arrow_table())
    return grouped + _ingested(inputs, _wide(inputs.customers))


def profile(inputs: Inputs) -> float:
    """The median of rows asked for by key."""
    with TemporaryDirectory(dir=inputs.folder) as folder:
        path = Path(folder) / "wide.sqlite"
        row = _wide_row()
        _ingest(path, _wide(inputs.customers), "wide")
        engine = create_engine(f"sqlite:///{path}")
        with Session(engine) as session:
            session.connection().exec_driver_sql("CREATE UNIQUE INDEX wide_customer ON wide (customer)")
            session.commit()

        def ask(number: int) -> None:
            with Session(engine) as session:
                session.get(row, inputs.customer(number))

        return median(each(ask, inputs.customers))


def timeline(inputs: Inputs) -> float:
    """The median of timelines read from the same buckets."""
    lake = inputs.store / "lake" / "interactions"
    with bare_duckdb() as con:

        def ask(number: int) -> None:
            customer = inputs.customer(number)
            bucket = lake / f"bucket={int(customer[:2], 16) % 64}"
            # A small lake has not been sorted into buckets yet.
            con.execute(_EVENTS.format(bucket=bucket if bucket.is_dir() else lake), [customer]).fetchall()

        return median(each(ask, inputs.customers))


def copy(inputs: Inputs, ending: str) -> float:
    """Copy what our export wrote, from Parquet to the same format."""
    target = inputs.folder / f"reference.{ending}"
    cards = inputs.folder / "cards.parquet"
    with bare_duckdb() as con:
        return timed(lambda: con.execute(f"COPY (FROM '{cards}') TO '{target}'"))


def recommend(inputs: Inputs) -> float:
    """A matrix product of the same size, and its rows as a file."""
    rng = np.random.default_rng(0)
    people, actions = rng.random((inputs.customers, 30)), rng.random((30, 12))
    product = timed(lambda: people @ actions)
    target = inputs.folder / "reference.parquet"
    with bare_duckdb() as con:
        con.register("wide", _wide(inputs.customers))
        return product + timed(lambda: con.execute(f"COPY wide TO '{target}' (COMPRESSION zstd)"))


def _copied(inputs: Inputs, source: Path) -> float:
    target = inputs.folder / "one.parquet"
    with bare_duckdb() as con:

        def work() -> None:
            con.execute(f"COPY (FROM '{source}') TO '{target}' (COMPRESSION zstd)")
            sync(target)

        return timed(work)


def _ingested(inputs: Inputs, rows: pa.Table) -> float:
    with TemporaryDirectory(dir=inputs.folder) as folder:
        path = Path(folder) / "bare.sqlite"
        return timed(lambda: _ingest(path, rows, "bare"))


def _ingest(path: Path, rows: pa.Table, table: str) -> None:
    with dbapi.connect(str(path)) as con, con.cursor() as cursor:
        cursor.adbc_ingest(table, rows)
        con.commit()


def _rows(query: str) -> pa.Table:
    with bare_duckdb() as con:
        return con.sql(query).to_arrow_table()


def _wide(customers: int) -> pa.Table:
    columns = ", ".join(f"(hash(i, {number}) % 100000)::BIGINT AS c{number:02}" for number in range(29))
    key = "left(sha256('bench' || chr(31) || 'C' || i), 20)"
    return _rows(f"SELECT {key} AS customer, {columns} FROM range({customers}) AS t(i)")


def _wide_row() -> type[SQLModel]:
    columns: dict[str, Any] = {f"c{number:02}": (int, 0) for number in range(29)}
    key: Any = (str, Field(primary_key=True))
    row = create_model("Wide", __base__=SQLModel, __cls_kwargs__={"table": True}, customer=key, **columns)
    SQLModel.metadata.remove(SQLModel.metadata.tables["wide"])  # it is no table of a store
    return row
