"""Unload: take batches back; rows that another batch asserted too stay, as that batch's."""

from typing import Any

from sqlmodel import col, select

from insight_core.errors import NotFound
from insight_core.pipeline.dirty import note_dirty
from insight_core.records.datasets import DATASETS, columns
from insight_core.store import Store
from insight_core.store.database import Waiting
from insight_core.store.sql import rows_in
from insight_core.store.tables import Batch, LakeFile


def loaded_batches(store: Store, source: str | None = None) -> list[Batch]:
    """The batches that are in, oldest first; with `source`, only that source's."""
    with store.read() as session:
        query = select(Batch).where(col(Batch.unloaded_at).is_(None)).order_by(col(Batch.id))
        found = session.exec(query).all()
    return [one for one in found if source is None or one.source == source]


def unload(store: Store, batches: set[int], now: int, dry_run: bool, waiting: Waiting) -> dict[str, int]:
    """Take the batches back in one transaction; gives rows removed and rows kept per dataset.

    `waiting` hears of the wait for a turn. Raises NotFound for a batch that is not in.
    """
    with store.turn("taking a load back", waiting):
        return _unload(store, batches, now, dry_run)


def _unload(store: Store, batches: set[int], now: int, dry_run: bool) -> dict[str, int]:
    known = {one.id: one for one in loaded_batches(store)}
    for batch in sorted(batches - set(known)):
        raise NotFound("loaded batch", str(batch), (str(one) for one in known))
    con = store.duck()
    removed = {name: _mark(con, store, name, batches) for name in DATASETS}
    counts = {name: gone for name, (gone, _) in removed.items() if gone}
    kept = sum(kept for _, kept in removed.values())
    if not dry_run:
        _take_out(con, store, batches, now)
    return {**counts, "kept_for_other_batches": kept}


def _in(batches: set[int]) -> str:
    return "(" + ", ".join(str(one) for one in sorted(batches)) + ")"


def _mark(con: Any, store: Store, dataset: str, batches: set[int]) -> tuple[int, int]:
    """(rows that go, rows that stay because another batch asserted them too)."""
    paths = store.lake.paths(dataset)
    if not paths:
        return 0, 0
    _heirs(con, store, dataset, batches)
    query = f"""
        SELECT count(*) FILTER (heir.batch IS NULL), count(heir.batch)
        FROM {rows_in(paths)} AS t LEFT JOIN heirs AS heir USING (record_id, evidence)
        WHERE t.batch IN {_in(batches)}
    """
    gone, kept = con.sql(query).fetchall()[0]
    return int(gone), int(kept)


def _heirs(con: Any, store: Store, dataset: str, batches: set[int]) -> None:
    """The earliest other batch that asserted a row again."""
    paths = store.lake.paths("again")
    source = rows_in(paths) if paths else f"(SELECT {_nulls()} WHERE false)"
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE heirs AS
        SELECT record_id, evidence, min(batch) AS batch, arg_min(recorded_at, batch) AS recorded_at FROM {source}
        WHERE dataset = '{dataset}' AND batch NOT IN {_in(batches)} GROUP BY record_id, evidence
    """)


def _nulls() -> str:
    return ", ".join(f"NULL::{kind} AS {name}" for name, kind in columns("again").items())


def _take_out(con: Any, store: Store, batches: set[int], now: int) -> None:
    new: list[LakeFile] = []
    old: list[LakeFile] = []
    for dataset in DATASETS:
        touched = _touched(con, store, dataset, batches)
        if touched:
            new += note_dirty(con, store, dataset, touched, f"batch IN {_in(batches)}")
            _heirs(con, store, dataset, batches)
            new += _rewritten(con, store, dataset, touched, batches)
            old += touched
    ledger_new, ledger_old = _ledgers(con, store, batches)
    with store.write() as session:
        store.lake.relist(session, new + ledger_new, old + ledger_old)
        for batch in session.exec(select(Batch).where(col(Batch.id).in_(batches))).all():
            batch.unloaded_at = now
            session.add(batch)
    store.lake.unlink(old + ledger_old)


def _touched(con: Any, store: Store, dataset: str, batches: set[int]) -> list[LakeFile]:
    listed = store.lake.listed(dataset)
    if not listed:
        return []
    paths = [str(store.lake.root / one.path) for one in listed]
    query = f"SELECT DISTINCT filename FROM {rows_in(paths, ', filename = true')} WHERE batch IN {_in(batches)}"
    names = {row[0] for row in con.sql(query).fetchall()}
    return [one for one, path in zip(listed, paths, strict=True) if path in names]


def _rewritten(con: Any, store: Store, dataset: str, files: list[LakeFile], batches: set[int]) -> list[LakeFile]:
    paths = [str(store.lake.root / one.path) for one in files]
    names = ", ".join(
        f"CASE WHEN t.batch IN {_in(batches)} THEN heir.{name} ELSE t.{name} END AS {name}"
        if name in ("batch", "recorded_at")
        else f"t.{name}"
        for name in columns(dataset)
    )
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE left_over AS
        SELECT {names} FROM {rows_in(paths)} AS t LEFT JOIN heirs AS heir USING (record_id, evidence)
        WHERE t.batch NOT IN {_in(batches)} OR heir.batch IS NOT NULL
    """)
    rows = con.sql("SELECT count(*) FROM left_over").fetchall()[0][0]
    return store.lake.put(con, "SELECT * FROM left_over", dataset, rows)


def _ledgers(con: Any, store: Store, batches: set[int]) -> tuple[list[LakeFile], list[LakeFile]]:
    """The ledgers without the batches; a repeat that owns its row by now stays listed, and goes with its batch."""
    new: list[LakeFile] = []
    old: list[LakeFile] = []
    for name in ("again", "quarantine"):
        listed = store.lake.listed(name)
        if listed:
            paths = [str(store.lake.root / one.path) for one in listed]
            rest = f"SELECT * FROM {rows_in(paths)} WHERE batch NOT IN {_in(batches)}"
            con.execute(f"CREATE OR REPLACE TEMP TABLE ledger AS {rest}")
            rows = con.sql("SELECT count(*) FROM ledger").fetchall()[0][0]
            new += store.lake.put(con, "SELECT * FROM ledger", name, rows)
            old += listed
    return new, old
