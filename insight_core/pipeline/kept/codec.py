"""Codec: everybody's scores of a bucket as a text that a table can hold."""

from base64 import b64decode, b64encode
from collections import defaultdict
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc


def packed(scores: pa.Table) -> defaultdict[int, str]:
    """By bucket: its rows without the column `bucket`, compressed; nothing for a bucket without rows."""
    found: defaultdict[int, str] = defaultdict(str)
    for bucket in pc.unique(scores["bucket"]).to_pylist():
        rows = scores.filter(pc.equal(scores["bucket"], bucket)).drop_columns(["bucket"])
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
            writer.write_table(rows)
        found[bucket] = b64encode(sink.getvalue()).decode()
    return found


@lru_cache(maxsize=256)
def unpacked(text: str) -> pa.Table:
    """The rows again."""
    table: pa.Table = pa.ipc.open_file(pa.py_buffer(b64decode(text))).read_all()
    return table
