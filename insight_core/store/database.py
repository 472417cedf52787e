"""What a store asks of the relational database behind it, whichever one that is.

`sqlite` and `postgres` answer; nobody else knows which of them it is.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, Engine

from insight_core.store.prepared import ByToolkit, Transaction

Waiting = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Lost:
    """Rows of a table that are to go, by their keys."""

    table: str
    key: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


class Queried(Protocol):
    """Whatever answers queries by DuckDB."""

    @property
    def con(self) -> Any:
        """This thread's connection."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for the tables, as queries that DuckDB answers, and those that are to go.

    The tables of one group are written in the same stretches: each has a row for the same customers
    in the same order, so that nobody sees half a customer. `keys` are the key columns of every
    table, and `begun` names the note that says that writing has begun.
    """

    by: Queried
    groups: tuple[dict[str, str], ...]
    keys: dict[str, tuple[str, ...]]
    lost: Sequence[Lost]
    begun: str

    @property
    def con(self) -> Any:
        """This thread's connection to what answers the queries."""
        return self.by.con

    def queries(self) -> Iterator[tuple[str, str]]:
        """Every table with its query."""
        for group in self.groups:
            yield from group.items()


class PutDown(NamedTuple):
    """Rows that lie in files of their own until their tables take them over: by table, in which."""

    rows: Rows
    files: Mapping[str, Path]


class Database(ABC):
    """One database, at the newest schema.

    A transaction of `engine` sees one consistent moment; one of `writing` has the write lock from
    its first statement on, and nobody else writes until it ends.
    """

    engine: Engine
    writing: Engine
    kept: int = 0
    """How many times this process has begun to keep what a repetition would do twice."""

    def back(self) -> bool:
        """Whether it answers again after a connection was lost; a file is never away."""
        return True

    def rows(self) -> AbstractContextManager[Transaction]:
        """A transaction for a few rows by key, which keeps nothing."""
        return _by_toolkit(self.engine, keeps=False)

    def adding(self) -> AbstractContextManager[Transaction]:
        """One for a few rows more: it has the write lock from its first statement on, and commits at the end."""
        return _by_toolkit(self.writing, keeps=True)

    @abstractmethod
    def turn(self, name: str, what: str, patience: float, waiting: Waiting) -> AbstractContextManager[None]:
        """The turn of that name, held by one process at a time; see `turns`."""

    @abstractmethod
    def put_few(self, rows: Rows) -> None:
        """Write the rows in one transaction."""

    @abstractmethod
    def put_down(self, rows: Rows, folder: Path) -> PutDown:
        """Write the rows into files of the folder."""

    @abstractmethod
    def take_over(self, rows: PutDown, alone: bool) -> None:
        """Bring them into their tables in short transactions, so that others can write between them.

        `alone` takes out all rows that are not among them.
        """

    @abstractmethod
    def unguarded(self, connection: Connection, tables: Sequence[str]) -> AbstractContextManager[None]:
        """Within a transaction: without the triggers that keep rows of the tables from being changed."""

    @abstractmethod
    def copy_to(self, path: Path) -> None:
        """Write one moment of the database as an SQLite file, whole without a log beside it."""


@contextmanager
def _by_toolkit(engine: Engine, keeps: bool) -> Iterator[Transaction]:
    with engine.connect() as connection:
        connection.begin()
        yield ByToolkit(connection)
        if keeps:  # what is not committed is rolled back
            connection.commit()
