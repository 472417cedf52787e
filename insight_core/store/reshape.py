"""Reshape: the files of an older release get the columns that this one knows, as migrations do it for the tables.

What a field that is new would have said of the evidence of before is unknown, and of profiles it is until the next
build; a column that is no more goes. Readers then need not ask which release wrote a file.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from insight_core.records.datasets import LASTING, columns
from insight_core.records.ids import digest
from insight_core.store import duck
from insight_core.store.beside import MOVED
from insight_core.store.sql import rows_in
from insight_core.store.tables import LakeFile, Note

if TYPE_CHECKING:
    from insight_core.store.engine import Store

_SHAPE = "shape"


def reshape(store: "Store") -> None:
    """Write anew, once after an update, whatever has other columns than today's; all of it counts at once.

    A file that cannot be read stays as it is, for `verify` to tell. Raises Busy when others load or build too long.
    """
    if _done(store):
        return
    with store.turn("bringing the files of an older release up to date", lambda _: None):
        new, old = ({}, []) if _done(store) else _all_anew(store)
        with store.write(quiet=not old) as session:
            store.lake.relist(session, list(new.values()), old)
            session.merge(Note(name=_SHAPE, value=_shape()))
        store.lake.unlink(old)


def _done(store: "Store") -> bool:
    with store.read() as session:
        note = session.get(Note, _SHAPE)
        return note is not None and note.value == _shape()


def _all_anew(store: "Store") -> tuple[dict[str, LakeFile], list[LakeFile]]:
    """The files to list, each by the path of the one whose place it takes, and those."""
    new: dict[str, LakeFile] = {}
    old: list[LakeFile] = []
    with duck.connect() as con:
        # lists of who moved come last, as their paths have it
        for one in (one for dataset in LASTING for one in store.lake.listed(dataset)):
            for table in _anew(con, store.lake.root, one, new):
                new[one.path] = store.lake.put_file(table, one.dataset, Path(one.path).parent.name)
                old.append(one)
    return new, old


@cache
def _shape() -> str:
    """A print of every column that may lie in a file."""
    return digest(*(f"{dataset} {name} {kind}" for dataset in LASTING for name, kind in columns(dataset).items()))


def _anew(con: Any, root: Path, one: LakeFile, new: Mapping[str, LakeFile]) -> Iterator[pa.Table]:
    """The rows of a file that is to be another; nothing for one that may stay."""
    if one.bucket == MOVED:
        yield from _pointing(pq.read_table(root / one.path), new)
        return
    wanted = columns(one.dataset)
    try:
        there = {row[0]: row[1] for row in con.execute(f"DESCRIBE FROM {rows_in(root / one.path)}").fetchall()}
        if there != wanted:
            said = ", ".join(f'{_said(there, name, kind)} AS "{name}"' for name, kind in wanted.items())
            yield con.sql(f"SELECT {said} FROM {rows_in(root / one.path)}").to_arrow_table()
    except duckdb.Error:
        return


def _said(there: Mapping[str, str], name: str, kind: str) -> str:
    """What a file says in a column, as today's type; what cannot be said in that is unknown."""
    return f'TRY_CAST("{name}" AS {kind})' if name in there else f"NULL::{kind}"


def _pointing(moved: pa.Table, new: Mapping[str, LakeFile]) -> Iterator[pa.Table]:
    """The list of who moved, where a file that it names has another name now."""
    names = moved["file"].to_pylist()
    if any(name in new for name in names):
        now = [new[name].path if name in new else name for name in names]
        yield moved.set_column(moved.schema.get_field_index("file"), "file", pa.array(now, pa.string()))
