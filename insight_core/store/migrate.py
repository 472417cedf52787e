"""Migrations: Alembic scripts beside this file, run only when the store is not at the newest one."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from insight_core.errors import Fault

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(writing: Engine, afterwards: Callable[[Connection], None] | None = None) -> None:
    """Bring the store to the newest schema; raises Fault when it was written by a newer release.

    All of it is one transaction that takes the write lock first: whoever opens the store meanwhile waits and
    finds it done, and a process that dies leaves the store as it was. What comes `afterwards` belongs to it.
    """
    with writing.execution_options(immediate=False).connect() as connection:
        if _current(connection) == _head():
            return
    with writing.begin() as connection:
        current, config = _current(connection), _config()
        if current is not None and not _known(config, current):
            raise Fault(
                f"The store has schema {current}, which is newer than this release knows: update Insight Workbench."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if afterwards:
            afterwards(connection)


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


@cache
def _head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _known(config: Config, revision: str) -> bool:
    return any(one.revision == revision for one in ScriptDirectory.from_config(config).walk_revisions())
