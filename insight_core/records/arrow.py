"""Arrow: the types of the lake's columns as Arrow names them."""

from collections.abc import Mapping

import pyarrow as pa

_TYPES = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
}


def schema_of(columns: Mapping[str, str]) -> pa.Schema:
    """The schema of columns that are told with DuckDB's types."""
    return pa.schema([(name, _TYPES[kind]) for name, kind in columns.items()])
