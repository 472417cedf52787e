"""Write profiles: only what changed, all rows of a customer in one transaction, the lock held shortly.

The changed rows go by Arrow into a staging file of their own; the store's own connection
attaches that file and copies. The Arrow driver never opens the live store: it brings a second
SQLite library whose closing would drop the first one's locks.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import adbc_driver_sqlite.dbapi as adbc

from insight_core.catalogue import FACETS, by_facet
from insight_core.pipeline.steps import Steps
from insight_core.store import Store
from insight_core.store.facet_tables import facet_columns
from insight_core.store.lake import BUILT
from insight_core.store.tables import Note

if TYPE_CHECKING:
    from insight_core.pipeline.build import Built

_AT_ONCE = 4_000
_NEVER = -(2**62)


def write_profiles(store: Store, steps: Steps, made: "Built", now: int) -> tuple[int, int]:
    """Bring tables, snapshot and links up to date; gives customers in all and customers changed."""
    con = steps.con.con
    _compare(con, store, steps)
    tables = {"customer": _customer_sql()} | {facet: _facet_sql(facet) for facet in FACETS}
    keyed = {"link": _links_sql("links"), "consent_state": _links_sql("consent_states")}
    path = _stage(con, store, tables | keyed)
    try:
        _copy_over(store, str(path), tables, con)
    finally:
        path.unlink(missing_ok=True)
    _swap_files(con, store, now)
    counts = con.sql("SELECT (SELECT count(*) FROM new_snapshot), (SELECT count(*) FROM changed) + (SELECT count(*) FROM gone)")
    customers, changed = counts.fetchall()[0]
    return int(customers), int(changed)


def _compare(con: Any, store: Store, steps: Steps) -> None:
    """The views new_*, and the tables changed and gone, against what the last build listed."""
    con.execute(f"CREATE OR REPLACE VIEW due AS SELECT * FROM read_parquet('{steps.path('due')}')")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE new_snapshot AS
        SELECT s.*, due_at, hash(s, due_at) AS digest FROM read_parquet('{steps.path('snapshot')}') AS s LEFT JOIN due USING (customer_id)
    """)
    for name, step in (("links", "links"), ("consent_states", "consents")):
        con.execute(f"CREATE OR REPLACE VIEW new_{name} AS SELECT * FROM read_parquet('{steps.path(step)}')")
    for name in BUILT:
        paths = store.lake.paths(name)
        empty = f"SELECT * FROM new_{name} WHERE false"
        con.execute(f"CREATE OR REPLACE VIEW old_{name} AS {f'SELECT * FROM read_parquet({paths})' if paths else empty}")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE changed AS
        SELECT customer_id FROM new_snapshot ANTI JOIN old_snapshot USING (customer_id, digest)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE gone AS
        SELECT customer_id FROM old_snapshot ANTI JOIN new_snapshot USING (customer_id)
    """)


def _customer_sql() -> str:
    item = f"""[evidence_ids[i], sources[i], methods[i],
        nullif(observed[i], {_NEVER})::VARCHAR, nullif(verified[i], {_NEVER})::VARCHAR]"""
    evidence = f"to_json([{item} FOR i IN range(1, len(evidence_ids) + 1)])::VARCHAR"
    return f"SELECT customer_id, kind, name, {evidence} AS evidence, due_at FROM new_snapshot"


def _facet_sql(facet: str) -> str:
    fields = by_facet(facet)
    asserted = [one.name for one in fields if one.origin == "asserted"]
    values = [f"{one.name}::VARCHAR AS {one.name}" if one.type == "date" else one.name for one in fields]
    won = " || ',' || ".join(f"coalesce({name}__pos::VARCHAR, '')" for name in asserted) or "NULL"
    opposed = ", ".join(f"CASE WHEN {name}__conflict THEN '{name}' END" for name in asserted)
    against = f"nullif(concat_ws(',', {opposed}), '')" if asserted else "NULL"
    derived = any(one.origin != "asserted" for one in fields)
    clocks = f"{facet}__at AS derived_at, {facet}__count AS evidence_count" if derived else "NULL::BIGINT AS derived_at, NULL::BIGINT AS evidence_count"
    return f"SELECT customer_id, {', '.join(values)}, {won} AS won, {against} AS opposed, {clocks} FROM new_snapshot"


def _links_sql(name: str) -> str:
    return f"SELECT * FROM (SELECT * FROM new_{name} EXCEPT SELECT * FROM old_{name})"


def _stage(con: Any, store: Store, tables: dict[str, str]) -> Any:
    path = store.tmp / f"staged-{uuid4().hex}.db"
    with adbc.connect(str(path)) as staged, staged.cursor() as cursor:
        for name, query in tables.items():
            if name not in ("link", "consent_state"):
                query = f"SELECT * FROM ({query}) SEMI JOIN changed USING (customer_id) ORDER BY customer_id"
            cursor.adbc_ingest(name, con.sql(query).to_arrow_reader(50_000), mode="create")
        staged.commit()
    return path


def _copy_over(store: Store, path: str, tables: dict[str, str], con: Any) -> None:
    gone = [row[0] for row in con.sql("SELECT customer_id FROM gone ORDER BY 1").fetchall()]
    lost_links = con.sql("SELECT record_id FROM old_links ANTI JOIN new_links USING (record_id)").fetchall()
    lost_consents = con.sql(
        "SELECT customer_id, purpose, channel FROM old_consent_states ANTI JOIN new_consent_states USING (customer_id, purpose, channel)"
    ).fetchall()
    raw = store.engine.raw_connection()
    try:
        raw.execute("ATTACH ? AS staged", (path,))  # type: ignore[attr-defined]
        _upsert(raw, "customer", list(tables))
        _in_chunks(raw, ["link"])
        _in_chunks(raw, ["consent_state"])
        _delete(raw, "link", ("record_id",), lost_links)
        _delete(raw, "consent_state", ("customer_id", "purpose", "channel"), lost_consents)
        for table in tables:
            _delete(raw, table, ("customer_id",), [(one,) for one in gone])
        raw.execute("DETACH staged")  # type: ignore[attr-defined]
    finally:
        raw.close()


def _upsert(raw: Any, first: str, tables: Sequence[str]) -> None:
    _in_chunks(raw, [first, *(name for name in tables if name != first)])


def _in_chunks(raw: Any, tables: Sequence[str]) -> None:
    """Copy the staged rows, the same stretch of customers in every table, one transaction a stretch."""
    most = raw.execute(f"SELECT coalesce(max(rowid), 0) FROM staged.{tables[0]}").fetchone()[0]
    for start in range(0, most, _AT_ONCE):
        raw.execute("BEGIN IMMEDIATE")
        for table in tables:
            names = ", ".join(f'"{row[1]}"' for row in raw.execute(f"PRAGMA staged.table_info({table})"))
            raw.execute(
                f"INSERT OR REPLACE INTO main.{table} ({names}) SELECT {names} FROM staged.{table} WHERE rowid > ? AND rowid <= ?",
                (start, start + _AT_ONCE),
            )
        raw.execute("COMMIT")


def _delete(raw: Any, table: str, key: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    where = " AND ".join(f"{name} = ?" for name in key)
    for start in range(0, len(rows), _AT_ONCE):
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(f"DELETE FROM main.{table} WHERE {where}", rows[start : start + _AT_ONCE])
        raw.execute("COMMIT")


def _swap_files(con: Any, store: Store, now: int) -> None:
    new, old = [], []
    for name in BUILT:
        rows = con.sql(f"SELECT count(*) FROM new_{name}").fetchall()[0][0]
        new += store.lake.put(con, f"SELECT * FROM new_{name}", name, rows)
        old += store.lake.listed(name)
    with store.write() as session:
        store.lake.relist(session, new, old)
        session.merge(Note(name="built_at", value=str(now)))
    store.lake.unlink(old)


__all__ = ["facet_columns", "write_profiles"]
