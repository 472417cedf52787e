"""Parquet: a typed file opened as a table of texts."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from insight_core.errors import BadInput
from insight_core.intake import limits
from insight_core.intake import values as v
from insight_core.intake.container import Piece, check_size
from insight_core.intake.reasons import Reason, told
from insight_core.intake.table import Table
from insight_core.store import duck

_SAMPLE = 500


def open_parquet(piece: Piece, staging: Path) -> Table:
    """A Parquet file as a table; raises BadInput when it is damaged, empty or a bomb."""
    path = piece.on_disk(staging)
    schema = _schema(piece.name, path)
    cells = {one.name: _text(one) for one in schema if not pa.types.is_binary(one.type)}
    shown = ", ".join(f"{text} AS c{number}" for number, text in enumerate(cells.values()))
    texts = f"(SELECT {shown}, file_row_number FROM read_parquet({v.quoted(str(path))}, file_row_number = true))"
    long = " OR ".join(f"strlen(c{number}) > {limits.MAX_CELL}" for number in range(len(cells)))
    relation = (
        f"(SELECT *, file_row_number + 1 AS __line, NULL::VARCHAR AS __text, "
        f"CASE WHEN {long} THEN {v.quoted(Reason.TOO_LONG)} END AS __fault FROM {texts})"
    )
    samples = _samples(piece.name, texts)
    return Table(piece.name, "parquet", list(cells), samples, relation=relation, native=True)


def _schema(name: str, path: Path) -> pa.Schema:
    try:
        with pq.ParquetFile(path) as opened:
            about, schema = opened.metadata, opened.schema_arrow
            unpacked = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise BadInput(
            f"{name} is a truncated or damaged Parquet file: {told(problem)}.", Reason.DAMAGED_FILE
        ) from None
    rows = about.num_rows
    if rows == 0:
        raise BadInput(f"{name} is empty: it holds no rows.", Reason.EMPTY)
    if rows > limits.MAX_ROWS:
        raise BadInput(f"{name} claims {rows:,} rows; at most {limits.MAX_ROWS:,} are read.", Reason.TOO_LARGE)
    # A row that repeats the one before costs no byte at all: rows count like bytes.
    check_size(name, path.stat().st_size, max(rows, unpacked))
    if len(schema) > limits.MAX_COLUMNS:
        message = f"{name} has {len(schema):,} columns; at most {limits.MAX_COLUMNS:,} are read."
        raise BadInput(message, Reason.TOO_LARGE)
    return schema


def _text(column: pa.Field) -> str:
    nested = pa.types.is_nested(column.type)
    return f"CAST({'to_json(' if nested else ''}{v.name(column.name)}{')' if nested else ''} AS VARCHAR)"


def _samples(name: str, texts: str) -> list[list[str | None]]:
    try:
        rows = duck.connect().execute(f"SELECT * EXCLUDE file_row_number FROM {texts} LIMIT {_SAMPLE}").fetchall()
    except duckdb.Error as problem:
        raise BadInput(f"{name} is a damaged Parquet file: {told(problem)}.", Reason.DAMAGED_FILE) from None
    return [list(row) for row in rows]
