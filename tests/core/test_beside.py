"""What changed lies beside the buckets until it is much, and every reader sees the newest row."""

from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
import pytest

import insight_core as ic
from insight_core.store.beside import BESIDE, MOVED
from tests.core.conftest import ANN, BOB, Desk

ROWS = pa.table({"customer_id": ["00a", "01b", "02c"], "value": [1, 2, 3]})


def files_of(workspace: ic.Workspace, bucket: int | None) -> list[int]:
    """The rows of each file of the snapshot that lies there."""
    return [one.rows for one in workspace._store.lake.listed("snapshot") if one.bucket == bucket]


def emails(workspace: ic.Workspace) -> list[str]:
    query = f"SELECT email FROM {workspace._store.lake.rows('snapshot')} ORDER BY 1"
    return [row[0] for row in workspace._con().con.sql(query).fetchall()]


@pytest.fixture
def roomy(monkeypatch: pytest.MonkeyPatch, two_people: Callable[[], ic.Workspace]) -> ic.Workspace:
    """Two people, of whom as many as like may lie beside."""
    monkeypatch.setattr("insight_core.store.beside.MOST", 9)
    return two_people()


def test_a_fix_writes_one_row_beside_and_leaves_the_rest_as_it_is(roomy):
    roomy.fix([{"customer": "1", "field": "email", "value": "new@example.com"}])
    assert files_of(roomy, None) == [2]
    assert files_of(roomy, BESIDE) == [1] == files_of(roomy, MOVED)
    assert emails(roomy) == ["bob@example.com", "new@example.com"]


def test_fix_after_fix_stays_one_file_and_the_last_one_counts(roomy):
    for number in range(3):
        for who in ("1", "2"):
            change = {"customer": who, "field": "email", "value": f"{who}-{number}@example.com"}
            roomy.fix([change])
    assert files_of(roomy, BESIDE) == [2]
    assert emails(roomy) == ["1-2@example.com", "2-2@example.com"]


def test_every_reader_sees_what_lies_beside(roomy):
    roomy.fix([{"customer": "1", "field": "email", "value": "new@example.com"}])
    assert [one["name"] for one in roomy.find("new@example.com")] == ["Ann Lee"]
    assert roomy.find("ann@example.com") == []
    assert roomy.customers("customer_care")["total"] == 2
    assert roomy.overview("customer_care")["customers"] == 2
    assert roomy.verify()["ok"]


def test_home_says_of_old_and_new_rows_what_it_says_of_buckets_written_anew(desk: Desk, monkeypatch):
    """The old rows are counted with the consents of their time, the new ones with those of today."""
    given, withdrawn = ("marketing", "*", "given", "2025-01-01"), ("marketing", "*", "withdrawn", "2025-02-01")
    consents: dict[str, list[tuple[object, ...]]] = {"said": [(1, *given), (2, *given)], "unsaid": [(2, *withdrawn)]}
    told: list[tuple[dict[str, Any], object]] = []
    for most in (9, 0):
        monkeypatch.setattr("insight_core.store.beside.MOST", most)
        workspace = desk.store(f"most-{most}")
        workspace.load(**desk.people("pair", [ANN, BOB]))
        for name, rows in consents.items():
            workspace.load(**desk.consents(name, rows))
            workspace.build()
            told.append((workspace.overview("marketing"), workspace.stale("marketing")))
            workspace.load(**desk.people("moved", [{**ANN, "city": "Bath", "seen": "2026-01-02"}]))
        assert bool(files_of(workspace, BESIDE)) == bool(most)
    assert told[:2] == told[2:]
    assert [one[0]["withheld"] for one in told[:2]] == [{}, {"no consent for marketing": 1}]


def test_whoever_is_gone_is_gone_beside_too(roomy, desk: Desk):
    more = roomy.load(**desk.people("kin", [{**ANN, "id": 3, "given": "Zoe", "email": "zoe@example.com"}])).batch
    roomy.build()
    assert emails(roomy) == ["ann@example.com", "bob@example.com", "zoe@example.com"]
    roomy.unload(more)
    assert emails(roomy) == ["ann@example.com", "bob@example.com"]
    assert roomy.customers("customer_care")["total"] == 2


def test_a_build_folds_in_what_has_become_much(two_people):
    workspace = two_people()
    workspace.fix([{"customer": "1", "field": "email", "value": "new@example.com"}])
    assert files_of(workspace, BESIDE) == [1]
    workspace.consent("2", "marketing", "withdrawn")
    workspace.fix([{"customer": "2", "field": "email", "value": "also@example.com"}])
    workspace.undo(workspace.history()[0]["change"])
    workspace.build(full=True)
    before = emails(workspace)
    workspace.load(**Desk(workspace.root.parent).people("moved", [{**ANN, "city": "Bath", "seen": "2026-01-02"}]))
    workspace.build()
    assert files_of(workspace, BESIDE) == [] == files_of(workspace, MOVED)
    assert emails(workspace) == before


def test_rows_of_a_large_file_beside_are_old_once_they_moved_on(roomy, monkeypatch):
    lake, con = roomy._store.lake, duckdb.connect()
    monkeypatch.setattr("insight_core.store.beside._SMALL", 0)
    base = "SELECT * FROM (VALUES ('00a', 0), ('03d', 4)) AS t(customer_id, value)"
    with roomy._store.write() as session:
        lake.relist(session, lake.put(con, base, "snapshot", 2), lake.listed("snapshot"))
    for rows, keys in ((ROWS, ["00a", "01b", "02c"]), (ROWS.slice(1, 1), ["01b", "03d"])):
        new, old = lake.put_beside("snapshot", rows, keys)
        with roomy._store.write() as session:
            lake.relist(session, new, old)
    assert sorted(con.sql(f"FROM {lake.rows('snapshot')}").fetchall()) == [("00a", 1), ("01b", 2), ("02c", 3)]
    assert sorted(files_of(roomy, BESIDE)) == [1, 3]


def test_buckets_written_a_few_at_a_time_hold_what_they_hold_written_at_once(desk: Desk, monkeypatch):
    monkeypatch.setattr("insight_core.store.sorted_in.SMALL_BUILT", 1)
    monkeypatch.setattr("insight_core.store.beside.MOST", 0)
    crowd = [
        {**ANN, "id": number, "given": f"Given{number}", "email": f"p{number}@example.com"} for number in range(90)
    ]
    moved = [{**one, "email": f"new-{one['email']}", "seen": "2025-12-24"} for one in crowd[:5]]
    stores = []
    for cells in (10**9, 2_000):
        monkeypatch.setattr("insight_core.store.sorted_in._CELLS_AT_ONCE", cells)
        workspace = desk.store(f"at-once-{cells}")
        for name, rows in (("crowd", crowd), ("moved", moved)):
            workspace.load(**desk.people(name, rows))
            workspace.build()
        stores.append(
            (workspace.verify()["state_hash"], emails(workspace), sorted(files_of_buckets(workspace).items()))
        )
    assert stores[0] == stores[1]
    assert len(stores[0][2]) > 30
    assert sum(rows for _, rows in stores[0][2]) == 90


def files_of_buckets(workspace: ic.Workspace) -> dict[int | None, int]:
    """The rows of each file of the snapshot by its bucket."""
    return {one.bucket: one.rows for one in workspace._store.lake.listed("snapshot")}
