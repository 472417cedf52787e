"""The desk: jobs are started, looked at and stopped here; the work is done by a process of its own."""

import os
import subprocess
import sys
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import time
from typing import Any
from uuid import uuid4

import insight_core
from insight_core.errors import Fault, InsightError
from insight_core.jobs import life
from insight_core.jobs.kinds import kind_called
from insight_core.records.results import as_json
from insight_core.store.desk_tables import LIVE, Job
from insight_core.workspace import Workspace

# Of a worker on another machine only the row tells: it beats every other second, or waits for a long write.
_SILENT_S = 120


@dataclass(frozen=True, slots=True)
class JobState:
    """A job as it is now. `state` is waiting, running, done, failed or stopped; `total` is None when not known.

    `told` is one sentence: what came of it, or what is done of it already and stays. `message` says
    what went wrong. `seconds` is how long it has taken so far.
    """

    id: str
    kind: str
    title: str
    arguments: dict[str, Any]
    state: str
    step: str
    done: int
    total: int | None
    message: str
    result: dict[str, Any]
    told: str
    stopping: bool
    seconds: int

    @property
    def live(self) -> bool:
        """Whether it has not ended."""
        return self.state in LIVE

    @property
    def share(self) -> float | None:
        """How much of the step at hand is done, between 0 and 1; None when nobody can tell."""
        return min(self.done / self.total, 1.0) if self.total else None


def start(ws: Workspace, kind: str, **arguments: Any) -> str:
    """Start a job and give its id at once; raises NotFound for the kind and BadInput for its arguments."""
    kind_called(kind).check(arguments)
    said = as_json(arguments) | {"now": ws.now.isoformat()}
    job = Job(id=uuid4().hex[:12], kind=kind, arguments=said, state="waiting", made_at=int(time()))
    lock = life.hold(life.of(ws.root, job.id))
    try:
        ws.jobs.add(job)
        _spawn(ws, job.id, lock)
    finally:
        if lock is not None:
            os.close(lock)
    return job.id


def again(ws: Workspace, job: str) -> str:
    """Start the same once more, at the workspace's own clock."""
    before = ws.jobs.one(job)
    return start(ws, before.kind, **{name: value for name, value in before.arguments.items() if name != "now"})


def get(ws: Workspace, job: str) -> JobState:
    """The job as it is now; raises NotFound."""
    return _seen(ws, ws.jobs.one(job))


def recent(ws: Workspace, limit: int = 20, states: Collection[str] = ()) -> list[JobState]:
    """Jobs, newest first; with `states`, those only."""
    return [_seen(ws, one) for one in ws.jobs.newest(limit, states)]


def running(ws: Workspace) -> list[JobState]:
    """What has not ended, newest first."""
    return [one for one in recent(ws, 20, LIVE) if one.live]


def stop(ws: Workspace, job: str) -> None:
    """Ask a job to stop: it does so at its next step and leaves nothing half done; raises NotFound."""
    if ws.jobs.one(job).state in LIVE:
        life.ask_to_stop(ws.root, job)
        # The word is left already; the row may have to wait for a long write to end.
        with suppress(InsightError):
            ws.jobs.change(job, stop_asked=True)


def _spawn(ws: Workspace, job: str, lock: int | None) -> None:
    code = str(Path(insight_core.__file__).parent.parent)
    path = os.pathsep.join(one for one in (code, os.environ.get("PYTHONPATH")) if one)
    words = [sys.executable, "-m", "insight_core.jobs", str(ws.root.resolve()), job]
    try:
        with life.last_words(ws.root, job).open("wb") as words_of_child:
            child = subprocess.Popen(  # noqa: S603 our own interpreter and words
                words, env=os.environ | {"PYTHONPATH": path}, pass_fds=() if lock is None else (lock,),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=words_of_child, start_new_session=True,
            )  # fmt: skip
    except OSError as fault:
        ws.jobs.change(job, state="failed", message=f"No process could be started: {fault.strerror}.")
        raise Fault(f"The job could not be started: {fault.strerror}.") from fault
    # Whoever starts a process must hear of its end, or it stays in the system's list.
    Thread(target=child.wait, daemon=True).start()


def _seen(ws: Workspace, job: Job) -> JobState:
    job = _settled(ws, job)
    one, result = kind_called(job.kind), job.result or {}
    arguments = {name: value for name, value in job.arguments.items() if name != "now"}
    return JobState(
        job.id, job.kind, one.title, arguments, job.state, job.step, job.done, job.total, job.message, result,
        one.told(result) if result else "", job.stop_asked or life.asked_to_stop(ws.root, job.id),
        (job.ended_at or int(time())) - job.made_at,
    )  # fmt: skip


def _settled(ws: Workspace, job: Job) -> Job:
    """The job, or if its worker died, how it ended: nothing stays running for ever."""
    if job.state not in LIVE or _lives(ws, job):
        return job
    job = ws.jobs.one(job.id)  # it may have ended in good order just now
    if job.state not in LIVE:
        return job
    at = f" at the step {job.step!r}" if job.step else " before its first step"
    end: dict[str, Any] = {
        "state": "failed",
        "message": f"It ended without a word{at}. Run it again.",
        "ended_at": int(time()),
    }
    with suppress(InsightError):
        ws.jobs.change(job.id, **end)
        life.clear(ws.root, job.id)
    return job.sqlmodel_update(end)


def _lives(ws: Workspace, job: Job) -> bool:
    known = life.alive(ws.root, job.id)
    return time() - (job.beat_at or job.made_at) < _SILENT_S if known is None else known
