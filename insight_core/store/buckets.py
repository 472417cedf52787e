"""Buckets: rows that come in their order, cut into one Parquet file for each bucket.

Arrow writes them, for a wide row in small buckets: the engine's own partitions take three times as long where a file
has hundreds of columns and few rows.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

# By what the rows of a file lie, where it is not record and evidence.
ORDER = {
    "interactions": "record_id, occurred_at, evidence",
    "usage": "record_id, occurred_at, evidence",
    "consents": "record_id, decided_at, evidence",
    "quarantine": "batch, file, line",
    "dirty": "record_id",
    "snapshot": "customer_id",
    "links": "record_id",
    "consent_states": "customer_id, purpose, channel",
    "places": "customer_id, place",
    "contact_counts": "customer_id, channel, hour, tone, direction, outcome",
}
_WRITERS = 2
# Few enough that looking up one record does not unpack a whole bucket.
_ROW_GROUP = 20_000


def write_buckets(rows: pa.RecordBatchReader, folder: Path) -> None:
    """Write `bucket=N/one.parquet` for each value of the column `bucket`, by which the rows are sorted."""
    pending: deque[Future[None]] = deque()
    with ThreadPoolExecutor(_WRITERS) as pool:
        for bucket, table in _cut(rows):
            pending.append(pool.submit(_write, table, folder / f"bucket={bucket}"))
            if len(pending) > _WRITERS:
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
