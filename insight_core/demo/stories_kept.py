"""Which customers of a store have a story to tell: kept beside the store when a made-up world moves in."""

import json
from typing import Any

from insight_core.demo.world import Written
from insight_core.workspace import Workspace

_FILE = "stories.json"


def keep_stories(workspace: Workspace, made: Written) -> None:
    """Note under which key of which source the stories' customers are."""
    (workspace.root / _FILE).write_text(json.dumps(made.stories), encoding="utf-8")


def stories_of(workspace: Workspace) -> dict[str, str]:
    """The customers of the stories by the story's name; empty in a store that holds no made-up world."""
    file = workspace.root / _FILE
    noted: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    found = {one["name"]: workspace.find(f"key={one['key']}", 1) for one in noted}
    return {name: hits[0]["customer"] for name, hits in found.items() if hits}
