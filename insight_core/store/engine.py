"""The profile store's engine: SQLite in WAL mode with every safety on, migrated on opening."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import ibis
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import Session

from insight_core.errors import Damaged, Fault
from insight_core.settings import read_settings
from insight_core.store.lake import Lake
from insight_core.store.migrate import migrate
from insight_core.store.scratch import scratch
from insight_core.store.space import Reserve
from insight_core.store.sql import text
from insight_core.store.tables import Note
from insight_core.store.trouble import in_our_words
from insight_core.store.turns import Waiting, turn

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA secure_delete=ON",
)

_MOVE_ON = """
    INSERT INTO note (name, value) VALUES ('version', '1')
    ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(note.value AS BIGINT) + 1 AS TEXT)
"""


class Store:
    """One directory: `profile.db`, the lake beside it, `exports` and `tmp`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.tmp = root / "tmp"
        self.exports = root / "exports"
        _make(root, self.tmp, self.exports)
        if os.statvfs(root).f_flag & os.ST_RDONLY or not os.access(root, os.W_OK):
            raise Fault(f"The store at {root} can only be read here, and no answer leaves without a receipt in it.")
        self.engine = open_engine(root / "profile.db")
        self.lake = Lake(root / "lake", self.engine)
        self.reserve = Reserve(root / "reserve", read_settings().reserve_mb << 20)
        self.reserve.keep()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one consistent moment."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def write(self, quiet: bool = False) -> Iterator[Session]:
        """A session that takes the write lock at once and commits at the end.

        It moves the store's version on, so that whoever keeps answers, in any process, sees them
        outdated. `quiet` leaves the version: for what no answer shows, such as a receipt.
        """
        with Session(self.engine.execution_options(immediate=True), expire_on_commit=False) as session:
            try:
                yield session
                if not quiet:
                    session.connection().exec_driver_sql(_MOVE_ON)
                session.commit()
            except OperationalError as fault:
                if ours := in_our_words(fault, self.root):
                    raise ours from fault
                raise Fault(f"The store at {self.root} cannot be written: {fault.orig}.") from fault

    def version(self) -> int:
        """A number that every write moves on, whichever process it comes from."""
        with self.read() as session:
            note = session.get(Note, "version")
        return int(note.value) if note else 0

    @contextmanager
    def turn(self, what: str, waiting: Waiting) -> Iterator[None]:
        """The turn to change evidence or to build from it; raises Busy when another keeps it too long."""
        with turn(self.root / "turn.lock", what, read_settings().patience, waiting):
            yield

    def scratch(self) -> Path:
        """A new folder for work under way."""
        return scratch(self.tmp)

    def duck(self) -> duckdb.DuckDBPyConnection:
        """A fresh in-memory DuckDB, for set-based work over listed files."""
        con = duckdb.connect()
        con.execute(f"SET temp_directory={text(str(self.tmp / f'{os.getpid()}-duck'))}")
        con.execute("SET TimeZone='UTC'")
        con.execute("SET enable_progress_bar=false")
        return con

    def ibis(self) -> Any:
        """The same behind Ibis."""
        return ibis.duckdb.from_connection(self.duck())

    def close(self) -> None:
        """Let go of the files."""
        self.engine.dispose()


def open_engine(path: Path) -> Engine:
    """An engine on the SQLite file, at the newest schema; raises Damaged when it is no such file."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    try:
        migrate(engine)
    except DatabaseError as fault:
        damaged = Damaged(f"The store at {path}", f"cannot be opened: {fault.orig}", "A backup can be restored")
        raise in_our_words(fault, path.parent) or damaged from fault
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN is deferred: a later write could fail at once
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _make(*folders: Path) -> None:
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise Fault(f"The store's folder {folder} cannot be made: {fault.strerror}.") from fault
