"""Workbooks: a table as one sheet, written row by row without holding the sheet in memory."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from openpyxl import Workbook

from insight_core.errors import Refused
from insight_core.publish.formulas import neutral

MOST_ROWS = 1_048_576 - 1  # one is the header
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
_BATCH = 10_000

# Characters that XML 1.0 cannot hold; they become the replacement character.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_workbook(table: pa.Table, to: Path) -> None:
    """Write one sheet; raises Refused when a workbook cannot hold the table."""
    _check(table)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Insight")
    sheet.append([_cell(name) for name in table.column_names])
    for row in _rows(table):
        sheet.append(row)
    book.save(to)


def _check(table: pa.Table) -> None:
    if table.num_rows > MOST_ROWS or table.num_columns > MOST_COLUMNS:
        raise Refused(
            f"A workbook holds {MOST_ROWS:,} rows of {MOST_COLUMNS:,} columns, and this table has {table.num_rows:,}"
            f" of {table.num_columns:,}. Write csv or parquet instead."
        )


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.to_batches(max_chunksize=_BATCH):
        columns = [[_cell(value) for value in column.to_pylist()] for column in batch.columns]
        yield from zip(*columns, strict=True)


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = neutral(value)
    if len(text) > MOST_CHARACTERS:
        raise Refused(
            f"A workbook's cell holds {MOST_CHARACTERS:,} characters, and the one that begins with {value[:20]!r} has"
            f" {len(text):,}. Write csv or parquet instead."
        )
    return _UNWRITABLE.sub("\ufffd", text)
