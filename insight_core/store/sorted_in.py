"""Sorted in: the rows of a query as Parquet files, many of them put in order and cut into one file for each bucket.

Arrow writes those, for a wide row in small buckets: the engine's own partitions take three times as long where a file
has hundreds of columns and few rows.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from insight_core.records.datasets import DATASETS, columns
from insight_core.store.buckets import BUCKETS, BUILT, KEPT, bucket_sql, key_of, order_of
from insight_core.store.sql import listed, text, untold

# A query of the rows of some buckets, or of all.
Rows = Callable[[Sequence[int] | None], str]

SMALL = 50_000
# What a build makes is read by bucket whenever somebody changes.
SMALL_BUILT = 5_000
_BATCH = 8_192
# Rows are put in order in memory: some hundred megabytes for so many cells, some gigabytes where texts are long.
_CELLS_AT_ONCE = 100_000_000
# A narrow row takes its place too, and may be looked for among as many others.
_CELLS_EACH = 20
# Rows that carry their bucket are soon found again: so few at once that they are put in order without the disk.
_FINER, _MOST_FINE = 16, 16
_WRITERS = 2
# Few enough that looking up one record does not unpack a whole bucket.
_ROW_GROUP = 20_000
_TOLD_BY = 1_000
# What rows are looked for by: of other columns nobody asks the least and the greatest, which take a quarter of the time
# of writing a wide file.
_LOOKED_FOR = ("record_id", "customer_id")


def write_rows(con: Any, query: Rows, dataset: str, rows: int, folder: Path, alike: Mapping[str, str]) -> None:
    """Write the rows into the folder: few as `0.parquet`, many as `bucket=N/one.parquet`.

    No more is looked for and put in order at once than fits. What all rows have `alike` is put beside them at the end.
    """
    if rows >= (SMALL_BUILT if dataset in BUILT else SMALL) and dataset in (*DATASETS, *BUILT, *KEPT):
        _sort(con, query, dataset, rows, folder, alike)
        return
    parts = [query(buckets) for buckets in at_once(con, query(None), key_of(dataset), rows)]
    for number, part in enumerate(parts):
        whole = f"SELECT {listed(columns(dataset))} FROM (SELECT *, {_said(alike)} FROM ({part}))" if alike else part
        _as_one(con, whole, dataset, folder / f"{number}.parquet", in_order=rows < SMALL)


def _sort(con: Any, query: Rows, dataset: str, rows: int, folder: Path, alike: Mapping[str, str]) -> None:
    """The same for many. What is untold of everybody need not be put in order: of a snapshot that is a good half."""
    names = list(columns(dataset)) if alike else [name for name in _names(con, query(None)) if name != "bucket"]
    nothing = {name: f"NULL::{kind}" for name, kind in untold(con, query(None)).items()} if dataset in BUILT else {}
    left = f"SELECT * EXCLUDE ({listed(nothing)}) FROM" if nothing else "FROM"
    parts = [f"{left} ({query(buckets)})" for buckets in at_once(con, f"{left} ({query(None)})", key_of(dataset), rows)]
    same = con.sql(f"SELECT {_said({**alike, **nothing})}").to_arrow_table() if alike or nothing else None
    buckets = (one for part in parts for one in _cut(_in_order(con, part, dataset)))
    _write_buckets(((number, _whole(table, names, same)) for number, table in buckets), folder)


def at_once(con: Any, query: str, key: str, rows: int) -> Sequence[range | None]:
    """The buckets of a query's rows by their key in parts of which each fits; None for all at once.

    Rows without the key lie in no bucket.
    """
    names = _names(con, query)
    cells = rows * max(_CELLS_EACH, len(names))
    fine = min(_MOST_FINE, cells * _FINER // _CELLS_AT_ONCE) if "bucket" in names else 0
    # a power of two, as the stacks are in which many rows lie already
    parts = min(BUCKETS, 1 << (max(fine, cells // _CELLS_AT_ONCE, 1) - 1).bit_length())
    return [range(part, BUCKETS, parts) for part in range(parts)] if parts > 1 and key in names else [None]


def _names(con: Any, query: str) -> list[str]:
    return [row[0] for row in con.execute(f"DESCRIBE {query}").fetchall()]


def _said(alike: Mapping[str, str]) -> str:
    return ", ".join(f'{value} AS "{name}"' for name, value in alike.items())


def _whole(table: pa.Table, names: Sequence[str], same: pa.Table | None) -> pa.Table:
    """The rows with what they have alike, of which there is one row: to carry that through a sort would be dear."""
    if same is None:
        return table
    for name in same.column_names:
        table = table.append_column(name, pa.repeat(same[name][0], table.num_rows))
    return table.select(names)


def _in_order(con: Any, query: str, dataset: str) -> pa.RecordBatchReader:
    """The rows by bucket and, in each, as they are to lie."""
    bucket = "" if "bucket" in _names(con, query) else f", {bucket_sql(key_of(dataset))} AS bucket"
    rows = con.sql(f"SELECT *{bucket} FROM ({query}) ORDER BY bucket, {order_of(dataset)}")
    reader: pa.RecordBatchReader = rows.to_arrow_reader(_BATCH)
    return reader


def _as_one(con: Any, query: str, dataset: str, path: Path, *, in_order: bool) -> None:
    """One file. Many rows that lie in no bucket are read through by whoever asks: their order would help nobody."""
    rows = f"SELECT * FROM ({query}) {f'ORDER BY {order_of(dataset)}' if in_order else ''}"
    con.execute(f"COPY ({rows}) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd)")


def _write_buckets(buckets: Iterable[tuple[int, pa.Table]], folder: Path) -> None:
    """Write `bucket=N/one.parquet` for each, while the rows of the next are looked for."""
    pending: deque[Future[None]] = deque()
    with ThreadPoolExecutor(_WRITERS) as pool:
        for bucket, table in buckets:
            pending.append(pool.submit(_write, table, folder / f"bucket={bucket}"))
            if len(pending) >= _WRITERS:
                pending.popleft().result()
        for one in pending:
            one.result()


def _cut(rows: pa.RecordBatchReader) -> Iterator[tuple[int, pa.Table]]:
    """Every bucket with its rows, by which they are sorted, however they lie in batches."""
    held: list[pa.RecordBatch] = []
    now = -1
    for batch in rows:
        marks = batch.column("bucket").to_numpy()
        bare = batch.drop_columns(["bucket"])
        for start, end in pairwise([0, *(np.flatnonzero(np.diff(marks)) + 1), len(marks)]):
            if held and marks[start] != now:
                yield now, pa.Table.from_batches(held)
                held = []
            now = int(marks[start])
            held.append(bare.slice(start, end - start))
    if held:
        yield now, pa.Table.from_batches(held)


def _write(table: pa.Table, folder: Path) -> None:
    folder.mkdir()
    write_file(table, folder / "one.parquet")


def write_file(table: pa.Table, path: Path) -> None:
    """Write one Parquet file of the lake."""
    # Dictionaries make texts quicker to read that come again; of numbers and of texts that are all different they make
    # larger files that take longer to write.
    texts = [one.name for one in table.schema if pa.types.is_string(one.type) and _comes_again(table[one.name])]
    pq.write_table(
        table,
        path,
        compression="zstd",
        row_group_size=_ROW_GROUP,
        store_schema=False,
        use_dictionary=texts,
        write_statistics=[name for name in table.column_names if name in _LOOKED_FOR],
    )


def _comes_again(column: pa.ChunkedArray) -> bool:
    """Whether the column's texts come more than once, as far as a thousand of them tell."""
    some = column[:_TOLD_BY]
    return bool(pc.count_distinct(some).as_py() * 2 <= len(some))
