"""Running a notebook in a child process of its own: closed in, watched, and stopped when asked or out of time."""

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic
from typing import Any

from insight_core.errors import Fault
from insight_core.notebooks import limits as closing
from insight_core.notebooks.limits import Limits
from insight_core.notebooks.percent import Notebook
from insight_core.records.progress import Progress
from insight_core.settings import read_settings
from insight_core.store.scratch import gone, mine

_LOOKS_EVERY_S = 0.2
_MINE = "notebook-"
_SOFT_ERRORS = {
    -signal.SIGXCPU: "it used more processor time than it may ({cpu_s} s)",
    -signal.SIGKILL: "the system ended it: it used more processor time or memory than it may",
}


@dataclass
class CellRun:
    """One cell of a run: what it is, what it showed, and its error as name, message and line."""

    kind: str
    source: str
    tags: tuple[str, ...] = ()
    outputs: list[dict[str, Any]] = field(default_factory=list)
    seconds: float | None = None

    @property
    def error(self) -> dict[str, Any] | None:
        """The error that ended the cell."""
        return next((one["error"] for one in self.outputs if "error" in one), None)


@dataclass
class Ran:
    """What came of running: `state` is done, failed or stopped; `network` says how it was closed."""

    cells: list[CellRun]
    state: str = "running"
    message: str = ""
    network: str = ""


def prepared(notebook: Notebook) -> Ran:
    """A run that has not begun."""
    return Ran([CellRun(cell.kind, cell.source, cell.tags) for cell in notebook.cells])


def run(ran: Ran, store: Path, now: str, tmp: Path, progress: Progress, limits: Limits) -> None:
    """Run the code over a store in a child process, and note in `ran` what every cell showed, whatever comes of it.

    `tmp` is where the child's own folder is made and removed. `progress` hears of each cell, counted over
    all cells, and is told so several times a second: what it raises ends the run.
    """
    _sweep(tmp)
    own = Path(mkdtemp(prefix=f"{_MINE}{mine()}-", dir=tmp))
    try:
        with _child(own, store, now) as child:
            try:
                _ask(child, ran, limits, [own, store])
                _watch(child, ran, progress, limits)
            finally:
                _end(child)
        _close(ran, child.returncode, limits)
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _child(own: Path, store: Path, now: str) -> subprocess.Popen[bytes]:
    house = str(Path(__file__).parent.parent.parent)
    said = {
        "PATH": os.defpath, "HOME": str(own), "TMPDIR": str(own), "LANG": "C.UTF-8", "TZ": "UTC",
        "PYTHONPATH": house, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1", "MALLOC_ARENA_MAX": "2",
        "INSIGHT_STORE": str(store.resolve()), "INSIGHT_CACHE": str(own / "cache"),
        "INSIGHT_NOW": now,
    }  # fmt: skip
    if url := read_settings().store_url:
        said["INSIGHT_STORE_URL"] = url
    words, pipe = [sys.executable, "-P", str(Path(closing.__file__))], subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 our own interpreter and words
        words, cwd=own, env=said, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _ask(child: subprocess.Popen[bytes], ran: Ran, limits: Limits, may_write: Sequence[Path]) -> None:
    request = {
        "cells": [(number, cell.source) for number, cell in enumerate(ran.cells) if cell.kind == "code"],
        "limits": asdict(limits),
        "may_write": [str(one.resolve()) for one in may_write],
        "parent": os.getpid(),
    }
    assert child.stdin is not None
    try:
        child.stdin.write(json.dumps(request).encode())
        child.stdin.close()
    except BrokenPipeError as fault:
        raise Fault("The notebook's process did not start.") from fault


def _watch(child: subprocess.Popen[bytes], ran: Ran, progress: Progress, limits: Limits) -> None:
    of, ends = len(ran.cells), monotonic() + limits.wall_s
    at: tuple[str, int, int] = ("starting", 0, of)
    for line in _lines(child):
        if line is not None:
            at = _taken(json.loads(line), ran) or at
        elif monotonic() > ends:
            ran.state, ran.message = "failed", f"It took longer than it may ({limits.wall_s} s)."
            return
        progress(*at)


def _taken(told: dict[str, Any], ran: Ran) -> tuple[str, int, int] | None:
    """Note what the child says; gives the progress that it makes of it."""
    ran.network = told.get("network", ran.network)
    if "done" in told:
        cell = ran.cells[told["done"]]
        cell.outputs, cell.seconds = told["outputs"], told["seconds"]
    if "begun" in told:
        return f"cell {told['begun'] + 1} of {len(ran.cells)}", told["begun"], len(ran.cells)
    return None


def _lines(child: subprocess.Popen[bytes]) -> Iterator[bytes | None]:
    """Each line that the child says, and None whenever it has said nothing for a moment; until its pipe ends."""
    assert child.stdout is not None
    waiting, number = b"", child.stdout.fileno()
    with selectors.DefaultSelector() as selector:
        selector.register(number, selectors.EVENT_READ)
        while True:
            yield None
            if not selector.select(_LOOKS_EVERY_S):
                continue
            read = os.read(number, 1 << 20)
            if not read:
                return
            *whole, waiting = (waiting + read).split(b"\n")
            yield from whole


def _end(child: subprocess.Popen[bytes]) -> None:
    """Whatever is left of the child goes, and so does everything it started."""
    if child.poll() is None and child.stdout is not None and not child.stdout.closed:
        try:
            child.wait(0.5)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _close(ran: Ran, status: int, limits: Limits) -> None:
    if ran.state != "running":
        return
    code = [cell for cell in ran.cells if cell.kind == "code"]
    unrun = next((cell for cell in code if cell.seconds is None), None)
    failed = next((number for number, cell in enumerate(ran.cells) if cell.error), None)
    if failed is not None:
        ran.state, ran.message = "failed", line_of(failed, ran.cells[failed].error or {})
    elif unrun is not None:
        why = _SOFT_ERRORS.get(status, "its process ended with status {status}").format(**asdict(limits), status=status)
        unrun.outputs = [{"error": {"name": "Ended", "message": why, "line": None}}]
        ran.state, ran.message = "failed", line_of(ran.cells.index(unrun), unrun.error or {})
    else:
        ran.state = "done"


def line_of(number: int, error: dict[str, Any]) -> str:
    """An error as one line with its cell."""
    where = f"Cell {number + 1}" + (f", line {error['line']}" if error.get("line") else "")
    return f"{where}: {error.get('name')}: {error.get('message')}"


def _sweep(tmp: Path) -> None:
    """Remove the folders of runs whose parent was killed."""
    tmp.mkdir(parents=True, exist_ok=True)
    for folder in tmp.glob(f"{_MINE}*-*"):
        if gone(folder.name.removeprefix(_MINE)):
            shutil.rmtree(folder, ignore_errors=True)
