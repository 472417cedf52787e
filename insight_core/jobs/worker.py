"""The worker: one job from its row to its end, in a process of its own."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from time import sleep, time
from typing import Any

from insight_core.errors import InsightError, Stopped, UserError
from insight_core.jobs import life
from insight_core.jobs.kinds import KINDS, Kind, Task, kind_called
from insight_core.records.clock import parse_instant
from insight_core.records.faultlog import logged
from insight_core.store.desk_tables import Job
from insight_core.workspace import Workspace, open_store

# A page looks about once a second; more often than this nobody sees.
_TELLS_EVERY_S = 0.4
_BEATS_EVERY_S = 2.0
_TRIES_TO_END = 60


def work(root: Path, job: str) -> None:
    """Do the job; whatever happens, its row says how it ended."""
    lock = life.hold(life.of(root, job))  # None: it came with the process
    ws = open_store(root, door="job")
    row = ws.jobs.one(job)
    arguments = dict(row.arguments)
    at = open_store(root, now=parse_instant(str(arguments.pop("now"))), door="job")
    word = Word(ws, job)
    try:
        _end(ws, job, _outcome(at, row, arguments, word))
    finally:
        life.clear(root, job)
        if lock is not None:
            os.close(lock)


class Word:
    """How far the work is, passed on to the row, and whether somebody asked it to stop.

    A thread of its own does both: the work may hold the store's write lock for minutes.
    """

    def __init__(self, ws: Workspace, job: str) -> None:
        self._ws, self._job = ws, job
        self._said: dict[str, Any] = {}
        self._told: dict[str, Any] = {}
        self._ended, self._stop = Event(), Event()
        signal.signal(signal.SIGTERM, lambda *_: self._stop.set())
        self._thread = Thread(target=self._pass_on, daemon=True)
        self._thread.start()

    def report(self, step: str, done: int, total: int | None) -> None:
        """Progress as the work reports it; raises Stopped once a stop was asked for."""
        if self._stop.is_set() or life.asked_to_stop(self._ws.root, self._job):
            raise Stopped(f"Stopped at the step {step!r}.")
        self._said = self._said | {"step": step, "done": done, "total": total}

    def keep(self, result: dict[str, Any]) -> None:
        """What is done already and stays."""
        self._said = self._said | {"result": result}

    def pause(self) -> None:
        """A moment's wait; raises Stopped once a stop was asked for."""
        self._stop.wait(_TELLS_EVERY_S)
        self.report(str(self._said.get("step", "waiting")), 0, None)

    def last(self) -> dict[str, Any]:
        """Pass nothing on from here; gives what was said last."""
        self._ended.set()
        self._thread.join()
        return self._said

    def _pass_on(self) -> None:
        beaten = 0.0
        while not self._ended.wait(_TELLS_EVERY_S):
            # The store may be busy, with this very work: the next round tells more.
            with suppress(InsightError):
                if self._ws.jobs.one(self._job).stop_asked:
                    self._stop.set()
                said = self._said
                if said != self._told or time() - beaten > _BEATS_EVERY_S:
                    self._ws.jobs.change(self._job, **said, beat_at=int(time()))
                    self._told, beaten = said, time()


def _outcome(ws: Workspace, row: Job, arguments: dict[str, Any], word: Word) -> dict[str, Any]:
    """The values that end the row."""
    try:
        kind = kind_called(row.kind)
        result = _done(ws, kind, row, arguments, word)
    except Stopped as stopped:
        return word.last() | {"state": "stopped", "message": str(stopped)}
    except UserError as mistake:
        return word.last() | {"state": "failed", "message": str(mistake)}
    except InsightError as fault:
        return word.last() | {"state": "failed", "message": f"{fault} (details in {logged(fault, ws.root)})"}
    except BaseException as unexpected:  # noqa: BLE001 whatever it was, the row gets one line
        where = logged(unexpected, ws.root)
        return word.last() | {
            "state": "failed",
            "message": f"Unexpected: {type(unexpected).__name__} (details in {where}).",
        }
    return word.last() | {"state": "done", "result": result, "message": ""}


def _done(ws: Workspace, kind: Kind, row: Job, arguments: dict[str, Any], word: Word) -> dict[str, Any]:
    ws.jobs.change(row.id, pid=os.getpid(), beat_at=int(time()))
    turn = life.turn(ws.root, _waiting(ws, row.id, word)) if kind.writes else None
    try:
        word.report("starting", 0, None)
        ws.jobs.change(row.id, state="running", step="starting")
        return kind.work(Task(ws, word.report, word.keep), **arguments)
    finally:
        if turn is not None:
            os.close(turn)


def _waiting(ws: Workspace, job: str, word: Word) -> Callable[[], None]:
    """A pause that says what is waited for."""

    def pause() -> None:
        others = [one for one in ws.jobs.newest(20, ("running",)) if one.id != job and KINDS[one.kind].writes]
        word.report(f"waiting for {KINDS[others[0].kind].title.lower()} to end" if others else "waiting", 0, None)
        word.pause()

    return pause


def _end(ws: Workspace, job: str, values: dict[str, Any]) -> None:
    for _ in range(_TRIES_TO_END):
        with suppress(InsightError):
            ws.jobs.change(job, **values, ended_at=int(time()))
            return
        sleep(1)
