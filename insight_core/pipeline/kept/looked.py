"""Looked at: the rows that shares are counted from, and under which numbers.

To plan a wide statement takes longer than to compute it for a few. So whoever moved is looked at once, as they stood
and as they stand: an old row has a mark behind its customer's id, by which it finds the consents of that time.
"""

from collections.abc import Callable, Collection
from functools import partial
from typing import NamedTuple

from insight_core.pipeline.kept.parts import Part, place
from insight_core.pipeline.kept.prints import Files, is_beside, lists_of_moved, moved_keys
from insight_core.store import Store
from insight_core.store.beside import MOVED
from insight_core.store.buckets import bucket_sql
from insight_core.store.sql import rows_in, text
from insight_core.store.tables import LakeFile

_OLD = "-"


class Looked(NamedTuple):
    """Rows that are looked at together: SQL for those of a dataset, and for the place that a customer is counted in."""

    rows: Callable[[str], str]
    place: str


def everybody(store: Store, files: Files, buckets: Collection[int]) -> Looked:
    """Everybody in the buckets as they stand now."""
    return Looked(lambda name: f"SELECT * FROM {_rows(store, files[name], buckets)}", bucket_sql("customer_id"))


def settled(store: Store, files: Files, buckets: Collection[int]) -> Looked:
    """Everybody as they stand in the buckets' files."""
    there = {name: [one for one in some if not is_beside(one)] for name, some in files.items()}
    return everybody(store, there, buckets)


def moved(store: Store, files: Files, buckets: Collection[int]) -> Looked:
    """Whoever moved, twice: as they stand in the buckets' files, and as they stand now."""
    base = place(Part.LEFT, 0), place(Part.CAME, 0)
    shift = f"CASE WHEN ends_with(customer_id, {text(_OLD)}) THEN {base[0]} ELSE {base[1]} END"
    return Looked(partial(_both, store, files, buckets), f"{bucket_sql('customer_id')} + {shift}")


def _both(store: Store, files: Files, buckets: Collection[int], name: str) -> str:
    listed = files[name]
    new = [one for one in listed if is_beside(one)]
    if moved_keys(store, files) != moved_keys(store, {name: listed}):
        new = listed  # not all of them lie there
    old = [one for one in listed if not is_beside(one)]
    those = f"SEMI JOIN {rows_in(lists_of_moved(store, files))} AS moved USING (customer_id)"
    left, came = (f"{_rows(store, some, buckets, listed)} AS one {those}" for some in (old, new))
    marked = f"SELECT * REPLACE (customer_id || {text(_OLD)} AS customer_id) FROM (SELECT one.* FROM {left})"
    return f"{marked} UNION ALL BY NAME SELECT one.* FROM {came}"


def _rows(store: Store, some: list[LakeFile], buckets: Collection[int], at_least: list[LakeFile] | None = None) -> str:
    """The relation of the rows that count in those of the files that lie near, or one without rows."""
    near = [one for one in some if one.bucket is None or one.bucket < 0 or one.bucket in buckets]
    if any(one.bucket != MOVED for one in near):
        return store.lake.rows_of(near)
    return f"(SELECT * FROM {store.lake.rows_of(at_least or some)} WHERE false)"
