"""Dirty: records whose rows were taken out since the last build, listed with what took them out.

What came shows by its batch; what went is not there to be seen. So whoever takes rows out of the
lake lists the records they were about in the same transaction, and the next build strikes the list.
"""

from collections.abc import Sequence
from typing import Any

from insight_core.store import Store
from insight_core.store.sql import rows_in
from insight_core.store.tables import LakeFile

DIRTY = "dirty"
_ENDS = {
    "parties": ("record_id",),
    "interactions": ("record_id", "counterpart_id"),
    "usage": ("record_id",),
    "consents": ("record_id",),
}


def ends_of(dataset: str, rows: str) -> str:
    """SQL for the records that rows of a dataset are about, both ends of a contact; none for what is about nobody."""
    ends = _ENDS.get(dataset, ())
    parts = [f"SELECT {end} AS record_id FROM ({rows}) WHERE {end} IS NOT NULL" for end in ends]
    return " UNION ".join(parts) or "SELECT NULL::VARCHAR AS record_id WHERE false"


def note_dirty(con: Any, store: Store, dataset: str, files: Sequence[LakeFile], which: str) -> list[LakeFile]:
    """A list of the records behind the rows that are to go, for the caller to list in the same transaction."""
    paths = [store.lake.root / one.path for one in files]
    rows = f"SELECT * FROM {rows_in(paths)} WHERE {which}"
    con.execute(f"CREATE OR REPLACE TEMP TABLE going AS {ends_of(dataset, rows)}")
    count = con.execute("SELECT count(*) FROM going").fetchall()[0][0]
    return store.lake.put(con, "FROM going", DIRTY, int(count))


def dirty_files(store: Store) -> list[LakeFile]:
    """The lists that wait for the next build."""
    return store.lake.listed(DIRTY)
