"""The writer: the only place that writes files for people, as csv, json, parquet or xlsx by the file's ending.

A file appears whole or not at all: it is written beside its place under another name, flushed to disk and renamed.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

import duckdb
import pandas as pd
import pyarrow as pa

from insight_core.errors import BadInput, NotFound
from insight_core.publish.formulas import neutral, neutral_sql
from insight_core.publish.workbook import write_workbook

Table: TypeAlias = pa.Table | pa.RecordBatchReader | pd.DataFrame
Rows: TypeAlias = pa.Table | pa.RecordBatchReader
Writer = Callable[[Rows, Path], int]


def write(table: Table, to: Path) -> int:
    """Write the table, or the batches of a reader as they come, and give the number of rows.

    csv and xlsx have their formulas made harmless and lists of codes without JSON; parquet and json keep every value
    as it is, and JSON text in columns marked by `shapes` becomes real JSON there. Raises NotFound for an ending that is
    not known and Refused when a workbook cannot hold the table.
    """
    writer = _writer(to)
    arrow = pa.Table.from_pandas(table, preserve_index=False) if isinstance(table, pd.DataFrame) else table
    folder = _folder(to)
    part = folder / f".{to.name}.{uuid4().hex[:8]}.part"
    try:
        rows = writer(arrow, part)
        _flush(part)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
    return rows


def _writer(to: Path) -> Writer:
    ending = to.suffix.lower().lstrip(".")
    if ending not in FORMATS:
        raise NotFound("export format", ending, FORMATS)
    return FORMATS[ending]


def _folder(to: Path) -> Path:
    if to.is_dir():
        raise BadInput(f"{to} is a folder; name a file such as {to / 'profiles.csv'}.")
    if not to.parent.is_dir():
        raise BadInput(f"There is no folder {to.parent} to write {to.name} into.")
    return to.parent


def _flush(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def _csv(table: Rows, to: Path) -> int:
    texts = [one for one in table.schema if _is_text(one)]
    # Every text is quoted, so that no other delimiter that a spreadsheet may assume can cut one open.
    quotes = f", FORCE_QUOTE ({', '.join(_name(neutral(one.name)) for one in texts)})" if texts else ""
    columns = ", ".join(
        f"{neutral_sql(_readable(one)) if _is_text(one) else _name(one.name)} AS {_name(neutral(one.name))}"
        for one in table.schema
    )
    return _copy(table, columns, to, f"FORMAT csv, HEADER{quotes}")


def _parquet(table: Rows, to: Path) -> int:
    return _copy(table, "*", to, "FORMAT parquet, COMPRESSION zstd")


def _json(table: Rows, to: Path) -> int:
    columns = ", ".join(
        f"{_name(one.name)}::JSON AS {_name(one.name)}" if _holds_json(one) else _name(one.name) for one in table.schema
    )
    return _copy(table, columns, to, "FORMAT json, ARRAY true")


def _copy(table: Rows, columns: str, to: Path, options: str) -> int:
    path = str(to).replace("'", "''")
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.register("given", table)
        done = connection.execute(f"COPY (SELECT {columns} FROM given) TO '{path}' ({options})")
        return int(done.fetchall()[0][0])


def _workbook(table: Rows, to: Path) -> int:
    whole = table.read_all() if isinstance(table, pa.RecordBatchReader) else table
    with duckdb.connect(":memory:") as connection:
        connection.register("given", whole)
        columns = ", ".join(f"{_readable(one)} AS {_name(one.name)}" for one in whole.schema)
        write_workbook(connection.sql(f"SELECT {columns} FROM given").to_arrow_table(), to)
    return int(whole.num_rows)


FORMATS: dict[str, Writer] = {"csv": _csv, "json": _json, "parquet": _parquet, "xlsx": _workbook}


def _is_text(column: pa.Field) -> bool:
    return (
        pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type)
    )


def _holds_json(column: pa.Field) -> bool:
    return (column.metadata or {}).get(b"holds") == b"json"


def _readable(column: pa.Field) -> str:
    """SQL for the column as people read it: a list of codes is `email; phone` and no JSON."""
    name = _name(column.name)
    if (column.metadata or {}).get(b"items") != b"codes":
        return name
    return f"""array_to_string(from_json({name}, '["VARCHAR"]'), '; ')"""


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
