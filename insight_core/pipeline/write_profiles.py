"""Write profiles: only what changed, all rows of a customer in one transaction, the lock held shortly."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlmodel import col, delete

from insight_core.catalogue import FACETS, by_facet
from insight_core.pipeline.compare import compare, differing, merged
from insight_core.pipeline.due import count_customers
from insight_core.pipeline.scope import buckets
from insight_core.pipeline.steps import Steps
from insight_core.store import Store
from insight_core.store.beside import fits
from insight_core.store.buckets import BUILT
from insight_core.store.database import Lost, Rows
from insight_core.store.sql import texts, untold
from insight_core.store.tables import LakeFile, Note

_WRITING = "writing"
_FEW = 1_000
_NEVER = -(2**62)
_CUSTOMER = ("customer_id",)
_KEYS = {
    "link": ("links", ("record_id",)),
    "consent_state": ("consent_states", ("customer_id", "purpose", "channel")),
}


# Whoever has other records now is written all the same: somebody else may have theirs.
_NOT_LATE = """customer_id NOT IN (
    SELECT customer_id FROM late EXCEPT SELECT customer_id FROM (FROM more_links UNION FROM fewer_links))"""


def write_profiles(store: Store, steps: Steps, now: int, most: float, late: Sequence[str] = ()) -> tuple[int, int]:
    """Bring tables, snapshot and links up to date; gives customers in all and customers changed.

    What changed is laid beside the buckets; where that would be more than `most` of all, they are written anew.
    Of customers who are `late`, somebody has written more than this build knows, and it is looked at again.
    """
    con = steps.con
    half = torn(store)
    compare(steps, half, now)
    steps.listed("late", "customer_id", () if half else late)
    tables = {"customer": customer_sql()} | {facet: facet_sql(facet) for facet in FACETS}
    profiles = {table: query for table, query in tables.items() if table not in steps.untouched}
    changed = _count(con, "SELECT (SELECT count(*) FROM changed) + (SELECT count(*) FROM gone)")
    others = sum(_count(con, f"SELECT count(*) FROM more_{view}") for view, _ in _KEYS.values())
    few = changed + others <= _FEW and not half
    written = profiles if changed or not few else {}
    if not few and not half and not steps.known("snapshot"):
        written = _told(steps, written)
    put = _put(store, steps, _rows(steps, written), few, half)
    files = _Files([], [], set())
    # files count once they are listed, which they are when the tables are written
    steps.side_by_side(put, partial(_rewrite, store, steps, half, most, files), idle=True)
    _list(store, now, files)
    return count_customers(store), changed


def _put(store: Store, steps: Steps, rows: Rows, few: bool, half: bool) -> Callable[[], None]:
    """What brings the rows into their tables; many are put down at once, which keeps the engine's threads at work."""
    if few:
        return partial(store.database.put_few, rows)
    return partial(store.database.take_over, store.database.put_down(rows, steps.folder), half)


class _Files(NamedTuple):
    """Files to list and to unlist, and the buckets of whoever changed."""

    new: list[LakeFile]
    old: list[LakeFile]
    touched: set[int]


def torn(store: Store) -> bool:
    """Whether a write was cut off between the tables and the files beside them: everybody is to be written again."""
    with store.read() as session:
        return session.get(Note, _WRITING) is not None


def _rows(steps: Steps, profiles: dict[str, str]) -> Rows:
    """What changed in the tables of the profiles, and in the others."""
    written = {
        table: f"SELECT * FROM ({query}) SEMI JOIN changed USING (customer_id) WHERE {_NOT_LATE} ORDER BY customer_id"
        for table, query in profiles.items()
    }
    others = tuple({table: f"FROM more_{view}"} for table, (view, _) in _KEYS.items())
    keys = dict.fromkeys(profiles, _CUSTOMER) | {table: key for table, (_, key) in _KEYS.items()}
    lost = list(_lost(steps.con, profiles))
    return Rows(steps, (written, *others) if written else others, keys, lost, _WRITING)


def _told(steps: Steps, profiles: dict[str, str]) -> dict[str, str]:
    """The same without what is untold of everybody, which an empty table need not be told."""
    nothing = untold(steps.con, "FROM new_snapshot")
    told = f"COLUMNS(lambda name: name NOT IN ({texts(nothing)}))" if nothing else "*"
    return {table: f"SELECT {told} FROM ({query})" for table, query in profiles.items()}


def _lost(con: Any, profiles: Iterable[str]) -> Iterator[Lost]:
    for table, (view, key) in _KEYS.items():
        names = ", ".join(key)
        query = f"SELECT {names} FROM fewer_{view} ANTI JOIN new_{view} USING ({names})"
        yield Lost(table, key, con.sql(query).fetchall())
    gone = con.sql("SELECT customer_id FROM gone ORDER BY 1").fetchall()
    for table in profiles:
        yield Lost(table, _CUSTOMER, gone)


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


def _rewrite(store: Store, steps: Steps, half: bool, most: float, files: _Files) -> None:
    """Write what was made in place of what is another than before."""
    for name in BUILT:
        listed = store.lake.listed(name)
        if listed and not half:
            changed = _count(steps.con, f"SELECT count(*) FROM ({differing(name)})")
            if not changed:
                continue
            if fits(listed, changed, most):
                _lay_beside(store, steps, name, files)
                continue
        rows = _count(steps.con, f"SELECT count(*) FROM ({merged(steps, name)})")
        files.new.extend(store.lake.put_parts(steps.con, partial(merged, steps, name), name, rows))
        files.old.extend(listed)


def _lay_beside(store: Store, steps: Steps, name: str, files: _Files) -> None:
    keys = [row[0] for row in steps.rows(differing(name))]
    steps.listed("moving", BUILT[name], keys)
    rows = steps.con.sql(f"FROM new_{name} SEMI JOIN moving USING ({BUILT[name]})").to_arrow_table()
    made, replaced = store.lake.put_beside(name, rows, keys)
    files.new.extend(made)
    files.old.extend(replaced)
    files.touched.update(buckets(keys) if name == "snapshot" else ())


def _list(store: Store, now: int, files: _Files) -> None:
    with store.write() as session:
        store.lake.relist(session, *files)
        session.merge(Note(name="built_at", value=str(now)))
        session.exec(delete(Note).where(col(Note.name) == _WRITING))
    if files.old:
        store.lake.unlink(files.old)
