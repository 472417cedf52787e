"""SQLite: one file in WAL mode with every safety on.

Many rows go by Arrow into a staging file of their own, which the store's own connection attaches
and copies. The Arrow driver never opens the live store: it brings a second SQLite library whose
closing would drop the first one's locks.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import adbc_driver_sqlite.dbapi as adbc
from sqlalchemy import Connection, PoolProxiedConnection, create_engine, event, text
from sqlalchemy.exc import DatabaseError

from insight_core.errors import Damaged
from insight_core.store.database import Database, Lost, Rows, Waiting
from insight_core.store.migrate import migrate
from insight_core.store.prepared import ByDriver, Transaction, as_the_toolkit_tells, by_driver
from insight_core.store.trouble import in_our_words
from insight_core.store.turns import turn

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA secure_delete=ON",
)
_AT_ONCE = 4_000
# The inner pages of the tables of a million stay in memory: a profile reads 20 pages of the file, with SQLite's own
# 2,000 it reads 31. And the log begins anew after 200 pages: a receipt that writes over what was there is on the disk
# in 0.10 ms, one that makes the log longer, as it would up to 1,000 pages, in 0.17.
_AS_USUAL = ("PRAGMA main.cache_size=-16000", "PRAGMA wal_autocheckpoint=200")
# Many rows go to many pages again and again: a quarter of the time goes with keeping them in memory meanwhile.
_FOR_MANY = ("PRAGMA main.cache_size=-131072", "PRAGMA wal_autocheckpoint=8000")


class Sqlite(Database):
    """The file `profile.db`; raises Damaged when there is one that is no store."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})
        self.writing = self.engine.execution_options(immediate=True)
        event.listen(self.engine, "connect", _prepare)
        event.listen(self.engine, "begin", _begin)
        try:
            migrate(self.writing)
        except DatabaseError as fault:
            damaged = Damaged(f"The store at {path}", f"cannot be opened: {fault.orig}", "A backup can be restored")
            raise in_our_words(fault, path.parent) or damaged from fault

    def rows(self) -> AbstractContextManager[Transaction]:
        """By the driver: what the toolkit does around a row by key takes ten times as long as the row."""
        return self._by_driver("BEGIN")

    def adding(self) -> AbstractContextManager[Transaction]:
        """By the driver, likewise."""
        return self._by_driver("BEGIN IMMEDIATE")

    @contextmanager
    def _by_driver(self, begin: str) -> Iterator[Transaction]:
        dialect = self.engine.dialect
        with closing(self._connection()) as raw:  # what is not committed is rolled back
            driver = raw.dbapi_connection
            by_driver(driver, dialect, begin)
            yield ByDriver(driver, dialect)
            by_driver(driver, dialect, "COMMIT")

    def _connection(self) -> PoolProxiedConnection:
        try:
            return self.engine.raw_connection()
        except sqlite3.Error as fault:
            raise as_the_toolkit_tells(fault, self.engine.dialect, "connect") from fault

    def turn(self, name: str, what: str, patience: float, waiting: Waiting) -> AbstractContextManager[None]:
        """A lock on a file beside the database."""
        return turn(self._path.parent / f"{name}.lock", what, patience, waiting)

    def put_few(self, rows: Rows) -> None:
        """Straight into their tables."""
        found = {table: rows.con.sql(query).to_arrow_table() for table, query in rows.queries()}
        with closing(self.engine.raw_connection()) as raw:
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(_begun(rows))
            for table, one in found.items():
                names, marks = _quoted(one.column_names), ", ".join("?" * one.num_columns)
                values = zip(*(column.to_pylist() for column in one.columns), strict=True)
                raw.executemany(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", list(values))
            for lost in rows.lost:
                raw.executemany(_deletion(lost), lost.rows)
            raw.execute("COMMIT")

    def put_many(self, rows: Rows, folder: Path, alone: bool) -> None:
        """By way of a staging file."""
        staged = _stage(rows, folder)
        try:
            with closing(self.engine.raw_connection()) as raw:
                _tune(raw, _FOR_MANY)
                raw.execute("ATTACH ? AS staged", (str(staged),))
                raw.execute(_begun(rows))
                for group in rows.groups:
                    _in_chunks(raw, list(group))
                for lost in rows.lost:
                    _delete(raw, lost)
                for table in rows.keys if alone else ():
                    raw.execute(_leftover(table, rows.keys[table]))
                raw.execute("DETACH staged")
                _tune(raw, _AS_USUAL)
        finally:
            staged.unlink(missing_ok=True)

    @contextmanager
    def unguarded(self, connection: Connection, tables: Sequence[str]) -> Iterator[None]:
        """They go and are made again."""
        found = connection.execute(text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        triggers = [(name, made) for name, table, made in found if table in tables]
        for name, _ in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield
        for _, made in triggers:
            connection.exec_driver_sql(made)

    def copy_to(self, path: Path) -> None:
        """The database's own copy."""
        with closing(sqlite3.connect(self._path)) as live, closing(sqlite3.connect(path)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")

    def close_as_one_file(self) -> None:
        """Let go of it, whole without a log beside it."""
        self.engine.dispose()
        with closing(sqlite3.connect(self._path)) as last:
            last.execute("PRAGMA journal_mode=DELETE")


def _tune(raw: Any, pragmas: Sequence[str]) -> None:
    for pragma in pragmas:
        raw.execute(pragma)


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN is deferred: a later write could fail at once
    for pragma in (*_PRAGMAS, *_AS_USUAL):
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    driver = connection.connection.dbapi_connection
    by_driver(driver, connection.dialect, "BEGIN IMMEDIATE" if immediate else "BEGIN")


def _begun(rows: Rows) -> str:
    return f"INSERT OR REPLACE INTO note (name, value) VALUES ('{rows.begun}', '1')"


def _stage(rows: Rows, folder: Path) -> Path:
    path = folder / f"staged-{uuid4().hex}.db"
    with adbc.connect(str(path)) as staged, staged.cursor() as cursor:
        for table, query in rows.queries():
            cursor.adbc_ingest(table, rows.con.sql(query).to_arrow_reader(50_000), mode="create")
        staged.commit()
    return path


def _in_chunks(raw: Any, tables: Sequence[str]) -> None:
    """Copy the staged rows, the same stretch of customers in every table, one transaction a stretch."""
    most = raw.execute(f"SELECT coalesce(max(rowid), 0) FROM staged.{tables[0]}").fetchone()[0]
    copies = [_copy(raw, table) for table in tables]
    for start in range(0, most, _AT_ONCE):
        raw.execute("BEGIN IMMEDIATE")
        for copy in copies:
            raw.execute(copy, {"start": start, "end": start + _AT_ONCE})
        raw.execute("COMMIT")


def _copy(raw: Any, table: str) -> str:
    """A statement that copies a stretch; of a customer of whom a table tells nothing new, no page is written."""
    columns = [row[1] for row in raw.execute(f"PRAGMA staged.table_info({table})")]
    names = _quoted(columns)
    stretch = f"FROM staged.{table} WHERE rowid > :start AND rowid <= :end"
    rows = f"SELECT {names} {stretch}"
    if raw.execute(f"SELECT 1 FROM main.{table} LIMIT 1").fetchone():
        # the first column is, or begins, the key
        rows += f' EXCEPT SELECT {names} FROM main.{table} WHERE "{columns[0]}" IN (SELECT "{columns[0]}" {stretch})'
    return f"INSERT OR REPLACE INTO main.{table} ({names}) {rows}"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _deletion(lost: Lost) -> str:
    return f"DELETE FROM main.{lost.table} WHERE " + " AND ".join(f"{name} = ?" for name in lost.key)


def _delete(raw: Any, lost: Lost) -> None:
    for start in range(0, len(lost.rows), _AT_ONCE):
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(_deletion(lost), lost.rows[start : start + _AT_ONCE])
        raw.execute("COMMIT")


def _leftover(table: str, key: tuple[str, ...]) -> str:
    names = ", ".join(key)
    return f"DELETE FROM main.{table} WHERE ({names}) NOT IN (SELECT {names} FROM staged.{table})"
