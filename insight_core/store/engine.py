"""The store: one directory, its database, the lake beside it, and who may write."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import ibis
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from insight_core.errors import Fault
from insight_core.settings import read_settings
from insight_core.store import duck, home
from insight_core.store.database import Database, Waiting
from insight_core.store.lake import Lake
from insight_core.store.postgres import Postgres
from insight_core.store.prepared import Transaction
from insight_core.store.reshape import reshape
from insight_core.store.scratch import mine, scratch
from insight_core.store.space import Reserve
from insight_core.store.sqlite import Sqlite
from insight_core.store.tables import Note
from insight_core.store.trouble import in_our_words

_MOVE_ON = """
    INSERT INTO note (name, value) VALUES ('version', '1')
    ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(note.value AS BIGINT) + 1 AS TEXT)
"""


class Store:
    """One directory: `profile.db` or where else the tables are, the lake beside it, `exports` and `tmp`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.tmp = root / "tmp"
        self.exports = root / "exports"
        _make(root, self.tmp, self.exports)
        if os.statvfs(root).f_flag & os.ST_RDONLY or not os.access(root, os.W_OK):
            raise Fault(f"The store at {root} can only be read here, and no answer leaves without a receipt in it.")
        self.database = _database(root)
        self.engine = self.database.engine
        self.lake = Lake(root / "lake", self.database)
        self.reserve = Reserve(root / "reserve", read_settings().reserve_mb << 20)
        self.reserve.keep()
        reshape(self)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one consistent moment."""
        with Session(self.engine) as session:
            yield session

    def rows(self) -> AbstractContextManager[Transaction]:
        """A transaction that sees one consistent moment: for a few rows by key a session would cost more than they."""
        return self.database.rows()

    @contextmanager
    def write(self, quiet: bool = False) -> Iterator[Session]:
        """A session that takes the write lock at once and commits at the end.

        It moves the store's version on, so that whoever keeps answers, in any process, sees them
        outdated. `quiet` leaves the version: for what no answer shows, such as a receipt.
        """
        with self._in_our_words(), Session(self.database.writing, expire_on_commit=False) as session:
            yield session
            session.flush()
            if not quiet:
                session.connection().exec_driver_sql(_MOVE_ON)
                self.database.kept += 1
            session.commit()

    @contextmanager
    def append(self) -> Iterator[Transaction]:
        """A transaction that takes the write lock at once and commits at the end: a quiet write without a session."""
        with self._in_our_words(), self.database.adding() as adding:
            yield adding

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as fault:
            if ours := in_our_words(fault, self.root):
                raise ours from fault
            if isinstance(fault, OperationalError):
                raise Fault(f"The store at {self.root} cannot be written: {fault.orig}.") from fault
            raise

    def version(self) -> int:
        """A number that every write moves on, whichever process it comes from."""
        with self.read() as session:
            note = session.get(Note, "version")
        return int(note.value) if note else 0

    @contextmanager
    def turn(self, what: str, waiting: Waiting, name: str = "turn", patience: float | None = None) -> Iterator[None]:
        """The turn to change evidence or to build from it; raises Busy when another keeps it too long.

        Another `name` is another turn, which does not wait for this one.
        """
        with self.database.turn(name, what, read_settings().patience if patience is None else patience, waiting):
            yield

    def scratch(self) -> Path:
        """A new folder for work under way."""
        return scratch(self.tmp)

    def duck(self) -> duckdb.DuckDBPyConnection:
        """A fresh in-memory DuckDB, for set-based work over listed files."""
        return duck.connect(temp_directory=str(self.tmp / f"{mine()}-duck"))

    def ibis(self) -> Any:
        """The same behind Ibis."""
        return ibis.duckdb.from_connection(self.duck())

    def close(self) -> None:
        """Let go of the files."""
        self.engine.dispose()


def _database(root: Path) -> Database:
    """PostgreSQL where the environment or the folder says so, else a file in the folder."""
    url = home.address(root, read_settings().store_url)
    return Postgres(url, root) if url else Sqlite(root / "profile.db")


def settle(root: Path) -> None:
    """Take the tables of a folder that was just put together, in an SQLite file, to where this store has its own."""
    if url := home.address(root, read_settings().store_url):
        moved = (root / "profile.db").replace(root / "moved.db")
        Postgres(url, root, filled_from=moved).engine.dispose()
        moved.unlink()


def _make(*folders: Path) -> None:
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise Fault(f"The store's folder {folder} cannot be made: {fault.strerror}.") from fault
