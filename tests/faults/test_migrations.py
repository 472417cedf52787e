"""A store of an older release is brought to the newest schema, whatever interrupts it, and goes on working (F13)."""

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, text
from sqlmodel import SQLModel

from insight_core.errors import Busy
from insight_core.store import Store, sqlite
from insight_core.store.migrate import SCRIPTS
from tests.databases import Kept, assert_sound
from tests.faults.conftest import opened, people
from tests.processes import SERVER

# Rows as release 0001 kept them: two fixes, one of them taken back, and a consent.
_OLD_ROWS = (
    "INSERT INTO correction VALUES ('f1', 's1', 'a', '[\"a\"]', 'city', 'correct', '\"Ashford\"', NULL, 10, 10, NULL)",
    "INSERT INTO correction VALUES ('f2', 's2', 'a', '[\"a\"]', 'city', 'correct', '\"Bexley\"', NULL, 20, 20, 30)",
    "INSERT INTO consent_event VALUES (1, '[\"a\"]', 'marketing', '*', 'given', 15, 'said so')",
)


def _moved(on: Engine, move: Callable[[Config, str], Any], revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with on.connect() as connection:
        config.attributes["connection"] = connection
        move(config, revision)
        connection.commit()


@pytest.fixture
def old(tmp_path: Path, database: Kept) -> Path:
    """A store at revision 0001 with rows in it."""
    made = database.bare(tmp_path / "old")
    _moved(made, command.upgrade, "0001")
    with made.begin() as connection:
        for row in _OLD_ROWS:
            connection.execute(text(row))
    made.dispose()
    return tmp_path / "old"


def assert_migrated(root: Path, fixes: list[tuple[str, str, int]], database: Kept) -> None:
    with closing(Store(root)) as store, store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
        told = connection.execute(text("SELECT change, what, at FROM fix_event ORDER BY id")).all()
        triggers = connection.execute(text(database.triggers)).scalar()
        assert_sound(connection)
    assert [tuple(one) for one in told] == fixes
    assert triggers == 6


_FIXES = [("f1", "made", 10), ("f2", "made", 20), ("f2", "undone", 30)]


def _open_counting(root: Path, die_at: int, told: Any) -> None:
    """Open the store and be killed at that statement, before or just after it is run; else tell how many there were."""
    seen = 0

    def count(*_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "after_cursor_execute", count)
    event.listen(Engine, "commit", count)
    Store(root).close()
    told.put(seen)


def _killed(root: Path, die_at: int, told: Any) -> bool:
    child = SERVER.Process(target=_open_counting, args=(root, die_at, told))
    child.start()
    child.join()
    assert child.exitcode in (0, -signal.SIGKILL)
    return bool(child.exitcode)


# Each of them is a process and a database.
_SOME = 6


@pytest.mark.databases
def test_a_store_of_the_first_release_is_killed_at_each_statement_of_its_migration(old, dice, tmp_path, database):
    told = SERVER.SimpleQueue()
    assert not _killed(database.twin(old, tmp_path / "whole"), 0, told)
    every = range(1, told.get() + 1)
    assert len(every) > 30
    for at in every if database.kind == "sqlite" else dice.sample(every, _SOME):
        assert _killed(database.twin(old, tmp_path / f"{at}"), at, told)
        assert_migrated(tmp_path / f"{at}", _FIXES, database)


@pytest.mark.databases
def test_a_new_store_killed_at_any_statement_is_a_store_when_it_is_opened_again(dice, tmp_path, database):
    told = SERVER.SimpleQueue()
    database.bare(tmp_path / "whole")
    assert not _killed(tmp_path / "whole", 0, told)
    for at in dice.sample(range(1, told.get() + 1), 2 * _SOME if database.kind == "sqlite" else _SOME):
        database.bare(tmp_path / f"{at}")
        assert _killed(tmp_path / f"{at}", at, told)
        assert_migrated(tmp_path / f"{at}", [], database)


@pytest.mark.databases
@pytest.mark.parametrize("scene", ["new", "old"])
def test_processes_that_open_a_store_at_once_migrate_it_once(scene, old, tmp_path, database):
    root, told = (old if scene == "old" else tmp_path / "new"), SERVER.SimpleQueue()
    if scene == "new":
        database.bare(root)
    many = [SERVER.Process(target=_open_counting, args=(root, 0, told)) for _ in range(4)]
    for one in many:
        one.start()
    for one in many:
        one.join()
    assert [one.exitcode for one in many] == [0] * 4
    assert_migrated(root, _FIXES if scene == "old" else [], database)


@pytest.mark.databases("sqlite")
def test_whoever_waits_too_long_for_a_migration_is_not_told_of_damage(old, monkeypatch, database):
    monkeypatch.setattr(sqlite, "_PRAGMAS", (*sqlite._PRAGMAS, "PRAGMA busy_timeout=50"))
    with closing(sqlite3.connect(old / "profile.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="being written by somebody else"):
            Store(old)
    assert_migrated(old, _FIXES, database)


@pytest.mark.databases
@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_every_earlier_revision_is_brought_to_the_newest(revision, tmp_path, database):
    made = database.bare(tmp_path / "old")
    _moved(made, command.upgrade, revision)
    made.dispose()
    assert_migrated(tmp_path / "old", [], database)


@pytest.mark.databases
def test_a_base_of_the_first_release_opens_and_works(built, recipe, tmp_path):
    customer = built.find("Given3")[0]["customer"]
    change = built.fix([{"customer": customer, "field": "city", "value": "Ashford"}])[0].change
    built.undo(change)
    _moved(built._store.engine, command.downgrade, "0001")
    with built._store.engine.begin() as connection:
        connection.execute(text("DELETE FROM note WHERE name <> 'store'"))
    built.close()
    workspace = opened(built.root)
    assert [one["what"] for one in workspace.history(customer)[0]["events"]] == ["made", "undone"]
    assert workspace.load([people(tmp_path / "more.csv", 100, 20)], "crm", recipe).accepted == 20
    assert workspace.build().customers == 60
    workspace.fix([{"customer": customer, "field": "city", "value": "Bexley"}])
    assert workspace.profile(customer).facets["identity"].fields["city"].value == "Bexley"
    state = workspace.verify()
    workspace.build(full=True)
    assert (state["ok"], state["state_hash"]) == (True, workspace.verify()["state_hash"])
    workspace.close()
