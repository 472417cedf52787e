"""Settle: a made-up world moves into a store that is its own, and can be moved in anew."""

import json
from functools import partial
from pathlib import Path
from typing import Any

from insight_core.demo.stories_kept import keep_stories
from insight_core.demo.world import Written
from insight_core.errors import Refused
from insight_core.workspace import Progress, Workspace

_MARK = "demo.json"
# The recipes of a world's extracts start with this.
_RECIPES = "demo-"


def claim(workspace: Workspace, customers: int, seed: int) -> None:
    """Mark the store as this world's: two under the same keys, or one among real loads, would spoil each other.

    Raises Refused where something else is loaded already.
    """
    mark = workspace.root / _MARK
    said = json.dumps({"customers": customers, "seed": seed})
    before = mark.read_text(encoding="utf-8") if mark.exists() else None
    if before != said and workspace.batches():
        raise Refused(
            f"The store {workspace.root} holds other loads already. Name another with --store DIR, or remove it."
        )
    mark.write_text(said, encoding="utf-8")


def world_of(workspace: Workspace) -> dict[str, int] | None:
    """How many customers the store's world has and from which seed; None where there is no world."""
    mark = workspace.root / _MARK
    return json.loads(mark.read_text(encoding="utf-8")) if mark.exists() else None


def strangers(workspace: Workspace) -> list[dict[str, Any]]:
    """The loads that are in and not of the world."""
    loaded = (one for one in workspace.batches() if one["unloaded_at"] is None)
    return [one for one in loaded if not one["recipe"].startswith(_RECIPES)]


def load_world(workspace: Workspace, made: Written, report: Progress) -> int:
    """Load the world's files, but for those that are in already; gives how many are in."""
    known = {(one["source"], one["recipe"]) for one in workspace.batches() if one["unloaded_at"] is None}
    for number, file in enumerate(made.files):
        if (file["source"], file["recipe"]) not in known:
            told = partial(_of_all, report, f"load {Path(file['path']).name}", number, len(made.files))
            workspace.load([file["path"]], file["source"], recipe=file["recipe"], progress=told)
    keep_stories(workspace, made)
    return len(made.files)


def _of_all(report: Progress, step: str, number: int, files: int, *_within: object) -> None:
    """Progress within one file as progress through all of them."""
    report(step, number, files)
