"""Killed at any moment: nothing is lost, nothing is there twice, nothing is half there (F01, F03)."""

import os
import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlmodel import col, select

from insight_core.store import Store
from insight_core.store.tables import Batch, LakeFile
from tests.databases import Kept
from tests.faults.conftest import killed_after, killed_at, measured, opened, people

ROWS = 20
# `make long` kills a thousand times.
KILLS = int(os.environ.get("FAULT_KILLS", "30"))
SHARE = {"sqlite": 1, "postgresql": 3}
Work = Callable[[Path, Path, str], None]


def load_one(store: Path, file: Path, recipe: str) -> None:
    workspace = opened(store)
    workspace.load([file], "crm", recipe)
    workspace.close()


def load_and_build(store: Path, file: Path, recipe: str) -> None:
    workspace = opened(store)
    workspace.load([file], "crm", recipe)
    workspace.build()
    workspace.close()


def assert_whole_batches_only(store: Path) -> None:
    """Every listed file is there with the rows that it is listed with, and they are just those of the batches."""
    with closing(Store(store)) as opened_again, opened_again.read() as session:
        accepted = sum(session.exec(select(Batch.accepted)).all())
        files = session.exec(select(LakeFile).where(col(LakeFile.dataset) == "parties")).all()
    rows = [pq.read_metadata(store / "lake" / one.path).num_rows for one in files]
    assert rows == [one.rows for one in files]
    assert sum(rows) == accepted


def _rounds(dice: random.Random, work: Work, kills: int, recipe: str, folder: Path, database: Kept) -> None:
    """Each round loads one more file and is killed somewhere; at last everything is loaded that was not."""
    files = [people(folder / f"people{n}.csv", n * ROWS, ROWS) for n in range(kills)]
    untouched, store = folder / "untouched", folder / "store"
    for one in (untouched, store):
        database.bare(one).dispose()
    events, seconds = measured(work, untouched, files[0], recipe)
    fallen = 0
    for file in files:
        if dice.random() < 0.6:
            fallen += killed_at(dice.randint(1, events), work, store, file, recipe)
        else:
            fallen += killed_after(dice.uniform(0, seconds), work, store, file, recipe)
        assert_whole_batches_only(store)
    # of three kills that come too late two may be, by chance
    assert fallen >= max(1, kills // 3)
    _ends_as_if_nothing_had_been(untouched, store, files, recipe)


def _ends_as_if_nothing_had_been(untouched: Path, store: Path, files: list[Path], recipe: str) -> None:
    one, other = opened(untouched), opened(store)
    for workspace in (one, other):
        for file in files:
            workspace.load([file], "crm", recipe)
        workspace.build()
    assert other.verify(repair=True)["ok"]
    assert other.verify() == one.verify()
    assert sum(batch["accepted"] for batch in other.batches()) == len(files) * ROWS
    assert not list((store / "lake").rglob("draft-*"))
    assert not list((store / "tmp").rglob("staged-*"))


@pytest.mark.databases
def test_a_load_killed_at_any_moment_is_there_as_a_whole_or_not_at_all(dice, recipe, tmp_path, database):
    _rounds(dice, load_one, KILLS * 2 // 3 // SHARE[database.kind], recipe, tmp_path, database)


@pytest.mark.databases
def test_a_build_killed_at_any_moment_is_put_right_by_the_next(dice, recipe, tmp_path, database):
    _rounds(dice, load_and_build, KILLS // 3 // SHARE[database.kind], recipe, tmp_path, database)
