"""SQLite: one file in WAL mode with every safety on."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, PoolProxiedConnection, create_engine, event, text
from sqlalchemy.exc import DatabaseError

from insight_core.errors import Damaged
from insight_core.store.database import Database, PutDown, Rows, Waiting
from insight_core.store.migrate import migrate
from insight_core.store.prepared import ByDriver, Transaction, as_the_toolkit_tells, by_driver
from insight_core.store.sqlite_rows import put_down, take_over, write_few
from insight_core.store.trouble import in_our_words
from insight_core.store.turns import turn

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA secure_delete=ON",
)
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
        with closing(self.engine.raw_connection()) as raw:
            write_few(raw, rows)

    def put_down(self, rows: Rows, folder: Path) -> PutDown:
        """In SQLite files beside it."""
        return put_down(rows, folder)

    def take_over(self, rows: PutDown, alone: bool) -> None:
        """A stretch of customers in every table at a time."""
        with closing(self.engine.raw_connection()) as raw:
            try:
                _tune(raw, _FOR_MANY)
                take_over(raw, rows, alone)
                _tune(raw, _AS_USUAL)
            except BaseException:
                raw.invalidate()  # what was attached and begun goes with it: nobody else is handed the rest
                raise

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
