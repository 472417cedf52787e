"""Signs of life: files in the store's folder `jobs`, where a lock says what no row can say of a process that died.

A worker holds its lock for as long as it lives: it gets the open file from whoever started
it, and the system lets go of it when the process ends, however it ends.
"""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

_TURN = "turn.lock"


def folder(root: Path) -> Path:
    """Where the signs lie."""
    return root / "jobs"


def hold(path: Path) -> int | None:
    """The lock's open file, or None when somebody holds it; closing it lets go."""
    path.parent.mkdir(exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def of(root: Path, job: str) -> Path:
    """The lock of a job's worker."""
    return folder(root) / f"{job}.lock"


def alive(root: Path, job: str) -> bool | None:
    """Whether the job's worker lives; None when it was not started on this machine."""
    try:
        handle = os.open(of(root, job), os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        # Shared, so that two who look at once do not take each other for the worker.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def turn(root: Path, pause: Callable[[], None]) -> int:
    """The open lock of the one that may write evidence; calls `pause` while somebody else holds it."""
    while (handle := hold(folder(root) / _TURN)) is None:
        pause()
    return handle


def ask_to_stop(root: Path, job: str) -> None:
    """Leave word for the worker: it reaches it even while the store is busy with a long write."""
    (folder(root) / f"{job}.stop").touch()


def asked_to_stop(root: Path, job: str) -> bool:
    """Whether somebody left that word."""
    return (folder(root) / f"{job}.stop").exists()


def last_words(root: Path, job: str) -> Path:
    """Where the worker's own complaints go, if it has any that no row could take."""
    return folder(root) / f"{job}.log"


def clear(root: Path, job: str) -> None:
    """Take the job's signs away, but for last words."""
    for ending in ("lock", "stop"):
        (folder(root) / f"{job}.{ending}").unlink(missing_ok=True)
    words = last_words(root, job)
    if words.exists() and not words.stat().st_size:
        words.unlink(missing_ok=True)
