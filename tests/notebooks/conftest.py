"""A small base, and notebooks written for one test."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import insight_core as ic
from insight_core.notebooks.limits import Limits
from insight_core.notebooks.percent import Notebook
from insight_core.notebooks.run import Ran, prepared, run
from insight_core.records.clock import parse_instant
from tests.app.conftest import base, made
from tests.app.served import NOW

__all__ = ["base", "made"]

SHIPPED = Path("app/notebooks")


@pytest.fixture(scope="session")
def read_only(made: Path, tmp_path_factory: pytest.TempPathFactory) -> ic.Workspace:
    """The small base, for tests that only look and run."""
    root = tmp_path_factory.mktemp("notebooks") / "store"
    shutil.copytree(made / "store", root)
    return ic.open_store(root, now=parse_instant(NOW), door="test")


@pytest.fixture
def empty(tmp_path: Path) -> ic.Workspace:
    """A store with nothing in it."""
    return ic.open_store(tmp_path / "store", now=parse_instant(NOW), door="test")


def cells(*code: str) -> Notebook:
    """A notebook of these cells."""
    head = '# %% [markdown]\n# # A test\n\n# %% tags=["parameters"]\npurpose: str = "analytics"  # Why\n\n'
    return Notebook(head + "\n\n".join(f"# %%\n{one}" for one in code) + "\n")


@pytest.fixture
def execute(tmp_path: Path) -> Callable[..., Ran]:
    """Run cells in a child process over an empty folder."""

    def executed(*code: str, limits: Limits | None = None) -> Ran:
        (tmp_path / "store").mkdir(exist_ok=True)
        ran = prepared(cells(*code))
        run(ran, tmp_path / "store", f"{NOW}T00:00:00+00:00", tmp_path / "tmp", lambda *_: None, limits or Limits())
        return ran

    return executed
