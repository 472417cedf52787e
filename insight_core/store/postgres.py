"""PostgreSQL: one database, or the schema of it that the address names, holds the tables of one store.

Readers see one moment (REPEATABLE READ). A writer takes the one lock of the store before it reads
anything (an advisory lock, then READ COMMITTED), as with SQLite: what it saw still stands when it
commits, so that nothing has to be done twice and no update is lost. A turn is a lock that a
connection of its own holds, so that it counts on every machine; when that connection is lost, the
next write of whoever had the turn is refused.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from os import getpid
from pathlib import Path
from platform import node
from time import monotonic, sleep

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from insight_core.errors import BadInput, Fault, Unreachable
from insight_core.store import home
from insight_core.store.copying import copy_tables
from insight_core.store.database import Database, PutDown, Rows, Waiting
from insight_core.store.migrate import migrate
from insight_core.store.postgres_rows import LOCK, put_down, take_over, write_few
from insight_core.store.sqlite import Sqlite
from insight_core.store.trouble import in_our_words
from insight_core.store.turns import wait

_TAKE = "SELECT pg_try_advisory_lock(hashtext('insight ' || :name), hashtext(current_schema()))"
_SAY = "SELECT pg_backend_pid(), set_config('application_name', :who, false)"
_HOLDER = """
    SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND datname = current_database()
    AND classid::bigint = hashtext('insight ' || :name)::bigint & 4294967295
    AND objid::bigint = hashtext(current_schema())::bigint & 4294967295
"""
_HELD = "SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid IN"
_NAME = "insight: "
_A_MOMENT_S, _LOOK_AGAIN_S = 3.0, 0.1
# SQLite compares texts byte by byte; here a database has an order of its own.
_BYTE_BY_BYTE = """
    SELECT format('ALTER TABLE %I ', table_name) || string_agg(
        format('ALTER COLUMN %I TYPE %s COLLATE "C"', column_name, data_type), ', ')
    FROM information_schema.columns
    WHERE table_schema = current_schema() AND data_type IN ('character varying', 'text') AND collation_name IS NULL
    GROUP BY table_name ORDER BY table_name
"""
_NUMBERED = """
    SELECT format('SELECT setval(%L, (SELECT coalesce(max(id), 0) + 1 FROM %I), false)',
        pg_get_serial_sequence(quote_ident(table_name), 'id'), table_name)
    FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_name = 'id' AND column_default LIKE 'nextval%'
"""


class Postgres(Database):
    """The tables of the store in a directory, in the database at an address.

    `filled_from` is an SQLite file whose rows a new database starts with. Raises Fault for a database that cannot
    be reached, and Conflict for one that is somebody else's.
    """

    def __init__(self, url: str, root: Path, filled_from: Path | None = None) -> None:
        self._root, self._address = root, _bare(url)
        self._held: list[int] = []
        self.engine = _engine(url)
        self.writing = self.engine.execution_options(immediate=True, isolation_level="READ COMMITTED")
        event.listen(self.engine, "begin", self._begin)
        try:
            settled = home.check(self.engine, root, new=filled_from is not None)
            migrate(self.writing, afterwards=_sort_byte_by_byte)
            if not settled:
                self._settle(filled_from)
        except DBAPIError as fault:
            raise in_our_words(fault, root) or Fault(
                f"The database of the store at {root} says: {fault.orig}"
            ) from fault

    @contextmanager
    def turn(self, name: str, what: str, patience: float, waiting: Waiting) -> Iterator[None]:
        """A lock that a connection holds."""
        with self._in_our_words(), self.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()  # closed for good afterwards, whatever became of it
            pid = _taken(connection, name, what, patience, waiting)
            self._held.append(pid)
            try:
                yield
            finally:
                self._held.remove(pid)
                with suppress(DBAPIError):
                    connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")

    def put_few(self, rows: Rows) -> None:
        """By COPY, in one transaction."""
        self.kept += 1
        write_few(self._address, self._root, rows, self._sure)

    def put_down(self, rows: Rows, folder: Path) -> PutDown:
        """In Parquet files."""
        return put_down(rows, folder)

    def take_over(self, rows: PutDown, alone: bool) -> None:
        """By COPY, a stretch of customers in every table at a time."""
        self.kept += 1
        take_over(self._address, self._root, rows, self._sure, alone)

    @contextmanager
    def unguarded(self, connection: Connection, tables: Sequence[str]) -> Iterator[None]:
        """They sleep."""
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))

    def copy_to(self, path: Path) -> None:
        """Row by row, of one moment."""
        copy = Sqlite(path)
        with self._in_our_words(), self.engine.connect() as connection, copy.writing.begin() as into:
            copy_tables(connection, into, without=home.NOTE)
        copy.close_as_one_file()

    def back(self) -> bool:
        """A server that is started anew takes a moment until it answers."""
        until = monotonic() + _A_MOMENT_S
        while True:
            try:
                with self.engine.connect():
                    return True
            except DBAPIError:
                if monotonic() >= until:
                    return False
                sleep(_LOOK_AGAIN_S)

    def _settle(self, filled_from: Path | None) -> None:
        with self.writing.begin() as connection:
            if filled_from is not None:
                _fill(connection, filled_from)
            home.settle(connection, self._root)

    def _begin(self, connection: Connection) -> None:
        if connection.get_execution_options().get("immediate", False):
            connection.exec_driver_sql(LOCK)
            self._sure(lambda query: int(connection.exec_driver_sql(query).scalar_one()))

    def _sure(self, asked: Callable[[str], int]) -> None:
        """Within a write: raises Fault when a turn that this process took is not its own any more."""
        if self._held and asked(f"{_HELD} ({', '.join(map(str, self._held))})") < len(set(self._held)):
            raise Unreachable(f"The connection to the database of the store at {self._root} was lost: begin this anew.")

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as fault:
            if ours := in_our_words(fault, self._root):
                raise ours from fault
            raise


def _engine(url: str) -> Engine:
    try:
        named = make_url(_bare(url)).set(drivername="postgresql+psycopg")
        return create_engine(named, isolation_level="REPEATABLE READ", pool_pre_ping=True)
    except (ArgumentError, ValueError) as fault:
        raise BadInput("INSIGHT_STORE_URL is no address such as postgresql://user@host/database.") from fault
    except ModuleNotFoundError as fault:
        raise Fault(f"PostgreSQL needs the extra [postgres]: {fault.name} is not installed.") from fault


def _bare(url: str) -> str:
    """The address as PostgreSQL's own library reads it."""
    kind, _, rest = url.partition("://")
    if kind.removesuffix("+psycopg") not in ("postgresql", "postgres"):
        raise BadInput(f"INSIGHT_STORE_URL begins with {kind!r}: only postgresql://user@host/database is known.")
    return f"postgresql://{rest}"


def _taken(connection: Connection, name: str, what: str, patience: float, waiting: Waiting) -> int:
    """The number of the connection, once it has the turn."""

    def taken() -> bool:
        return bool(connection.execute(text(_TAKE), {"name": name}).scalar())

    def holder() -> str:
        told = connection.execute(text(_HOLDER), {"name": name}).scalar() or ""
        return told.removeprefix(_NAME) if told.startswith(_NAME) else "another process"

    wait(taken, holder, what, patience, waiting)
    said = {"who": f"{_NAME}{what[:24]} (process {getpid()} on {node()[:12]})"}
    return int(connection.execute(text(_SAY), said).scalar_one())


def _sort_byte_by_byte(connection: Connection) -> None:
    for statement in connection.execute(text(_BYTE_BY_BYTE)).scalars().all():
        connection.exec_driver_sql(statement)


def _fill(connection: Connection, path: Path) -> None:
    old = Sqlite(path)
    with old.engine.connect() as rows:
        copy_tables(rows, connection, without=home.NOTE)
    old.close_as_one_file()
    for statement in connection.execute(text(_NUMBERED)).scalars().all():
        connection.exec_driver_sql(statement)
