"""A file far larger than memory should allow: loaded in little of it, told on the way, and gone without a trace when stopped (F15)."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import insight_core as ic
from insight_core.bench.inputs import recipe
from insight_core.pipeline.load import batches
from insight_core.store import Store
from tests.faults.conftest import NOW, RECIPE

MEGABYTES = int(os.environ.get("FAULT_MEGABYTES", "40"))  # 2048 is the long form
_LIMIT_MB = 1024
_FATES = ("read", "accepted", "duplicate", "quarantined")


class Kind(NamedTuple):
    """A recipe, and a file's heading and lines by their number."""

    recipe: str
    head: str
    line: str

    def write(self, path: Path, megabytes: int) -> int:
        """A file of that size; gives its rows."""
        count = 0
        with path.open("w", encoding="utf-8") as out:
            out.write(self.head + "\n")
            while out.tell() < megabytes << 20:
                for number in range(count, count + 5_000):
                    out.write(self.line.format(n=number, who=number % 1_000_003, pad="x" * 400))
                count += 5_000
        return count


_CONTACTS = Path(recipe("interactions")).read_text(encoding="utf-8").replace('"bench"', '"crm"')
_LINE = "I{n},C{who},2025-06-01T08:00:00Z,%s,inbound,fault,resolved,{who}\n"
KINDS = {
    "people": Kind(
        RECIPE, "id,given,family,email,street,seen", "{n},G{n},F{n},p{n}@example.com,{n} {pad},2025-12-01\n"
    ),
    "contacts": Kind(_CONTACTS, "id,party,at,channel,direction,topic,outcome,seconds", _LINE % "email"),
    "refused": Kind(_CONTACTS, "id,party,at,channel,direction,topic,outcome,seconds", _LINE % "pigeon"),
}


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    words = [sys.executable, "-m", "tests.faults.test_large_files"]
    return [*words, str(tmp_path / "store"), str(tmp_path / "large.csv"), str(tmp_path / "recipe.toml")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_file_is_loaded_in_little_memory_and_told_on_the_way(kind, words, tmp_path):
    (tmp_path / "recipe.toml").write_text(KINDS[kind].recipe, encoding="utf-8")
    rows = KINDS[kind].write(tmp_path / "large.csv", MEGABYTES)
    for fate in ("quarantined",) if kind == "refused" else ("accepted", "duplicate"):
        told, steps, peak = _loaded(words)
        assert told == {"read": rows, "accepted": 0, "duplicate": 0, "quarantined": 0, fate: rows}
        assert peak < _LIMIT_MB, f"{MEGABYTES} MB took {peak} MB of memory"
        done = [int(step.rsplit(" ", 1)[1]) for step in steps if step.startswith("read large.csv ")]
        assert done == sorted(done)
        assert len(done) > 3


def _loaded(words: list[str]) -> tuple[dict[str, int], list[str], int]:
    """What became of the rows, the steps that were told, and the megabytes it took."""
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    *steps, last = ended.stdout.splitlines()
    *counts, peak = map(int, last.split())
    return dict(zip(_FATES, counts, strict=True)), steps, peak


def test_a_load_that_is_stopped_leaves_nothing(words, tmp_path):
    (tmp_path / "recipe.toml").write_text(RECIPE, encoding="utf-8")
    KINDS["people"].write(tmp_path / "large.csv", 20)
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
    print(*(getattr(report, fate) for fate in _FATES), _most_mb())  # noqa: T201


def _most_mb() -> int:
    """The most memory that this program has held: what getrusage tells begins with what its parent held."""
    said = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in said.splitlines() if line.startswith("VmHWM")).split()[1]) >> 10


if __name__ == "__main__":
    _load(*sys.argv[1:])
