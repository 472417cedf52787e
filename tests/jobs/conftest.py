"""A desk with small files, and jobs seen through to their end."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest

import insight_core as ic
from insight_core.jobs import JobState, life
from tests.core.conftest import Desk
from tests.databases import Kept

PATIENCE_S = 120


@pytest.fixture
def desk(tmp_path: Path, database: Kept) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    for one in desk.opened:
        for job in ic.jobs.running(one):
            ic.jobs.stop(one, job.id)
        one.close()


def load_of(desk: Desk, name: str, rows: list[dict[str, object]]) -> dict[str, object]:
    """The arguments of a job that loads people."""
    made = desk.people(name, rows)
    return made | {"files": [str(one) for one in made["files"]]}


def until(ws: ic.Workspace, job: str, well: Callable[[JobState], bool] = lambda seen: not seen.live) -> JobState:
    """The job once it is as wanted; fails when it ends otherwise or takes too long."""
    last = monotonic() + PATIENCE_S
    while not well(seen := ic.jobs.get(ws, job)):
        assert seen.live, seen
        assert monotonic() < last, seen
        sleep(0.05)
    return seen


@contextmanager
def turn_taken(ws: ic.Workspace) -> Iterator[None]:
    """Somebody has the turn to write evidence, so that a job waits for it."""
    lock = life.hold(life.folder(ws.root) / "turn.lock")
    assert lock is not None
    try:
        yield
    finally:
        os.close(lock)


@contextmanager
def evidence_taken(ws: ic.Workspace) -> Iterator[None]:
    """Another process adds evidence, so that a load stands still when it has read its file."""
    with ws._store.turn("a load", lambda _told: None):
        yield
