"""Several processes on one store: each waits its turn, nobody sees half of anything (F02, F09, F10)."""

from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest

from insight_core.errors import Busy
from insight_core.store import Store
from tests.faults.conftest import opened, people
from tests.processes import SERVER


def _load(store: Path, file: Path, recipe: str, done: object) -> None:
    report = opened(store).load([file], "crm", recipe)
    done.put((report.accepted, report.duplicate))  # type: ignore[attr-defined]


@pytest.mark.databases
def test_the_same_file_loaded_twice_at_once_counts_once(recipe, tmp_path):
    file, done = people(tmp_path / "people.csv", 0, 50), SERVER.Queue()
    opened(tmp_path / "store").close()
    both = [SERVER.Process(target=_load, args=(tmp_path / "store", file, recipe, done)) for _ in range(2)]
    for one in both:
        one.start()
    reports = sorted(done.get(timeout=120) for _ in both)
    for one in both:
        one.join()
    assert reports == [(0, 50), (50, 0)]
    workspace = opened(tmp_path / "store")
    workspace.build()
    assert workspace.customers("customer_care", limit=1)["total"] == 50


@pytest.mark.databases
def test_whoever_waits_too_long_is_told_who_has_the_turn(recipe, tmp_path, monkeypatch):
    monkeypatch.setenv("INSIGHT_PATIENCE", "0.3")
    workspace = opened(tmp_path / "store")
    with (
        Store(workspace.root).turn("a long build", lambda _told: None),
        pytest.raises(Busy, match=r"Loading people\.csv has to wait: a long build \(process \d+[^)]*\) is still at it"),
    ):
        workspace.load([people(tmp_path / "people.csv", 0, 5)], "crm", recipe)
    assert workspace.load([people(tmp_path / "people.csv", 0, 5)], "crm", recipe).accepted == 5


@pytest.mark.databases
def test_a_turn_ends_with_its_process(recipe, tmp_path):
    store = tmp_path / "store"
    opened(store).close()
    taken = SERVER.Event()
    holder = SERVER.Process(target=_hold, args=(store, taken))
    holder.start()
    taken.wait(60)
    holder.kill()
    holder.join()
    assert opened(store).load([people(tmp_path / "people.csv", 0, 5)], "crm", recipe).accepted == 5


def _hold(store: Path, taken: object) -> None:
    with Store(store).turn("a build", lambda _told: None):
        taken.set()  # type: ignore[attr-defined]
        sleep(600)


@pytest.mark.databases
def test_readers_go_on_while_a_writer_holds_the_database(recipe, tmp_path):
    workspace = opened(tmp_path / "store")
    workspace.load([people(tmp_path / "people.csv", 0, 20)], "crm", recipe)
    workspace.build()
    release, holding = Event(), Event()

    def hold() -> None:
        with workspace._store.write(quiet=True) as session:
            session.connection()
            holding.set()
            release.wait(60)

    writer = Thread(target=hold)
    writer.start()
    holding.wait(60)
    # The writer lets go only after these have their answers.
    assert len(workspace.batches()) == 1
    assert workspace.history() == []
    release.set()
    writer.join()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("secure_delete", 1), ("synchronous", 2), ("busy_timeout", 10_000)],
)
def test_every_new_connection_of_a_used_pool_is_safe(tmp_path, pragma, value):
    engine = Store(tmp_path).engine
    with engine.connect() as first, engine.connect() as second, engine.connect() as third:
        assert [one.exec_driver_sql(f"PRAGMA {pragma}").scalar() for one in (first, second, third)] == [value] * 3
