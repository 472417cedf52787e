"""A file of the lake that is gone, cut short or changed: named, never read over, and mended (F05)."""

from collections.abc import Callable
from pathlib import Path

import pytest

import insight_core as ic
from insight_core.errors import Damaged


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 255
    path.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], None]] = {"gone": Path.unlink, "empty": _empty, "cut": _cut, "flipped": _flip}


def _file(workspace: ic.Workspace, dataset: str) -> Path:
    return min((workspace.root / "lake" / dataset).rglob("*.parquet"))


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("dataset", ["parties", "snapshot"])
def test_verify_names_the_file(built, dataset, damage):
    path = _file(built, dataset)
    damage(path)
    found = built.verify()
    assert not found["ok"]
    assert found["state_hash"] is None
    assert path.name in found["problems"][0]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_build_never_reads_over_damage(built, damage):
    damage(_file(built, "parties"))
    with pytest.raises(Damaged, match="verify --repair"):
        built.build(full=True)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_a_build_makes_is_made_again(built, damage):
    whole = built.verify()["state_hash"]
    damage(_file(built, "snapshot"))
    mended = built.verify(repair=True)
    assert mended["ok"]
    assert mended["state_hash"] == whole


def test_lost_evidence_stays_a_problem_until_its_files_are_loaded_again(built, recipe, tmp_path):
    whole = built.verify()["state_hash"]
    _cut(_file(built, "parties"))
    lost = built.verify(repair=True)
    assert "20 rows of parties were lost" in lost["problems"][0]
    names = [name for name in ("first.csv", "second.csv") if name in lost["problems"][0]]
    assert len(names) == 1
    built.build()
    assert not built.verify()["ok"]
    assert built.load([tmp_path / names[0]], "crm", recipe).accepted == 20
    built.build()
    mended = built.verify()
    assert mended["ok"]
    assert mended["state_hash"] == whole
