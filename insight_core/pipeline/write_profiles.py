"""Write profiles: only what changed, all rows of a customer in one transaction, the lock held shortly.

A few changed rows go straight in. Many go by Arrow into a staging file of their own; the store's own connection
attaches that file and copies. The Arrow driver never opens the live store: it brings a second
SQLite library whose closing would drop the first one's locks.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import adbc_driver_sqlite.dbapi as adbc
from sqlmodel import col, delete

from insight_core.catalogue import FACETS, by_facet
from insight_core.pipeline.compare import compare, differing
from insight_core.pipeline.steps import Steps
from insight_core.store import Store
from insight_core.store.lake import BUILT, bucket_sql
from insight_core.store.tables import LakeFile, Note

_AT_ONCE = 4_000
_WRITING = "writing"
_BEGUN = f"INSERT OR REPLACE INTO note (name, value) VALUES ('{_WRITING}', '1')"
_FEW = 1_000
_NEVER = -(2**62)
_KEYS = {
    "link": ("links", ("record_id",)),
    "consent_state": ("consent_states", ("customer_id", "purpose", "channel")),
}


def write_profiles(store: Store, steps: Steps, now: int) -> tuple[int, int]:
    """Bring tables, snapshot and links up to date; gives customers in all and customers changed."""
    con = steps.con
    half = torn(store)
    touched = compare(store, steps, half)
    profiles = {"customer": customer_sql()} | {facet: facet_sql(facet) for facet in FACETS}
    rows = {name: f"SELECT * FROM ({query}) SEMI JOIN changed USING (customer_id)" for name, query in profiles.items()}
    changed = _count(con, "SELECT (SELECT count(*) FROM changed) + (SELECT count(*) FROM gone)")
    others = sum(_count(con, f"SELECT count(*) FROM more_{view}") for view, _ in _KEYS.values())
    if changed + others <= _FEW and not half:
        _write_at_once(con, store, rows if changed else {})
    else:
        _write_staged(con, store, rows, half)
    _swap_files(store, steps, touched, now, half)
    return sum(one.rows for one in store.lake.listed("snapshot")), changed


def _write_at_once(con: Any, store: Store, profiles: dict[str, str]) -> None:
    """Put a few rows straight into their tables, all in one transaction."""
    queries = profiles | {table: f"FROM more_{view}" for table, (view, _) in _KEYS.items()}
    found = {table: con.sql(query).to_arrow_table() for table, query in queries.items()}
    raw = store.engine.raw_connection()
    try:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute(_BEGUN)
        for table, rows in found.items():
            names, marks = ", ".join(f'"{name}"' for name in rows.column_names), ", ".join("?" * rows.num_columns)
            values = zip(*(column.to_pylist() for column in rows.columns), strict=True)
            raw.executemany(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", list(values))
        for table, key, lost in _lost(con, list(profiles)):
            raw.executemany(_deletion(table, key), lost)
        raw.execute("COMMIT")
    finally:
        raw.close()


def torn(store: Store) -> bool:
    """Whether a write was cut off between the tables and the files beside them: everybody is to be written again."""
    with store.read() as session:
        return session.get(Note, _WRITING) is not None


def _write_staged(con: Any, store: Store, profiles: dict[str, str], half: bool) -> None:
    staged = _stage(con, store, profiles)
    try:
        _copy_over(con, store, staged, list(profiles), half)
    finally:
        staged.unlink(missing_ok=True)


def _lost(con: Any, profiles: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], list[tuple[Any, ...]]]]:
    """Table, key and the keys of rows that are to go."""
    for table, (view, key) in _KEYS.items():
        names = ", ".join(key)
        yield table, key, con.sql(f"SELECT {names} FROM fewer_{view} ANTI JOIN new_{view} USING ({names})").fetchall()
    gone = con.sql("SELECT customer_id FROM gone ORDER BY 1").fetchall()
    for table in profiles:
        yield table, ("customer_id",), gone


def _count(con: Any, query: str) -> int:
    return int(con.sql(query).fetchall()[0][0])


def customer_sql() -> str:
    """The rows of the customer table, over the relation new_snapshot."""
    item = f"""[evidence_ids[i], sources[i], methods[i],
        nullif(observed[i], {_NEVER})::VARCHAR, nullif(verified[i], {_NEVER})::VARCHAR]"""
    evidence = f"to_json([{item} FOR i IN range(1, len(evidence_ids) + 1)])::VARCHAR"
    return f"SELECT customer_id, kind, name, {evidence} AS evidence, due_at FROM new_snapshot"


def facet_sql(facet: str) -> str:
    """The rows of a facet's table, over the relation new_snapshot."""
    fields = by_facet(facet)
    asserted = [one.name for one in fields if one.origin == "asserted"]
    values = [f"{one.name}::VARCHAR AS {one.name}" if one.type == "date" else one.name for one in fields]
    won = " || ',' || ".join(f"coalesce({name}__pos::VARCHAR, '')" for name in asserted) or "NULL"
    opposed = ", ".join(f"CASE WHEN {name}__conflict THEN '{name}' END" for name in asserted)
    against = f"nullif(concat_ws(',', {opposed}), '')" if asserted else "NULL"
    clocks = "NULL::BIGINT AS derived_at, NULL::BIGINT AS evidence_count"
    if any(one.origin != "asserted" for one in fields):
        clocks = f"{facet}__at AS derived_at, {facet}__count AS evidence_count"
    return f"SELECT customer_id, {', '.join(values)}, {won} AS won, {against} AS opposed, {clocks} FROM new_snapshot"


def _stage(con: Any, store: Store, profiles: dict[str, str]) -> Path:
    path = store.tmp / f"staged-{uuid4().hex}.db"
    with adbc.connect(str(path)) as staged, staged.cursor() as cursor:
        for name, query in profiles.items():
            rows = con.sql(f"{query} ORDER BY customer_id")
            cursor.adbc_ingest(name, rows.to_arrow_reader(50_000), mode="create")
        for name, (view, _) in _KEYS.items():
            rows = con.sql(f"SELECT * FROM more_{view}")
            cursor.adbc_ingest(name, rows.to_arrow_reader(50_000), mode="create")
        staged.commit()
    return path


def _copy_over(con: Any, store: Store, staged: Path, profiles: Sequence[str], half: bool) -> None:
    raw = store.engine.raw_connection()
    try:
        raw.execute("ATTACH ? AS staged", (str(staged),))
        raw.execute(_BEGUN)
        _in_chunks(raw, profiles)
        for table in _KEYS:
            _in_chunks(raw, [table])
        for table, key, lost in _lost(con, profiles):
            _delete(raw, table, key, lost)
            if half:
                raw.execute(_leftover(table, key))
        raw.execute("DETACH staged")
    finally:
        raw.close()


def _in_chunks(raw: Any, tables: Sequence[str]) -> None:
    """Copy the staged rows, the same stretch of customers in every table, one transaction a stretch."""
    most = raw.execute(f"SELECT coalesce(max(rowid), 0) FROM staged.{tables[0]}").fetchone()[0]
    columns = {
        table: ", ".join(f'"{row[1]}"' for row in raw.execute(f"PRAGMA staged.table_info({table})")) for table in tables
    }
    for start in range(0, most, _AT_ONCE):
        raw.execute("BEGIN IMMEDIATE")
        for table, names in columns.items():
            raw.execute(
                f"INSERT OR REPLACE INTO main.{table} ({names}) "
                f"SELECT {names} FROM staged.{table} WHERE rowid > ? AND rowid <= ?",
                (start, start + _AT_ONCE),
            )
        raw.execute("COMMIT")


def _deletion(table: str, key: tuple[str, ...]) -> str:
    return f"DELETE FROM main.{table} WHERE " + " AND ".join(f"{name} = ?" for name in key)


def _leftover(table: str, key: tuple[str, ...]) -> str:
    names = ", ".join(key)
    return f"DELETE FROM main.{table} WHERE ({names}) NOT IN (SELECT {names} FROM staged.{table})"


def _delete(raw: Any, table: str, key: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(_deletion(table, key), rows[start : start + _AT_ONCE])
        raw.execute("COMMIT")


def _swap_files(store: Store, steps: Steps, touched: dict[str, list[LakeFile]], now: int, half: bool) -> None:
    """List what was made in place of the files in whose buckets something is another than before."""
    new: list[LakeFile] = []
    old: list[LakeFile] = []
    for name, files in touched.items():
        made, replaced = _rewritten(store, steps, name, files, half)
        new += made
        old += replaced
    with store.write() as session:
        store.lake.relist(session, new, old)
        session.merge(Note(name="built_at", value=str(now)))
        session.exec(delete(Note).where(col(Note.name) == _WRITING))
    if old:
        store.lake.unlink(old)


def _rewritten(
    store: Store, steps: Steps, name: str, files: list[LakeFile], half: bool
) -> tuple[list[LakeFile], list[LakeFile]]:
    """The dataset's files to list and to unlist."""
    listed, hit = store.lake.listed(name), differing(steps, name)
    if listed and not hit and not half:
        return [], []
    rows = _count(steps.con, f"SELECT count(*) FROM merged_{name}")
    emptied = rows == 0 and len(files) == len(listed)
    if half or emptied or not listed or any(one.bucket is None for one in listed):
        return store.lake.put(steps.con, f"FROM merged_{name}", name, rows), files
    some = f"FROM merged_{name} WHERE {bucket_sql(BUILT[name])} IN ({', '.join(str(one) for one in sorted(hit))})"
    return store.lake.put(steps.con, some, name, rows, bucketed=True), [one for one in files if one.bucket in hit]
