"""A job does its work in a process of its own, and its row tells the truth however that process ends."""

import os
import signal

import pytest

import insight_core as ic
from insight_core.errors import BadInput, NotFound
from insight_core.jobs import KINDS, kind, worker
from insight_core.store.desk_tables import Job
from tests.core.conftest import ANN, BOB, NOW
from tests.jobs.conftest import evidence_taken, load_of, turn_taken, until


def test_a_load_is_built_and_told_in_a_sentence(desk):
    ws = desk.store()
    seen = until(ws, ic.jobs.start(ws, "load", **load_of(desk, "people", [ANN, BOB, {**BOB, "born": "never"}])))
    assert (seen.state, seen.message) == ("done", "")
    assert seen.told == "3 rows read: 2 accepted, 0 known already, 1 quarantined. 2 of 2 profiles changed."
    assert seen.result["batch"] == 1
    assert len(ws.find("Ann")) == 1


def test_a_job_works_at_the_clock_of_the_workspace_that_asked(desk):
    ws = desk.store()
    until(ws, ic.jobs.start(ws, "load", **load_of(desk, "people", [ANN])))
    assert ws.batches()[0]["recorded_at"] == f"{NOW:%Y-%m-%d}T00:00:00Z"


def test_a_mistake_is_one_line_and_leaves_nothing(desk):
    ws = desk.store()
    seen = until(ws, ic.jobs.start(ws, "load", files=["nowhere.csv"], source="crm"))
    assert (seen.state, seen.message) == ("failed", "There is no file nowhere.csv.")
    assert ws.batches() == []


def test_a_worker_that_is_killed_shows_as_failed_and_the_store_is_whole(desk):
    ws = desk.store()
    with evidence_taken(ws):
        job = ic.jobs.start(ws, "load", **load_of(desk, "people", [ANN, BOB]))
        until(ws, job, lambda seen: seen.step.startswith("wait for"))
        os.kill(ws.jobs.one(job).pid, signal.SIGKILL)
        seen = until(ws, job)
    assert seen.state == "failed"
    assert seen.message.startswith("It ended without a word at the step 'wait for")
    assert (ws.verify()["ok"], ws.batches()) == (True, [])
    assert until(ws, ic.jobs.again(ws, job)).state == "done"
    assert len(ws.batches()) == 1


def test_a_worker_that_dies_at_once_does_not_wait_for_ever(desk, monkeypatch):
    ws = desk.store()
    monkeypatch.setattr("insight_core.jobs.desk.sys.executable", "/bin/false")
    seen = until(ws, ic.jobs.start(ws, "build"))
    assert (seen.state, seen.message) == ("failed", "It ended without a word before its first step. Run it again.")


def test_a_stop_before_the_turn_comes_ends_it_with_nothing_done(desk):
    ws = desk.store()
    with turn_taken(ws):
        job = ic.jobs.start(ws, "load", **load_of(desk, "people", [ANN]))
        until(ws, job, lambda seen: seen.step.startswith("waiting"))
        ic.jobs.stop(ws, job)
        assert ic.jobs.get(ws, job).stopping
        assert until(ws, job).state == "stopped"
    assert ws.batches() == []


def test_a_stop_in_the_midst_of_a_load_leaves_no_part_of_it(desk):
    ws = desk.store()
    with evidence_taken(ws):
        job = ic.jobs.start(ws, "load", **load_of(desk, "people", [ANN]))
        until(ws, job, lambda seen: seen.step.startswith("wait for"))
        ic.jobs.stop(ws, job)
        # Whoever has the turn keeps it: the job waits no longer.
        seen = until(ws, job)
    assert seen.state == "stopped"
    assert (ws.verify()["ok"], ws.verify()["notes"], ws.batches()) == (True, [], [])


def test_a_machine_that_shuts_down_stops_it_in_good_order(desk):
    ws = desk.store()
    with turn_taken(ws):
        job = ic.jobs.start(ws, "build")
        until(ws, job, lambda seen: seen.step.startswith("waiting"))
        os.kill(ws.jobs.one(job).pid, signal.SIGTERM)
        assert until(ws, job).state == "stopped"


def test_of_two_that_write_evidence_one_waits_for_the_other(desk):
    ws = desk.store()
    with turn_taken(ws):
        jobs = [ic.jobs.start(ws, "load", **load_of(desk, name, [who])) for name, who in (("a", ANN), ("b", BOB))]
        for job in jobs:
            until(ws, job, lambda seen: seen.step.startswith("waiting"))
    while running := ic.jobs.running(ws):
        assert sum(one.state == "running" for one in running) <= 1
    assert [ic.jobs.get(ws, job).state for job in jobs] == ["done", "done"]
    assert sorted(one["files"][0]["file"] for one in ws.batches()) == ["a.csv", "b.csv"]
    assert len(ws.find("Ann")) == len(ws.find("Bob")) == 1


def test_a_job_that_has_ended_stays_as_it_ended(desk):
    ws = desk.store()
    seen = until(ws, ic.jobs.start(ws, "build"))
    ic.jobs.stop(ws, seen.id)
    assert ic.jobs.get(ws, seen.id) == seen
    assert [path.name for path in (ws.root / "jobs").iterdir()] == ["turn.lock"]


def test_jobs_are_told_newest_first(desk):
    ws = desk.store()
    for job, at in (("a", 1), ("b", 2)):
        ws.jobs.add(Job(id=job, kind="build", arguments={}, state="done", made_at=at, ended_at=at))
    assert [one.id for one in ic.jobs.recent(ws)] == ["b", "a"]
    assert ic.jobs.running(ws) == []


def test_what_nobody_foresaw_is_one_line_with_its_details_in_a_file(desk):
    @kind("broken", "Broken", str)
    def broken(task):
        return {"never": 1 / 0}

    ws = desk.store()
    before = signal.getsignal(signal.SIGTERM)
    try:
        ws.jobs.add(Job(id="x", kind="broken", arguments={"now": "2026-01-31"}, state="waiting", made_at=0))
        worker.work(ws.root, "x")
        seen = ic.jobs.get(ws, "x")
    finally:
        signal.signal(signal.SIGTERM, before)
        KINDS.pop("broken")
    assert seen.state == "failed"
    assert seen.message.startswith("Unexpected: ZeroDivisionError (details in ")
    assert (ws.root / "logs").is_dir()


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        pytest.param("lode", {}, NotFound, id="no such kind"),
        pytest.param("load", {"file": "a.csv"}, BadInput, id="not its arguments"),
    ],
)
def test_what_cannot_be_started_says_so_at_once(desk, name, arguments, error):
    ws = desk.store()
    with pytest.raises(error):
        ic.jobs.start(ws, name, **arguments)
    assert ic.jobs.recent(ws) == []
