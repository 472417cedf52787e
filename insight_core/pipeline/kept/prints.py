"""Prints: what each bucket of the base holds, as a digest that changes when it does."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pyarrow.parquet as pq

from insight_core.catalogue import catalogue_version
from insight_core.pipeline.kept.parts import Part, place
from insight_core.pipeline.plans import code_print
from insight_core.records.ids import digest
from insight_core.store import Store, duck
from insight_core.store.beside import BESIDE, MOVED
from insight_core.store.buckets import BUCKETS, bucket_sql
from insight_core.store.tables import LakeFile

# What an answer about the base is counted from, and what tells two rows of it apart.
_ROWS = {"snapshot": "(customer_id, digest)", "consent_states": "one"}

Files = dict[str, list[LakeFile]]


def listed(store: Store) -> Files:
    """The files that the base consists of now."""
    return {name: store.lake.listed(name) for name in _ROWS}


def prints(store: Store, files: Files) -> dict[int, str]:
    """The digest of each bucket: of its files, and of its rows in files that lie in no bucket."""
    seen: dict[int, list[str]] = defaultdict(list)
    for name, some in files.items():
        for one in some:
            if one.bucket is not None and one.bucket >= 0:
                seen[one.bucket].append(one.sha256)
        for bucket, rows in _outside(store, name, some).items():
            seen[bucket].append(f"{name} {rows}")
    return {bucket: digest(code_print(), catalogue_version(), *seen[bucket]) for bucket in range(BUCKETS)}


def prints_of_parts(store: Store, files: Files) -> dict[int, str]:
    """The same by the places of the parts; where nothing moved there is only the settled one."""
    settled = prints(store, {name: [one for one in some if not is_beside(one)] for name, some in files.items()})
    seen: dict[int, list[str]] = defaultdict(list)
    for name, some in files.items():
        for bucket, rows in _outside(store, name, [one for one in some if is_beside(one)]).items():
            seen[bucket].append(f"{name} {rows}")
    moved = {bucket: digest(settled[bucket], *told) for bucket, told in seen.items()}
    return {
        **{place(Part.SETTLED, bucket): one for bucket, one in settled.items()},
        **{place(part, bucket): one for bucket, one in moved.items() for part in (Part.LEFT, Part.CAME)},
    }


def is_beside(one: LakeFile) -> bool:
    """Whether the file holds, or lists, what moved."""
    return one.bucket in (BESIDE, MOVED)


def moved_keys(store: Store, files: Files) -> frozenset[str]:
    """The customers of whom a row moved."""
    return _keys_in(tuple(str(path) for path in lists_of_moved(store, files)))


def lists_of_moved(store: Store, files: Files) -> list[Path]:
    """The files that name them."""
    return [store.lake.root / one.path for some in files.values() for one in some if one.bucket == MOVED]


@lru_cache(maxsize=64)
def _keys_in(paths: tuple[str, ...]) -> frozenset[str]:
    # a file is named by its digest, so it never changes
    return frozenset(key for path in paths for key in pq.read_table(path, columns=["customer_id"])[0].to_pylist())


def _outside(store: Store, name: str, files: Sequence[LakeFile]) -> dict[int, str]:
    """By bucket, what files that lie in none say of it: their rows that count, and the keys that moved."""
    rest = [one for one in files if one.bucket is None or one.bucket == BESIDE]
    moved = [one for one in files if one.bucket == MOVED]
    found: dict[int, str] = defaultdict(str)
    for row, some in ((_ROWS[name], rest and [*rest, *moved]), ("customer_id", moved)):
        relation = store.lake.rows_of(some) if some else ""
        for bucket, rows in _by_bucket(relation, row).items():
            found[bucket] += f" {row} {rows}"
    return found


@lru_cache(maxsize=256)
def _by_bucket(relation: str, row: str) -> dict[int, str]:
    """A relation's rows by bucket as one number each: its files are named by their digests, so it never changes."""
    if not relation:
        return {}
    what = f"{bucket_sql('customer_id')}, bit_xor(hash({row})) || ' ' || count(*)"
    with duck.connect() as con:
        return dict(con.execute(f"SELECT {what} FROM {relation} AS one GROUP BY 1").fetchall())
