"""Processes that are killed at a chosen moment, and disks that are too small."""

import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from time import perf_counter
from typing import Any

import pytest

import insight_core as ic
from insight_core.records.clock import parse_instant
from tests.databases import Kept
from tests.processes import SERVER

NOW = parse_instant("2026-01-31")
_SEED = 20260131


def people(path: Path, first: int, count: int) -> Path:
    """A file of people, each line a party."""
    lines = [
        f"{n},Given{n},Family{n},person{n}@example.com,{n} Mill Lane,2025-12-01" for n in range(first, first + count)
    ]
    path.write_text("\n".join(["id,given,family,email,street,seen", *lines]) + "\n", encoding="utf-8")
    return path


RECIPE = """
name = "people"
title = "People"
dataset = "parties"
source = "crm"
key = "{id}"
method = "declared"
rank = 50
basis = "contract"
observed_at = {column = "seen"}
[constants]
kind = "person"
[columns]
given_name = "given"
family_name = "family"
email = "email"
street = "street"
"""


@pytest.fixture
def recipe(tmp_path: Path) -> str:
    path = tmp_path / "people.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="session")
def _built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faults")
    (folder / "people.toml").write_text(RECIPE, encoding="utf-8")
    workspace = opened(folder / "store")
    for number, name in enumerate(("first", "second")):
        workspace.load([people(folder / f"{name}.csv", number * 20, 20)], "crm", str(folder / "people.toml"))
    workspace.build()
    workspace.consent(workspace.find("Given3")[0]["customer"], "marketing", "given")
    workspace.close()
    return folder


@pytest.fixture
def built(_built_once: Path, tmp_path: Path, database: Kept) -> Iterator[ic.Workspace]:
    """A store of forty people from first.csv and second.csv, one of whom has consented to marketing."""
    database.copy(_built_once, tmp_path)
    workspace = opened(tmp_path / "store")
    yield workspace
    workspace.close()


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Chance with its seed in the report of a failure."""
    seed = int(os.environ.get("FAULT_SEED", _SEED))
    request.node.add_report_section("setup", "seed", f"FAULT_SEED={seed}")
    return random.Random(f"{seed} {request.node.name}")


def opened(store: Path) -> ic.Workspace:
    return ic.open_store(store, now=NOW, door="test")


def measured(work: Callable[..., Any], *given: Any) -> tuple[int, float]:
    """How many events the interpreter reports while the work runs undisturbed, and the seconds it takes."""
    ours, theirs = SERVER.Pipe(duplex=False)
    child = SERVER.Process(target=_counted, args=(theirs, work, given))
    child.start()
    theirs.close()
    count, seconds = ours.recv()
    child.join()
    return int(count), float(seconds)


def killed_at(event: int, work: Callable[..., Any], *given: Any) -> bool:
    """Run the work in a process that is killed at that event of the interpreter; False when it ended before."""
    return _ends_by_kill(SERVER.Process(target=_killed_at, args=(event, work, given)))


def killed_after(seconds: float, work: Callable[..., Any], *given: Any) -> bool:
    """The same, killed after a time: also in the midst of what the libraries do."""
    return _ends_by_kill(SERVER.Process(target=_killed_after, args=(seconds, work, given)))


def _ends_by_kill(child: Any) -> bool:
    child.start()
    child.join()
    assert child.exitcode in (0, -signal.SIGKILL), f"the child ended with {child.exitcode}"
    return bool(child.exitcode)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _counted(pipe: Any, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    seen = 0

    def count(_name: str, _arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        seen += 1

    sys.addaudithook(count)
    started = perf_counter()
    work(*given)
    pipe.send((seen, perf_counter() - started))


def _killed_at(event: int, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    left = event

    def count(_name: str, _arguments: tuple[Any, ...]) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            _die()

    sys.addaudithook(count)
    work(*given)


def _killed_after(seconds: float, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    timer = Timer(seconds, _die)
    timer.daemon = True
    timer.start()
    work(*given)
    timer.cancel()
