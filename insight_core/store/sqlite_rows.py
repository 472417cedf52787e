"""Rows into SQLite: Arrow into a file of their own, from there into the store a stretch of customers at a time.

The Arrow driver never opens the live store: it brings a second SQLite library whose closing would
drop the first one's locks.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import adbc_driver_sqlite.dbapi as adbc

from insight_core.store.database import Lost, PutDown, Rows
from insight_core.store.sql import listed

_AT_ONCE = 4_000
_PARTS = 2


def write_few(raw: Any, rows: Rows) -> None:
    """Everything in one transaction, straight into the tables."""
    found = {table: rows.con.sql(query).to_arrow_table() for table, query in rows.queries()}
    raw.execute("BEGIN IMMEDIATE")
    raw.execute(_begun(rows))
    for table, one in found.items():
        names, marks = listed(one.column_names), ", ".join("?" * one.num_columns)
        values = zip(*(column.to_pylist() for column in one.columns), strict=True)
        raw.executemany(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", list(values))
    for lost in rows.lost:
        raw.executemany(_deletion(lost), lost.rows)
    raw.execute("COMMIT")


def put_down(rows: Rows, folder: Path) -> PutDown:
    """Everything in files of their own, side by side: what one thread puts down leaves half of the machine idle."""
    queries = list(rows.queries())
    parts = [dict(queries[number::_PARTS]) for number in range(_PARTS)]
    paths = [folder / f"staged-{uuid4().hex}.db" for _ in parts]
    with ThreadPoolExecutor(_PARTS) as pool:
        list(pool.map(partial(_put_down, rows), paths, parts))
    return PutDown(rows, {table: path for path, part in zip(paths, parts, strict=True) for table in part})


def _put_down(rows: Rows, path: Path, queries: Mapping[str, str]) -> None:
    with adbc.connect(str(path)) as staged, staged.cursor() as cursor:
        for table, query in queries.items():
            cursor.adbc_ingest(table, rows.con.sql(query).to_arrow_reader(50_000), mode="create")
        staged.commit()


def take_over(raw: Any, put: PutDown, alone: bool) -> None:
    """A stretch of a group's tables at a time; `alone` takes out all other rows."""
    rows, parts = put.rows, {path: f"staged_{number}" for number, path in enumerate(sorted({*put.files.values()}))}
    where = {table: f"{parts[path]}.{table}" for table, path in put.files.items()}
    for path, part in parts.items():
        raw.execute(f"ATTACH ? AS {part}", (str(path),))
    raw.execute(_begun(rows))
    for group in rows.groups:
        _in_stretches(raw, {table: where[table] for table in group})
    for lost in rows.lost:
        _delete(raw, lost)
    for table, key in rows.keys.items() if alone else ():
        raw.execute(_leftover(table, where[table], key))
    for part in parts.values():
        raw.execute(f"DETACH {part}")


def _begun(rows: Rows) -> str:
    return f"INSERT OR REPLACE INTO note (name, value) VALUES ('{rows.begun}', '1')"


def _in_stretches(raw: Any, tables: Mapping[str, str]) -> None:
    """Copy the staged rows, the same stretch of customers in every table, one transaction a stretch."""
    most = raw.execute(f"SELECT coalesce(max(rowid), 0) FROM {next(iter(tables.values()))}").fetchone()[0]
    copies = [_copy(raw, table, staged) for table, staged in tables.items()]
    for start in range(0, most, _AT_ONCE):
        raw.execute("BEGIN IMMEDIATE")
        for copy in copies:
            raw.execute(copy, {"start": start, "end": start + _AT_ONCE})
        raw.execute("COMMIT")


def _copy(raw: Any, table: str, staged: str) -> str:
    """A statement that copies a stretch; of a customer of whom a table tells nothing new, no page is written."""
    columns = [one[0] for one in raw.execute(f"SELECT * FROM {staged} LIMIT 0").description]
    names = listed(columns)
    stretch = f"FROM {staged} WHERE rowid > :start AND rowid <= :end"
    rows = f"SELECT {names} {stretch}"
    if raw.execute(f"SELECT 1 FROM main.{table} LIMIT 1").fetchone():
        # the first column is, or begins, the key
        rows += f' EXCEPT SELECT {names} FROM main.{table} WHERE "{columns[0]}" IN (SELECT "{columns[0]}" {stretch})'
    return f"INSERT OR REPLACE INTO main.{table} ({names}) {rows}"


def _deletion(lost: Lost) -> str:
    return f"DELETE FROM main.{lost.table} WHERE " + " AND ".join(f"{name} = ?" for name in lost.key)


def _delete(raw: Any, lost: Lost) -> None:
    for start in range(0, len(lost.rows), _AT_ONCE):
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(_deletion(lost), lost.rows[start : start + _AT_ONCE])
        raw.execute("COMMIT")


def _leftover(table: str, staged: str, key: tuple[str, ...]) -> str:
    names = ", ".join(key)
    return f"DELETE FROM main.{table} WHERE ({names}) NOT IN (SELECT {names} FROM {staged})"
