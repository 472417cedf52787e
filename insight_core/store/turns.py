"""Turns: whoever adds or takes away evidence, or builds from it, does so one at a time.

With SQLite the lock is on a file of the store and held by the process: when that ends, however it ends, the
turn is over. Fixes and consents take no turn: they are single rows in the database.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from insight_core.errors import Busy, Fault
from insight_core.store.database import Waiting

_LOOK_AGAIN = 0.1


@contextmanager
def turn(path: Path, what: str, patience: float, waiting: Waiting) -> Iterator[None]:
    """Wait for the turn and hold it.

    `patience` is in seconds; `waiting` is told at every look who has the turn, and may raise to wait no
    longer. Raises Busy when it does not come in time, and Fault when the lock's file cannot be made.
    """
    with _opened(path) as handle:
        wait(lambda: _taken(handle), lambda: _holder(handle), what, patience, waiting)
        handle.seek(0)
        handle.truncate()
        handle.write(json.dumps({"what": what, "pid": os.getpid()}))
        handle.flush()
        yield


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    try:
        handle = path.open("a+", encoding="utf-8")
    except OSError as fault:
        raise Fault(f"The store's lock {path} cannot be opened: {fault.strerror}.") from fault
    with handle:
        yield handle


def wait(taken: Callable[[], bool], holder: Callable[[], str], what: str, patience: float, waiting: Waiting) -> None:
    """Try until it is `taken`, and say each time who is the `holder`; raises Busy beyond `patience`, in seconds."""
    until = monotonic() + patience
    while not taken():
        if monotonic() >= until:
            raise Busy(f"{_sentence(what)} has to wait: {holder()} is still at it. Try again when that is done.")
        waiting(f"wait for {holder()}")
        sleep(_LOOK_AGAIN)


def _taken(handle: IO[str]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(handle: IO[str]) -> str:
    """Who has the turn, in words."""
    with suppress(ValueError):
        handle.seek(0)
        said = json.loads(handle.read() or "{}")
        if said:
            return f"{said['what']} (process {said['pid']})"
    return "another process"


def _sentence(what: str) -> str:
    return what[:1].upper() + what[1:]
