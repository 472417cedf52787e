"""A disk that fills up or can only be read: one clear line, nothing lost, and consent can be withdrawn (F06, F07)."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from insight_core.settings import read_settings
from tests.faults.conftest import opened

SMALL = "24m"


def _mounts() -> bool:
    """Whether this machine lets a process have a small disk of its own."""
    return shutil.which("unshare") is not None and not subprocess.run(
        ["unshare", "-rm", "true"], capture_output=True, check=False
    ).returncode  # fmt: skip


@pytest.fixture(autouse=True)
def _needs_a_disk() -> None:
    if not _mounts():
        if read_settings().strict:
            pytest.fail("disk: this machine lets nobody mount a small disk", pytrace=False)
        pytest.skip("disk: this machine lets nobody mount a small disk")


def on_a_small_disk(work: str, folder: Path) -> list[str]:
    """Run a scene of this file in a process that has a small disk at `folder`; the lines that it prints."""
    scene = f"{sys.executable} -m tests.faults.scenes {work} {folder}"
    return _played(f"mount -t tmpfs -o size={SMALL} tmpfs {folder} && exec {scene}")


def _played(script: str) -> list[str]:
    ended = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False, timeout=300
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-3000:]
    return ended.stdout.splitlines()


@pytest.mark.parametrize("stage", ["load", "build", "fix"])
def test_a_full_disk_is_told_and_what_was_acknowledged_is_there(stage, tmp_path):
    said = on_a_small_disk(f"full_{stage}", tmp_path)
    assert said[0].startswith("Full: The disk of ")
    assert said[1:] == ["database ok", "acknowledged is visible", "verify ok"]


def test_consent_can_be_withdrawn_on_a_full_disk(tmp_path):
    assert on_a_small_disk("withdraw", tmp_path) == ["full", "withdrawn", "marketing sees nobody"]


def test_a_store_that_can_only_be_read_says_so(tmp_path, recipe):
    store = tmp_path / "store"
    opened(store).close()
    remount = f"mount --bind {store} {store} && mount -o remount,bind,ro {store}"
    (said,) = _played(f"{remount} && exec {sys.executable} -m tests.faults.scenes read_only {store}")
    assert said.startswith("Fault: The store at ")
    assert "can only be read here" in said
