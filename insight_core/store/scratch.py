"""Scratch: folders for work under way, named by process and machine, so that a dead one's are cleared away by the next.

A team's machines share the folder, and none of them can tell whether a process of another one lives.
"""

import os
import shutil
from functools import cache
from hashlib import sha256
from pathlib import Path
from platform import node
from uuid import uuid4


def mine() -> str:
    """The name of this process, on this machine."""
    return f"{os.getpid()}@{_here()}"


def scratch(folder: Path) -> Path:
    """A new empty folder for this process; what dead processes left behind goes."""
    sweep(folder)
    made = folder / f"{mine()}-{uuid4().hex}"
    made.mkdir(parents=True)
    return made


def sweep(folder: Path) -> None:
    """Delete what processes of this machine left that are no more: it may hold personal data."""
    for one in (*folder.glob("*-*"), *folder.glob("*/draft-*")):
        if gone(one.name.removeprefix("draft-")):
            shutil.rmtree(one, ignore_errors=True)


def gone(name: str) -> bool:
    """Whether the name begins with that of a process of this machine that is no more."""
    process, _, machine = name.split("-", maxsplit=1)[0].partition("@")
    return process.isdigit() and machine in ("", _here()) and not _alive(int(process))


@cache
def _here() -> str:
    return sha256(node().encode()).hexdigest()[:8]


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
