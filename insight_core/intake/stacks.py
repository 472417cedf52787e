"""Stacks: typed rows put down as Arrow files, by the bucket in which they will lie, refused ones apart.

Whoever puts them in order asks for some buckets at a time. A Parquet file took longer to pack, and was unpacked as
often as they asked; these are written and read about as quickly as memory is copied.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from pyarrow import ipc

from insight_core.store.buckets import lying_in

STACKS = 16
ROWS = 65_536  # cut up at a time
_FEW = 10_000  # too few to be cut up
_LOOSE, _REFUSED = "loose", "refused"
_OF_A_FAULT = ["faults", "raw"]


class Stacks:
    """The rows of one table by stack: good ones without `faults` and `raw`, refused ones with them.

    Rows that carry no `bucket`, or come few at a time, lie loose. `told` counts what the rows say, by column.
    """

    def __init__(self, folder: Path, rows: pa.RecordBatchReader) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._writers: dict[str, ipc.RecordBatchFileWriter] = {}
        self.good = self.bad = 0
        self.told: Counter[str] = Counter()
        with ExitStack() as self._opened:
            self._begin(_REFUSED, rows.schema)
            self._begin(_LOOSE, pa.schema([one for one in rows.schema if one.name not in _OF_A_FAULT]))
            for batch in rows:
                self._sort(batch)

    def paths(self) -> Iterator[tuple[str, Path]]:
        """Every stack with its file."""
        return ((name, self._path(name)) for name in self._writers)

    def _sort(self, batch: pa.RecordBatch) -> None:
        refused = batch["faults"].is_valid().to_numpy(zero_copy_only=False)
        good = np.flatnonzero(~refused)
        if len(good) < batch.num_rows:
            self._put(_REFUSED, batch.filter(pa.array(refused)))
        self.bad += batch.num_rows - len(good)
        self.good += len(good)
        batch = batch.drop_columns(_OF_A_FAULT)
        for name, one in zip(batch.schema.names, batch, strict=True):
            self.told[name] += len(one) - one.null_count
        for stack, rows in _cut(batch, good):
            self._put(stack, rows)

    def _put(self, name: str, rows: pa.RecordBatch) -> None:
        if name not in self._writers:
            self._begin(name, rows.schema)
        self._writers[name].write_batch(rows)

    def _begin(self, name: str, schema: pa.Schema) -> None:
        # A refused row says the same things over and over.
        options = ipc.IpcWriteOptions(compression="zstd" if name == _REFUSED else None)
        self._writers[name] = self._opened.enter_context(ipc.new_file(str(self._path(name)), schema, options=options))

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.arrow"


class Stacked:
    """The rows of some Arrow files, one after another, for an engine to read as often as it likes.

    A mapped file costs nothing for columns that nobody asks for, and as much memory as is looked at.
    """

    def __init__(self, paths: Sequence[Path], *, mapped: bool) -> None:
        self._paths, self._opened = paths, pa.memory_map if mapped else pa.OSFile

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """A stream over the rows as they lie on the disk."""
        with ipc.open_file(str(self._paths[0])) as first:
            schema = first.schema
        return pa.RecordBatchReader.from_batches(schema, self._batches()).__arrow_c_stream__(requested_schema)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        for path in self._paths:
            opened = ipc.open_file(self._opened(str(path)))
            yield from (opened.get_batch(number) for number in range(opened.num_record_batches))


class Together:
    """The stacks of several tables, as relations in an engine."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, tables: Iterable[Stacks]) -> None:
        self._engine = engine
        self._paths: defaultdict[str, list[Path]] = defaultdict(list)
        for name, path in (one for table in tables for one in table.paths()):
            self._paths[name].append(path)

    def refused(self) -> str:
        """SQL for the refused rows."""
        return f"FROM {self._relation(_REFUSED, [_REFUSED], mapped=False)}"

    def good(self, buckets: Sequence[int] | None = None) -> str:
        """SQL for the good rows, or for those that lie in some buckets.

        They are one relation: each of several would take memory for itself in every join.
        """
        if buckets is None:
            return f"FROM {self._relation('all', self._paths.keys() - {_REFUSED}, mapped=True)}"
        near = {str(one % STACKS) for one in buckets} & self._paths.keys()
        name = "_".join(sorted(near))
        return f"FROM {self._relation(name, {_LOOSE, *near}, mapped=False)} WHERE {lying_in(buckets)}"

    def _relation(self, name: str, stacks: Iterable[str], *, mapped: bool) -> str:
        relation = f"stacked_{name}"
        paths = [path for one in sorted(stacks) for path in self._paths[one]]
        self._engine.register(relation, Stacked(paths, mapped=mapped))
        return relation


def _cut(batch: pa.RecordBatch, good: np.ndarray[Any, np.dtype[np.int64]]) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The good rows by stack, each taken once."""
    if len(good) < _FEW or "bucket" not in batch.schema.names:
        yield _LOOSE, batch if len(good) == batch.num_rows else batch.take(pa.array(good))
        return
    stack = batch["bucket"].to_numpy()[good] % STACKS
    order = np.argsort(stack, kind="stable")
    rows, ends = batch.take(pa.array(good[order])), np.searchsorted(stack[order], range(STACKS + 1))
    for number in range(STACKS):
        yield str(number), rows.slice(ends[number], ends[number + 1] - ends[number])
