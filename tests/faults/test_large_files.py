"""A file far larger than memory should allow: loaded in little of it, told on the way, and gone without a trace when stopped (F15)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import insight_core as ic
from insight_core.pipeline.load import batches
from insight_core.store import Store
from tests.faults.conftest import NOW, RECIPE

MEGABYTES = int(os.environ.get("FAULT_MEGABYTES", "40"))  # 2048 is the long form
_LIMIT_MB = 1024


def large(path: Path, megabytes: int) -> int:
    """A file of people of that size; gives its rows."""
    count, pad = 0, "x" * 400
    with path.open("w", encoding="utf-8") as out:
        out.write("id,given,family,email,street,seen\n")
        while out.tell() < megabytes << 20:
            for number in range(count, count + 5_000):
                out.write(f"{number},Given{number},Family{number},p{number}@example.com,{number} {pad},2025-12-01\n")
            count += 5_000
    return count


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    (tmp_path / "people.toml").write_text(RECIPE, encoding="utf-8")
    words = [sys.executable, "-m", "tests.faults.test_large_files"]
    return [*words, str(tmp_path / "store"), str(tmp_path / "large.csv"), str(tmp_path / "people.toml")]


def test_a_large_file_is_loaded_in_little_memory_and_told_on_the_way(words, tmp_path):
    rows = large(tmp_path / "large.csv", MEGABYTES)
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    *steps, last = ended.stdout.splitlines()
    accepted, peak = map(int, last.split())
    assert accepted == rows
    assert peak < _LIMIT_MB, f"{MEGABYTES} MB took {peak} MB of memory"
    done = [int(step.rsplit(" ", 1)[1]) for step in steps if step.startswith("read large.csv ")]
    assert done == sorted(done)
    assert len(done) > 3


def test_a_load_that_is_stopped_leaves_nothing(words, tmp_path):
    large(tmp_path / "large.csv", 20)
    child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None
    while not child.stdout.readline().startswith("read large.csv "):
        assert child.poll() is None
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=300)
    assert child.returncode != 0
    store = Store(tmp_path / "store")
    assert batches(store) == []
    assert not list((tmp_path / "store" / "lake").rglob("*.parquet"))
    assert not list((tmp_path / "store" / "tmp").iterdir())
    store.close()


def _load(store: str, file: str, recipe: str) -> None:
    workspace = ic.open_store(store, now=NOW)
    told = lambda step, done, _total: print(step, done, flush=True)  # noqa: E731, T201 the test reads it
    report = workspace.load([file], "crm", recipe, progress=told)
    workspace.close()
    print(report.accepted, _most_mb())  # noqa: T201


def _most_mb() -> int:
    """The most memory that this program has held: what getrusage tells begins with what its parent held."""
    said = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in said.splitlines() if line.startswith("VmHWM")).split()[1]) >> 10


if __name__ == "__main__":
    _load(*sys.argv[1:])
