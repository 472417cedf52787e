"""Jobs that write evidence: load, build, and taking back."""

import json
from pathlib import Path
from shutil import rmtree
from typing import Any

from insight_core.intake import parse_recipe
from insight_core.jobs.kinds import Result, Task, kind
from insight_core.records.results import as_json


def built(result: Result) -> str:
    """What a build came to, in words; nothing when there was none."""
    done = result.get("built")
    if not done:
        return ""
    changed = f"{done['changed']:,} of {done['customers']:,} profiles changed."
    lost = done.get("unattached")
    return f"{changed} {lost:,} of the rows are about customers whose records are not loaded." if lost else changed


def _loaded(result: Result) -> str:
    fates = f"{result['accepted']:,} accepted, {result['duplicate']:,} known already"
    refused = f", {result['quarantined']:,} quarantined" if result["quarantined"] else ""
    return f"{_read(result)}: {fates}{refused}. {built(result)}".strip()


def _read(result: Result) -> str:
    return f"{result['read']:,} row{'' if result['read'] == 1 else 's'} read"


def _taken(result: Result) -> str:
    rows = {name: count for name, count in result["rows"].items() if name != "kept_for_other_batches"}
    told = ", ".join(f"{count:,} rows of {name}" for name, count in rows.items()) or "no rows"
    changed = f" {result['changed']:,} profiles changed." if "changed" in result else ""
    return f"Taken back: {told}.{changed}"


@kind("load", "Load", _loaded, writes=True)
def load(task: Task, files: list[str], source: str, recipe: str | None = None, build: bool = True) -> Result:
    """Load files as one batch, and build; what was uploaded for it goes once it is in."""
    done: dict[str, Any] = as_json(task.ws.load(files, source, recipe, progress=task.report))
    task.keep(done)
    _clear(task.ws.root / "uploads", [*files, recipe or ""])
    return done | {"built": as_json(task.ws.build(progress=task.report))} if build else done


def _clear(uploads: Path, files: list[str]) -> None:
    """Take away the folders of the store's own that held the files."""
    for one in {Path(file).resolve().parent for file in files}:
        if one.parent == uploads.resolve():
            rmtree(one, ignore_errors=True)


@kind("preview", "Looking at every row", lambda result: f"{_read(result)}, nothing kept.")
def preview(task: Task, files: list[str], source: str, recipe: str) -> Result:
    """What a load by the recipe, given as its text, would do."""
    found = task.ws.preview(files, source, parse_recipe(recipe, "confirmed"), progress=task.report)
    # Days and instants in the lines that it shows become texts.
    told: Result = json.loads(json.dumps(as_json(found), default=str))
    return told


@kind("build", "Build", built, writes=True)
def build(task: Task, full: bool = False, engine: str = "duckdb") -> Result:
    """Bring every profile up to date."""
    return {"built": as_json(task.ws.build(full=full, engine=engine, progress=task.report))}


@kind("unload", "Taking back a load", _taken, writes=True)
def unload(task: Task, batch: int) -> Result:
    """Take one batch back and build."""
    return task.ws.unload(batch, progress=task.report)


@kind("drop_source", "Taking back a source", _taken, writes=True)
def drop_source(task: Task, name: str) -> Result:
    """Take back everything that a source asserted, and build."""
    return task.ws.drop_source(name, progress=task.report)
