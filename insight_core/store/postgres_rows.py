"""Rows into PostgreSQL by COPY: Arrow in, the lock held for one stretch of customers at a time."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import BigInteger, Boolean, Date, Integer
from sqlmodel import SQLModel

from insight_core.errors import Fault
from insight_core.store.database import PutDown, Rows
from insight_core.store.sql import text
from insight_core.store.trouble import in_our_words

LOCK = """
    SELECT set_config('lock_timeout', '10s', true),
           pg_advisory_xact_lock(hashtext('insight writer'), hashtext(current_schema()))
"""
Sure = Callable[[Callable[[str], int]], None]
_AT_ONCE = 4_000
# of the driver's types, what stands for a type of ours; text for all others
_TYPES = {BigInteger: "BIGINT", Integer: "INTEGER", Boolean: "BOOLEAN", Date: "DATE"}


class _Tables:
    """A connection of the Arrow driver, and what it writes in one transaction."""

    def __init__(self, connection: Any, cursor: Any, sure: Sure) -> None:
        self._connection, self._cursor, self._sure = connection, cursor, sure

    @contextmanager
    def write(self, *doomed: tuple[tuple[str, ...], pa.Table]) -> Iterator[None]:
        """Take the lock and delete the rows of the tables that have these keys; commit at the end."""
        self._cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")  # whatever the server's own is
        for number, (_, keys) in enumerate(doomed):
            self.stage(f"doomed_{number}", keys)
        self._cursor.execute(LOCK)
        self._sure(self._asked)
        for number, (tables, keys) in enumerate(doomed):
            same = " AND ".join(f't."{name}" = d."{name}"' for name in keys.column_names)
            for table in tables:
                self._cursor.execute(f"DELETE FROM {table} AS t USING doomed_{number} AS d WHERE {same}")
        yield
        self._connection.commit()

    def stage(self, name: str, keys: pa.Table) -> None:
        """Put keys into a table that is gone with the transaction."""
        columns = ", ".join(f'"{one}" text COLLATE "C"' for one in keys.column_names)
        self._cursor.execute(f"CREATE TEMP TABLE {name} ({columns}) ON COMMIT DROP")
        self._cursor.adbc_ingest(name, keys, mode="append", temporary=True)

    def add(self, table: str, rows: pa.Table) -> None:
        """COPY the rows."""
        self._cursor.adbc_ingest(table, rows, mode="append")

    def note(self, name: str) -> None:
        """Put up the note that writing has begun."""
        self._cursor.execute(f"INSERT INTO note (name, value) VALUES ({text(name)}, '1') ON CONFLICT (name) DO NOTHING")

    def leave_only(self, table: str, keys: pa.Table) -> None:
        """Delete the rows of the table that have none of these keys."""
        self.stage("kept", keys)
        same = " AND ".join(f't."{name}" = k."{name}"' for name in keys.column_names)
        self._cursor.execute(f"DELETE FROM {table} AS t WHERE NOT EXISTS (SELECT FROM kept AS k WHERE {same})")

    def _asked(self, query: str) -> int:
        self._cursor.execute(query)
        return int(self._cursor.fetchone()[0])


def write_few(address: str, place: Path, rows: Rows, sure: Sure) -> None:
    """Everything in one transaction."""
    found = [
        {table: rows.con.sql(_typed(rows, table, query)).to_arrow_table() for table, query in group.items()}
        for group in rows.groups
    ]
    doomed = [*(_replaced(group, rows.keys) for group in found), *_lost(rows)]
    with _tables(address, place, sure) as tables, tables.write(*doomed):
        tables.note(rows.begun)
        for group in found:
            for table, some in group.items():
                tables.add(table, some)


def put_down(rows: Rows, folder: Path) -> PutDown:
    """Everything in Parquet files."""
    files = {table: folder / f"staged-{uuid4().hex}.parquet" for table, _ in rows.queries()}
    for table, query in rows.queries():
        rows.con.execute(f"COPY ({_typed(rows, table, query)}) TO {text(str(files[table]))} (FORMAT parquet)")
    return PutDown(rows, files)


def take_over(address: str, place: Path, put: PutDown, sure: Sure, alone: bool) -> None:
    """A stretch of a group's tables at a time."""
    rows = put.rows
    with _tables(address, place, sure) as tables:
        with tables.write():
            tables.note(rows.begun)
        for group in rows.groups:
            _in_stretches(tables, {table: put.files[table] for table in group}, rows.keys)
        for doomed in _lost(rows):
            with tables.write(doomed):
                pass
        for table, path in put.files.items() if alone else ():
            with tables.write():
                tables.leave_only(table, pq.read_table(path, columns=list(rows.keys[table])))


def _in_stretches(tables: _Tables, files: dict[str, Path], keys: dict[str, tuple[str, ...]]) -> None:
    readers = [pq.ParquetFile(path).iter_batches(_AT_ONCE) for path in files.values()]
    for batches in zip(*readers, strict=True):
        some = {table: pa.Table.from_batches([one]) for table, one in zip(files, batches, strict=True)}
        doomed = _replaced(some, keys)
        if any(not one.select(doomed[1].column_names).equals(doomed[1]) for one in some.values()):
            raise Fault("The tables of the profiles are not of the same customers.")
        with tables.write(doomed):
            for table, one in some.items():
                tables.add(table, one)


def _replaced(group: dict[str, pa.Table], keys: dict[str, tuple[str, ...]]) -> tuple[tuple[str, ...], pa.Table]:
    first = next(iter(group))
    return tuple(group), group[first].select(list(keys[first]))


def _lost(rows: Rows) -> Iterator[tuple[tuple[str, ...], pa.Table]]:
    for lost in rows.lost:
        for start in range(0, len(lost.rows), _AT_ONCE):
            columns: Sequence[Any] = list(zip(*lost.rows[start : start + _AT_ONCE], strict=True))
            keys = {name: pa.array(one, pa.string()) for name, one in zip(lost.key, columns, strict=True)}
            yield (lost.table,), pa.table(keys)


def _typed(rows: Rows, table: str, query: str) -> str:
    """The query with each column in the type of the table's: COPY takes bytes as they are."""
    columns = SQLModel.metadata.tables[table].columns
    names = rows.con.sql(query).columns
    typed = ", ".join(f'CAST("{name}" AS {_type(columns[name].type)}) AS "{name}"' for name in names)
    return f"SELECT {typed} FROM ({query}) ORDER BY {', '.join(rows.keys[table])}"


def _type(of: Any) -> str:
    return next((name for kind, name in _TYPES.items() if isinstance(of, kind)), "VARCHAR")


@contextmanager
def _tables(address: str, place: Path, sure: Sure) -> Iterator[_Tables]:
    try:
        import adbc_driver_postgresql.dbapi as adbc
    except ModuleNotFoundError as fault:
        raise Fault(f"PostgreSQL needs the extra [postgres]: {fault.name} is not installed.") from fault
    try:
        with adbc.connect(address) as connection, connection.cursor() as cursor:
            yield _Tables(connection, cursor, sure)
    except adbc.Error as fault:
        raise in_our_words(fault, place) or Fault(f"The database of the store at {place}: {fault}") from fault
