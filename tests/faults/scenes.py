# ruff: noqa: T201 - a scene tells on stdout what it saw
"""Scenes that are played in a process with a small disk of its own: see test_disk."""

import sqlite3
import sys
from contextlib import closing, suppress
from pathlib import Path
from tempfile import mkdtemp

import insight_core as ic
from tests.faults.conftest import RECIPE, opened, people

# What is left free when the disk "is full": SQLite needs its shared memory file, nothing else fits.
_LEFT = 40_000


def _ready(folder: Path) -> tuple[ic.Workspace, str, Path]:
    """A built store of twenty people on the small disk, and a place elsewhere for the inputs."""
    inputs = Path(mkdtemp())
    recipe = inputs / "people.toml"
    recipe.write_text(RECIPE, encoding="utf-8")
    workspace = opened(folder / "store")
    workspace.load([people(inputs / "first.csv", 0, 20)], "crm", str(recipe))
    workspace.build()
    return workspace, str(recipe), inputs


def _fill(folder: Path) -> None:
    with suppress(OSError), (folder / "filler").open("wb", buffering=0) as filler:
        while filler.write(b"x" * 10_000):
            pass
    with (folder / "filler").open("r+b") as filler:
        filler.truncate(max((folder / "filler").stat().st_size - _LEFT, 0))


def _whole(workspace: ic.Workspace, folder: Path, count: int) -> None:
    with closing(sqlite3.connect(workspace.root / "profile.db")) as database:
        print("database", database.execute("PRAGMA integrity_check").fetchone()[0])
    (folder / "filler").unlink()
    accepted = sum(one["accepted"] for one in workspace.batches())
    workspace.build()
    total = workspace.customers("customer_care", limit=1)["total"]
    print("acknowledged is visible" if accepted == total == count else f"{accepted} {total} {count}")
    found = workspace.verify()
    print("verify ok" if found["ok"] else found["problems"])


def _told(work: object) -> None:
    try:
        work()  # type: ignore[operator]
        print("nothing happened")
    except Exception as fault:  # noqa: BLE001 the scene tells what came
        ours = ic.in_our_words(fault, Path("store"))
        print(f"{type(ours).__name__}: {ours or repr(fault)}")


def full_load(folder: Path) -> None:
    workspace, recipe, inputs = _ready(folder)
    big = people(inputs / "big.csv", 1000, 20_000)
    _fill(folder)
    _told(lambda: workspace.load([big], "crm", recipe))
    _whole(workspace, folder, 20)


def full_build(folder: Path) -> None:
    workspace, recipe, inputs = _ready(folder)
    workspace.load([people(inputs / "more.csv", 1000, 5_000)], "crm", recipe)
    _fill(folder)
    _told(workspace.build)
    _whole(workspace, folder, 5_020)


def full_fix(folder: Path) -> None:
    workspace, _, _ = _ready(folder)
    customer = workspace.find("Given3")[0]["customer"]
    _fill(folder)
    _fill_up(workspace, folder)
    _told(lambda: workspace.fix([{"customer": customer, "field": "city", "value": "Ashford"}]))
    _whole(workspace, folder, 20)


def _fill_up(workspace: ic.Workspace, folder: Path) -> None:
    """Take the last room too, and the reserve's."""
    (workspace.root / "reserve").unlink(missing_ok=True)
    with suppress(OSError), (folder / "filler").open("ab", buffering=0) as filler:
        while filler.write(b"x" * 512):
            pass


def withdraw(folder: Path) -> None:
    workspace, _, _ = _ready(folder)
    customer = workspace.find("Given3")[0]["customer"]
    workspace.consent(customer, "marketing", "given")
    with suppress(OSError), (folder / "filler").open("wb", buffering=0) as filler:
        while filler.write(b"x" * 512):
            pass
    try:
        workspace.fix([{"customer": customer, "field": "city", "value": "Ashford"}])
    except Exception:  # noqa: BLE001 whatever says that it is full
        print("full")
    workspace.consent(customer, "marketing", "withdrawn")
    print(workspace.consents(customer)[0]["state"])
    print("marketing sees", workspace.customers("marketing")["total"] or "nobody")


def read_only(store: Path) -> None:
    try:
        opened(store)
    except ic.InsightError as fault:
        print(f"{type(fault).__name__}: {fault}")


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]))
