"""Prints: what each bucket of the base holds, as a digest that changes when it does."""

from collections import defaultdict
from functools import cache
from pathlib import Path

from insight_core.catalogue import catalogue_version
from insight_core.pipeline.plans import code_print
from insight_core.records.ids import digest
from insight_core.store import Store, duck
from insight_core.store.lake import BUCKETS, bucket_sql
from insight_core.store.sql import rows_in
from insight_core.store.tables import LakeFile

# What an answer about the base is counted from, and what tells two rows of it apart.
_ROWS = {"snapshot": "(customer_id, digest)", "consent_states": "one"}

Files = dict[str, list[LakeFile]]


def listed(store: Store) -> Files:
    """The files that the base consists of now."""
    return {name: store.lake.listed(name) for name in _ROWS}


def prints(store: Store, files: Files) -> dict[int, str]:
    """The digest of each bucket: of its files, and of its rows in files that are not sorted in yet."""
    seen: dict[int, list[str]] = defaultdict(list)
    for name, some in files.items():
        for one in some:
            if one.bucket is not None:
                seen[one.bucket].append(one.sha256)
            else:
                for bucket, rows in _unsorted(store, name, one.path).items():
                    seen[bucket].append(f"{name} {rows}")
    return {bucket: digest(code_print(), catalogue_version(), *seen[bucket]) for bucket in range(BUCKETS)}


def _unsorted(store: Store, name: str, path: str) -> dict[int, str]:
    return _by_bucket(store.lake.root / path, name)


@cache
def _by_bucket(path: Path, name: str) -> dict[int, str]:
    """A file's rows by bucket as one number each; its name is its content's digest, so this never changes."""
    query = f"""
        SELECT {bucket_sql("customer_id")}, bit_xor(hash({_ROWS[name]})) || ' ' || count(*)
        FROM {rows_in(path)} AS one GROUP BY 1
    """
    with duck.connect() as con:
        return dict(con.execute(query).fetchall())
