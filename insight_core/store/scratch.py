"""Scratch: folders for work under way, named by the process, so that a dead one's are cleared away by the next."""

import os
import shutil
from pathlib import Path
from uuid import uuid4


def scratch(folder: Path) -> Path:
    """A new empty folder for this process; what dead processes left behind goes."""
    sweep(folder)
    made = folder / f"{os.getpid()}-{uuid4().hex}"
    made.mkdir(parents=True)
    return made


def sweep(folder: Path) -> None:
    """Delete what processes left that are no more: it may hold personal data."""
    for one in (*folder.glob("*-*"), *folder.glob("*/draft-*")):
        said = one.name.removeprefix("draft-").split("-")[0]
        if said.isdigit() and not _alive(int(said)):
            shutil.rmtree(one, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
