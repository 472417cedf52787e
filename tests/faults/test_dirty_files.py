"""Dirty files through a load: good rows are in, bad ones are quarantined by their line, and the counts add up (F16)."""

import random

import pytest

import insight_core as ic
from insight_core.errors import BadInput
from insight_core.store.sql import rows_in
from tests.faults.conftest import opened

RECIPE = """
name = "dirty"
title = "Dirty"
dataset = "parties"
source = "crm"
key = "{id}"
[constants]
kind = "person"
[columns]
given_name = "name"
birth_date = "born"
"""
HEAD = "id,name,born\n"
_BOM = "\ufeff"

# What it is, its bytes, the keys that get in by their lines, and the lines that do not.
CASES = {
    "a byte order mark": ((_BOM + HEAD + "1,Zoë,\n2,Bo,\n").encode(), {2: "1", 3: "2"}, []),
    "UTF-16 with a mark": ((HEAD + "1,Zoë,\n2,Bo,\n").encode("utf-16"), {2: "1", 3: "2"}, []),
    "UTF-16 without": ((HEAD + "1,Zoë,\n2,Bo,\n").encode("utf-16-le"), {2: "1", 3: "2"}, []),
    "CP1252": ((HEAD + "1,Zoë €,\n2,Bo,\n").encode("cp1252"), {2: "1", 3: "2"}, []),
    "NUL bytes": (b"id,name,born\n1,A\0nn,\n2,Bo,\n3,\0,\n", {3: "2"}, [2, 4]),
    "mixed newlines": (b"id,name,born\r\n1,Ann,\n2,Bo,\r3,Cy,\r\n", {2: "1", 3: "2", 4: "3"}, []),
    "a field of ten megabytes": ((HEAD + "1,Ann,\n2," + "x" * 10_000_000 + ",\n3,Cy,\n").encode(), {2: "1", 4: "3"}, [3]),
    "ragged rows": ((HEAD + "1,Ann,\n2,Bo\n3,Cy,,?\n4,Di,\n").encode(), {2: "1", 5: "4"}, [3, 4]),
    "a quote that never closes": ((HEAD + '1,Ann,\n2,"Bo,\n3,Cy,\n').encode(), {2: "1", 4: "3"}, [3]),
    "ids like numbers": ((HEAD + "1e5,Ann,\n007,Bo,\n0x1F,Cy,\n1_000,Di,\n").encode(), {2: "1e5", 3: "007", 4: "0x1F", 5: "1_000"}, []),
    "a row twice": ((HEAD + "1,Ann,\n1,Ann,\n2,Bo,\n").encode(), {2: "1", 4: "2"}, []),
    "no key": ((HEAD + ",Ann,\n2,Bo,\n").encode(), {3: "2"}, [2]),
    "days that are none": ((HEAD + "1,Ann,2001-02-29\n2,Bo,2000-02-29\n3,Cy,2001-13-01\n").encode(), {3: "2"}, [2, 4]),
    "a day that tells the order": ((HEAD + "1,Ann,02/03/1990\n2,Bo,25/03/1990\n").encode(), {2: "1", 3: "2"}, []),
}  # fmt: skip


@pytest.fixture
def workspace(tmp_path):
    workspace = opened(tmp_path / "store")
    yield workspace
    workspace.close()


def loaded(workspace: ic.Workspace, tmp_path, content: bytes):
    (tmp_path / "dirty.toml").write_text(RECIPE)
    (tmp_path / "dirty.csv").write_bytes(content)
    return workspace.load([tmp_path / "dirty.csv"], "crm", str(tmp_path / "dirty.toml"))


def kept(workspace: ic.Workspace) -> list[str]:
    query = f"SELECT key FROM {rows_in(workspace._store.lake.paths('parties'))} ORDER BY key"
    return [key for (key,) in workspace._con().con.sql(query).fetchall()]


@pytest.mark.parametrize(("content", "good", "bad"), CASES.values(), ids=CASES)
def test_good_rows_are_in_and_bad_ones_are_told_by_their_lines(workspace, tmp_path, content, good, bad):
    report = loaded(workspace, tmp_path, content)
    assert report.read == report.accepted + report.duplicate + report.quarantined
    assert sorted({row["line"] for row in workspace.quarantine(report.batch)}) == bad
    assert (report.accepted, report.quarantined) == (len(good), len(bad))
    assert kept(workspace) == sorted(good.values())
    again = loaded(workspace, tmp_path, content)
    assert (again.accepted, again.duplicate) == (0, again.read - again.quarantined)


REFUSED = {
    "20,000 columns": ((",".join(f"c{n}" for n in range(20_000)) + "\n1\n").encode(), "20,000 columns"),
    "a header twice": (b"id,name,name,born\n1,Ann,Bo,\n", "name"),
    "a date with two meanings": ((HEAD + "1,Ann,02/03/1990\n2,Bo,04/05/1990\n").encode(), "02/03"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_without_guessing_is_refused_and_leaves_nothing(workspace, tmp_path, content, said):
    with pytest.raises(BadInput, match=said):
        loaded(workspace, tmp_path, content)
    assert workspace.batches() == []
    assert not list((workspace.root / "tmp").rglob("*.parquet"))


_SPOILT = (
    lambda n: (f"{n},Ann{n},", True),
    lambda n: (f"{n},Ann{n}", False),
    lambda n: (f"{n},A\0nn,", False),
    lambda n: (f",Ann{n},", False),
    lambda n: (f"{n},Ann{n},2001-02-30", False),
    lambda n: (f'{n},"Ann, {n}",', True),
)


def test_whatever_is_mixed_the_counts_add_up(workspace, tmp_path, dice: random.Random):
    rows = [dice.choice(_SPOILT)(n) for n in range(2_000)]
    report = loaded(workspace, tmp_path, (HEAD + "\n".join(text for text, _ in rows) + "\n").encode())
    good = sorted(str(n) for n, (_, fine) in enumerate(rows) if fine)
    bad = [n + 2 for n, (_, fine) in enumerate(rows) if not fine]
    assert (report.read, report.accepted, report.quarantined) == (2_000, len(good), len(bad))
    assert kept(workspace) == good
    assert sorted({row["line"] for row in workspace.quarantine(report.batch, limit=9_999)}) == bad
