"""What is untold of everybody is left out where many are written, and unknown wherever anybody reads."""

import pytest

from insight_core.pipeline import write_profiles
from insight_core.store import sorted_in
from tests.core.conftest import ANN, BOB

MARRIED = {"id": 1, "marital": "married", "seen": "2026-01-01"}


@pytest.fixture
def as_many(monkeypatch):
    """A few people are written as if they were many."""
    monkeypatch.setattr(write_profiles, "_FEW", -1)
    monkeypatch.setattr(sorted_in, "SMALL_BUILT", 1)


def parts(workspace):
    found = workspace.verify(explain=True)
    assert found["ok"], found["problems"]
    return found["parts"]


@pytest.mark.databases
def test_many_and_few_are_written_alike(desk, two_people, as_many):
    many = desk.store("many")
    many.load(**desk.people("two", [ANN, BOB]))
    many.load(**desk.consents("said", [(2, "marketing", "*", "given", "2025-01-01")]))
    many.build()
    assert parts(many) == parts(two_people())


@pytest.mark.databases
def test_what_is_told_at_last_and_taken_back_is_unknown_again(two_people, desk, as_many):
    workspace = two_people()
    before = parts(workspace)
    batch = workspace.load(**desk.people("married", [MARRIED])).batch
    workspace.build(full=True)
    assert parts(workspace) != before
    workspace.unload(batch)
    workspace.build(full=True)
    assert parts(workspace) == before


def test_a_snapshot_lies_in_the_same_columns_whatever_is_told(desk, as_many, monkeypatch):
    def columns(name):
        workspace = desk.store(name)
        workspace.load(**desk.people(name, [ANN, BOB]))
        workspace.build()
        return workspace._con().con.execute(f"DESCRIBE FROM {workspace._store.lake.rows('snapshot')}").fetchall()

    some = columns("some")
    monkeypatch.setattr("insight_core.store.sorted_in.untold", lambda *_: {})
    assert columns("all") == some
