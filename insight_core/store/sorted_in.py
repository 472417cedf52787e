"""Sorted in: the rows of a query as Parquet files, many of them put in order and cut into one file for each bucket.

Arrow writes those, for a wide row in small buckets: the engine's own partitions take three times as long where a file
has hundreds of columns and few rows.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from insight_core.records.datasets import DATASETS
from insight_core.store.buckets import BUCKETS, BUILT, KEPT, bucket_sql, key_of, order_of
from insight_core.store.sql import text

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
_WRITERS = 2
# Few enough that looking up one record does not unpack a whole bucket.
_ROW_GROUP = 20_000


def write_rows(con: Any, query: Rows, dataset: str, rows: int, folder: Path) -> None:
    """Write the rows into the folder: few as `0.parquet`, many as `bucket=N/one.parquet`.

    No more is looked for and put in order at once than fits.
    """
    in_buckets = rows >= (SMALL_BUILT if dataset in BUILT else SMALL) and dataset in (*DATASETS, *BUILT, *KEPT)
    for part, buckets in enumerate(at_once(con, query(None), key_of(dataset), rows)):
        if in_buckets:
            _sorted_in(con, query(buckets), dataset, folder)
        else:
            _as_one(con, query(buckets), dataset, folder / f"{part}.parquet", in_order=rows < SMALL)


def at_once(con: Any, query: str, key: str, rows: int) -> Sequence[range | None]:
    """The buckets of a query's rows by their key in parts of which each fits; None for all at once.

    Rows without the key lie in no bucket.
    """
    names = [row[0] for row in con.execute(f"DESCRIBE {query}").fetchall()]
    parts = min(BUCKETS, rows * max(_CELLS_EACH, len(names)) // _CELLS_AT_ONCE)
    return [range(part, BUCKETS, parts) for part in range(parts)] if parts > 1 and key in names else [None]


def _sorted_in(con: Any, query: str, dataset: str, folder: Path) -> None:
    bucket = bucket_sql(key_of(dataset))
    rows = con.sql(f"SELECT *, {bucket} AS bucket FROM ({query}) ORDER BY bucket, {order_of(dataset)}")
    _write_buckets(rows.to_arrow_reader(_BATCH), folder)


def _as_one(con: Any, query: str, dataset: str, path: Path, *, in_order: bool) -> None:
    """One file. Many rows that lie in no bucket are read through by whoever asks: their order would help nobody."""
    rows = f"SELECT * FROM ({query}) {f'ORDER BY {order_of(dataset)}' if in_order else ''}"
    con.execute(f"COPY ({rows}) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd)")


def _write_buckets(rows: pa.RecordBatchReader, folder: Path) -> None:
    """Write `bucket=N/one.parquet` for each value of the column `bucket`, by which the rows are sorted."""
    pending: deque[Future[None]] = deque()
    with ThreadPoolExecutor(_WRITERS) as pool:
        for bucket, table in _cut(rows):
            pending.append(pool.submit(_write, table, folder / f"bucket={bucket}"))
            if len(pending) >= _WRITERS:
                pending.popleft().result()
        for one in pending:
            one.result()


def _cut(rows: pa.RecordBatchReader) -> Iterator[tuple[int, pa.Table]]:
    """Every bucket with its rows, however they lie in batches."""
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
    # Dictionaries make texts quicker to read; of numbers they make larger files that take longer to write.
    texts = [one.name for one in table.schema if pa.types.is_string(one.type)]
    pq.write_table(table, path, compression="zstd", row_group_size=_ROW_GROUP, store_schema=False, use_dictionary=texts)
