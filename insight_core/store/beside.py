"""Beside: rows that a build or a fix changed, kept beside the buckets until they are many.

One customer in a hundred lies in nearly every bucket, and a bucket of wide rows takes as long to
write for one row as for all. So the rows of whoever changed go to a file of their own, and a list
says in which file the rows of every key that moved lie now: rows of that key in other files are
old, and so are all where it names none. Both are listed like every file of the lake; readers ask
for the relation of the rows that count. A build that finds too many writes the buckets anew.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from insight_core.store.sql import rows_in
from insight_core.store.tables import LakeFile

# Their places in the list, where a bucket has its number.
BESIDE, MOVED = -1, -2
FOLDERS = {"beside": BESIDE, "moved": MOVED}
# Of all rows: beyond that readers pay more than writers save. Nobody who waits for a fix pays for that.
MOST, ANY = 0.05, float("inf")
_SMALL = 256
_MOST_FILES = 8
_NOWHERE = "nowhere"


def relation(root: Path, files: Sequence[LakeFile], key: str | None) -> str:
    """SQL for the rows that count of a dataset's files; `key` names what moves as one."""
    moved = [root / one.path for one in files if one.bucket == MOVED]
    rest = [root / one.path for one in files if one.bucket != MOVED]
    every = rows_in(rest or moved)
    if not moved or not rest:
        return every
    return f"""(SELECT one.* FROM {every} AS one LEFT JOIN {rows_in(moved)} AS moved USING ({key})
        WHERE moved.file IS NULL OR ends_with(one.filename, moved.file))"""


def fits(files: Sequence[LakeFile], keys: int, most: float) -> bool:
    """Whether rows of so many keys more may lie beside, where `most` of all may."""
    rows = sum(one.rows for one in files if one.bucket is None or one.bucket >= 0)
    moved = sum(one.rows for one in files if one.bucket == MOVED)
    return moved + keys <= most * rows


class Moved(NamedTuple):
    """What takes the place of the files `old`: the rows beside, and the list, each once it is written."""

    rows: pa.Table
    where: dict[str, str]
    old: list[LakeFile]

    def list_of(self, key: str, path: str) -> pa.Table:
        """The list, once the rows lie at that path."""
        here = dict.fromkeys(self.rows[key].to_pylist(), path)
        where = self.where | here
        return pa.table({key: pa.array(where, pa.string()), "file": pa.array(where.values(), pa.string())})


def moved(root: Path, files: Sequence[LakeFile], key: str, rows: pa.Table, keys: Sequence[str]) -> Moved:
    """Lay the newest rows of these keys beside; small files that lie there already are taken in."""
    lists = [one for one in files if one.bucket == MOVED]
    where = {name: file for one in lists for name, file in zip(*_columns(root / one.path, key), strict=True)}
    where |= dict.fromkeys(keys, _NOWHERE)
    beside = [one for one in files if one.bucket == BESIDE]
    taken = [one for one in beside if one.rows <= max(_SMALL, rows.num_rows)]
    if len(beside) - len(taken) >= _MOST_FILES:
        taken = beside
    parts = [rows, *(_counting(root, one, key, where) for one in taken)]
    together = pa.concat_tables(part.cast(rows.schema) for part in parts)
    return Moved(together.sort_by(key), where, [*lists, *taken])


def _columns(path: Path, key: str) -> tuple[list[Any], list[Any]]:
    table = pq.read_table(path)
    return table[key].to_pylist(), table["file"].to_pylist()


def _counting(root: Path, one: LakeFile, key: str, where: dict[str, str]) -> pa.Table:
    """The file's rows that count."""
    table = pq.ParquetFile(root / one.path).read()
    return table.filter(pc.equal(pa.array([where[name] for name in table[key].to_pylist()], pa.string()), one.path))
