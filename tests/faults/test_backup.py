"""A backup is one moment of the store, also while it is written, and comes back whole or not at all (F14)."""

import json
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

import insight_core as ic
from insight_core.errors import BadInput, Conflict, Damaged
from tests.faults.conftest import NOW, opened, people

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.databases
def test_what_comes_back_is_what_was(built, tmp_path):
    built.backup(tmp_path / "kept.backup")
    ic.restore(tmp_path / "kept.backup", tmp_path / "back")
    back = opened(tmp_path / "back")
    assert back.verify()["ok"]
    assert back.verify()["state_hash"] == built.verify()["state_hash"]
    assert back.consents(back.find("Given3")[0]["customer"])[0]["state"] == "given"


@pytest.mark.databases
def test_a_backup_taken_during_loads_holds_whole_loads_only(built, recipe, tmp_path):
    files = [people(tmp_path / f"more{n}.csv", 100 + n * 20, 20) for n in range(5)]

    def load_all() -> None:
        other = opened(built.root)
        for file in files:
            other.load([file], "crm", recipe)
        other.build()

    loader = Thread(target=load_all)
    loader.start()
    taken: list[Path] = []
    while loader.is_alive() and len(taken) < 2:
        sleep(0.2)
        taken.append(tmp_path / f"{len(taken)}.backup")
        built.backup(taken[-1])
    loader.join()
    for number, one in enumerate(taken):
        ic.restore(one, tmp_path / f"back{number}")
        back = opened(tmp_path / f"back{number}")
        assert back.verify()["ok"]
        loaded = sum(batch["accepted"] for batch in back.batches())
        assert loaded % 20 == 0
        back.build()
        assert back.customers("customer_care", limit=1)["total"] == loaded
    assert taken


def _cut(path):
    path.write_bytes(path.read_bytes()[:-400])


def _change_a_file(path):
    with ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    name = next(one for one in content if one.endswith(".parquet"))
    content[name] = content[name][:-1] + b"x"
    with ZipFile(path, "w") as archive:
        for one, said in content.items():
            archive.writestr(one, said)


def _reach_outside(path):
    manifest = {"form": 1, "taken_at": "2026-01-01", "files": {"../../outside": "0" * 64}}
    with ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("../../outside", "bad")


def _no_backup(path):
    with ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "no backup")


@pytest.mark.parametrize(
    ("harm", "error", "words"),
    [
        (_cut, BadInput, "no whole backup"),
        (_change_a_file, Damaged, "is not what was written"),
        (_reach_outside, BadInput, "outside the store"),
        (_no_backup, BadInput, "no backup of a store"),
    ],
)
def test_a_broken_backup_is_refused_and_leaves_nothing(built, tmp_path, harm, error, words):
    path = tmp_path / "kept.backup"
    built.backup(path)
    harm(path)
    with pytest.raises(error, match=words):
        ic.restore(path, tmp_path / "deep" / "back")
    assert not (tmp_path / "deep" / "back").exists()
    assert not list(tmp_path.rglob("outside"))


def test_nothing_is_written_over(built, tmp_path):
    built.backup(tmp_path / "kept.backup")
    with pytest.raises(Conflict, match="is there already"):
        built.backup(tmp_path / "kept.backup")
    with pytest.raises(Conflict, match="holds a store already"):
        ic.restore(tmp_path / "kept.backup", built.root)


@pytest.mark.databases
def test_a_restored_store_goes_on_as_the_old_one_would(built, recipe, tmp_path):
    built.backup(tmp_path / "kept.backup")
    ic.restore(tmp_path / "kept.backup", tmp_path / "back")
    back = ic.open_store(tmp_path / "back", now=NOW)
    more = people(tmp_path / "more.csv", 30, 20)
    for workspace in (built, back):
        assert workspace.load([more], "crm", recipe).duplicate == 10
        workspace.build()
    assert back.verify()["state_hash"] == built.verify()["state_hash"]
