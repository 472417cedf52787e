"""Runs that are kept in the store's folder: a head for lists and the cells beside it; they go after a while."""

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from insight_core.errors import NotFound
from insight_core.notebooks.registry import good_name
from insight_core.notebooks.results import RunHead, RunShown

# What a run shows is personal data in many cases, and a run is soon made again.
KEPT_DAYS = 30
MOST_KEPT = 60
_HEAD, _CELLS = ".head.json", ".cells.json"


class Runs:
    """The runs of a store, newest first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, head: RunHead, cells: list[dict[str, Any]]) -> None:
        """Write a run, and let the oldest ones go."""
        self._folder.mkdir(parents=True, exist_ok=True)
        # The head last: a run without one does not exist.
        _write(self._folder / f"{head.run}{_CELLS}", cells)
        _write(self._folder / f"{head.run}{_HEAD}", asdict(head))
        oldest = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).isoformat()
        for number, one in enumerate(self.heads()):
            if number >= MOST_KEPT or one.began_at < oldest:
                self.drop(one.run)

    def heads(self) -> list[RunHead]:
        """Every run that is kept."""
        found = [RunHead(**json.loads(path.read_text("utf-8"))) for path in self._folder.glob(f"*{_HEAD}")]
        return sorted(found, key=lambda one: (one.began_at, one.run), reverse=True)

    def shown(self, run: str) -> RunShown:
        """A run with its cells; raises NotFound."""
        head, cells = self._folder / f"{run}{_HEAD}", self._folder / f"{run}{_CELLS}"
        if not good_name(run) or not head.is_file():
            raise NotFound("run", run, (one.run for one in self.heads()))
        told = json.loads(head.read_text("utf-8"))
        return RunShown(**told, cells=tuple(json.loads(cells.read_text("utf-8"))))

    def drop(self, run: str) -> None:
        """Let a run go."""
        for ending in (_HEAD, _CELLS):
            (self._folder / f"{run}{ending}").unlink(missing_ok=True)

    def drop_all(self) -> int:
        """Let every run go; gives how many, half written ones left out."""
        number = len(self.heads())
        for path in self._folder.glob("*.json*"):
            path.unlink(missing_ok=True)
        return number


def _write(path: Path, told: Any) -> None:
    beside = path.with_suffix(".json-new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(told, out, ensure_ascii=False, default=str)
    beside.replace(path)
