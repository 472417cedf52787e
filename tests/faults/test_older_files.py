"""Files of an older release: fields that it did not know are unknown, and everything goes on working (F13)."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import insight_core as ic
from insight_core.records.datasets import LASTING, columns
from insight_core.store import Store, duck, reshape
from insight_core.store.sql import rows_in
from insight_core.store.tables import LakeFile, Note
from tests.faults.conftest import RECIPE, killed_at, measured, opened, people

# What a release before knew, and did not know yet, of parties and of profiles.
_NOT_YET = {
    "parties": ("language", "employer"),
    "snapshot": ("language", "language__at", "language__source", "language__method", "language__pos",
                 "language__conflict", "interests", "interests__at", "usage_pattern__count"),
}  # fmt: skip
_NO_MORE = "shoe_size"
WHO = "Given3"


def _as_before(table: pa.Table, dataset: str) -> pa.Table:
    known = table.drop_columns([name for name in _NOT_YET[dataset] if name in table.column_names])
    told = known.append_column(_NO_MORE, pa.repeat(pa.scalar(42), known.num_rows))
    number = told.schema.get_field_index("family_name")
    # a type that was another: what is left of it is cast
    return told.set_column(number, "family_name", told["family_name"].cast(pa.binary()))


def _made_older(store: Store) -> None:
    """Every file of parties and profiles as the release before would have left it."""
    renamed: dict[str, LakeFile] = {}
    old: list[LakeFile] = []
    for one in (one for dataset in _NOT_YET for one in store.lake.listed(dataset)):
        table = pq.ParquetFile(store.lake.root / one.path).read()
        if "file" in table.column_names:
            now = [renamed[name].path if name in renamed else name for name in table["file"].to_pylist()]
            before = table.set_column(1, "file", pa.array(now))
        else:
            before = _as_before(table, one.dataset)
        renamed[one.path] = store.lake.put_file(before, one.dataset, Path(one.path).parent.name)
        old.append(one)
    with store.write() as session:
        store.lake.relist(session, list(renamed.values()), old)
        session.delete(session.get(Note, "shape"))
    store.lake.unlink(old, at_once=True)


@pytest.fixture
def older(built: ic.Workspace) -> Path:
    """A store that an older release left, with a fix whose row lies beside the buckets."""
    built.fix([{"customer": built.find(WHO)[0]["customer"], "field": "city", "value": "Ashford"}])
    assert any("/beside/" in one.path for one in built._store.lake.listed("snapshot"))
    _made_older(built._store)
    built.close()
    return built.root


def test_a_file_has_the_columns_that_are_written_down_for_it(built: ic.Workspace) -> None:
    """Otherwise every release would take the files of the one before for older than they are."""
    with closing(duck.connect()) as con:
        for one in (one for dataset in LASTING for one in built._store.lake.listed(dataset)):
            told = con.execute(f"DESCRIBE FROM {rows_in(built._store.lake.root / one.path)}").fetchall()
            assert "/moved/" in one.path or {row[0]: row[1] for row in told} == columns(one.dataset), one.path


_ASKED: dict[str, Callable[[ic.Workspace, str], object]] = {
    "a profile": lambda ws, who: ws.profile(who).facets["identity"].fields["language"].value,
    "the overview": lambda ws, who: ws.overview(),
    "the worklist": lambda ws, who: ws.stale(),
    "a card": lambda ws, who: ws.recommend(who),
    "an export": lambda ws, who: ws.export("profiles", "customer_care", ws.root / "people.csv"),
    "a fix": lambda ws, who: ws.fix([{"customer": who, "field": "language", "value": "en"}]),
    "a withdrawal": lambda ws, who: ws.consent(who, "marketing", "withdrawn"),
    "an undo": lambda ws, who: ws.undo(ws.history(who)[0]["change_set"]),
    "an audit": lambda ws, who: ws.verify()["problems"] == [] or pytest.fail("there are problems"),
    "a build": lambda ws, who: ws.build(),
}


@pytest.mark.parametrize("asked", _ASKED)
def test_it_answers_before_anything_is_built_anew(older: Path, asked: str) -> None:
    with closing(opened(older)) as ws:
        who = ws.find(WHO)[0]["customer"]
        _ASKED[asked](ws, who)
        assert ws.profile(who).facets["identity"].fields["family_name"].value == "Family3"
        assert ws.profile(who).facets["identity"].fields["email"].value == "person3@example.com"


@pytest.mark.databases
def test_what_is_built_of_it_is_what_would_have_been_built(built: ic.Workspace) -> None:
    before = built.verify()["state_hash"]
    _made_older(built._store)
    built.close()
    with closing(opened(built.root)) as ws:
        assert ws.build(full=True).customers == 40
        assert ws.verify()["state_hash"] == before


def test_older_rows_and_newer_ones_lie_side_by_side(older: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "newer.toml"
    recipe.write_text(RECIPE + 'language = "seen"\n', encoding="utf-8")
    with closing(opened(older)) as ws:
        assert ws.load([people(tmp_path / "newer.csv", 38, 4)], "crm", str(recipe)).accepted == 4
        ws.build()
        told = [ws.profile(ws.find(name)[0]["customer"]).facets["identity"].fields for name in (WHO, "Given39")]
    assert [one["language"].value for one in told] == [None, "2025-12-01"]
    assert [one["given_name"].value for one in told] == [WHO, "Given39"]


def test_a_process_that_is_killed_meanwhile_leaves_the_old_files_or_the_new_ones(
    older: Path, tmp_path: Path, dice, database
) -> None:
    events, _ = measured(_open, database.twin(older, tmp_path / "whole"))
    for at in dice.sample(range(1, events), 6):
        root = database.twin(older, tmp_path / f"{at}")
        killed_at(at, _open, root)
        with closing(opened(root)) as ws:
            assert ws.verify()["problems"] == []
            assert ws.build(full=True).customers == 40


def test_a_file_that_cannot_be_read_is_told_by_the_audit_and_by_nobody_else(older: Path) -> None:
    broken = min((older / "lake" / "parties").rglob("*.parquet"))
    broken.write_bytes(broken.read_bytes()[:-100])
    with closing(opened(older)) as ws:
        assert ws.find(WHO)
        assert [broken.name in one for one in map(str, ws.verify()["problems"])] == [True]


def test_it_is_looked_through_once(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(older).close()
    monkeypatch.setattr(reshape, "_all_anew", lambda store: pytest.fail("it was looked through again"))
    opened(older).close()


def _open(root: Path) -> None:
    opened(root).close()
