"""Cells: what can be told of a column of texts in one fast pass, before any SQL."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight_core.intake.reasons import Reason
from insight_core.intake.streams import NEWLINE_WITHIN, UNDECODABLE
from insight_core.intake.values import BLANKS

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]

_BLANK = 32  # the code of a space; what lies below are control characters


def bare(column: pa.StringArray, least: int, nulls: tuple[str, ...]) -> pa.StringArray:
    """The column without blanks around its texts, null for what then spells nothing; most have none to take."""
    if least > _BLANK:
        return column
    trimmed = pc.utf8_trim(column, BLANKS)
    return pc.if_else(pc.is_in(trimmed, pa.array([*nulls, ""])), None, trimmed)


def newlines(batch: pa.RecordBatch, least: list[int]) -> Numbers | None:
    """How many newlines each row holds, or None when there are none at all."""
    total: Numbers | None = None
    for column, byte in zip(batch.columns, least, strict=True):
        if byte < _BLANK:
            found = pc.add(_count(column, "\n"), pc.subtract(_count(column, "\r"), _count(column, "\r\n")))
            counts = pc.add(found, _count(column, NEWLINE_WITHIN)).to_numpy(zero_copy_only=False).astype(np.int64)
            total = counts if total is None else total + counts
    return total if total is not None and total.any() else None


def _count(column: pa.StringArray, pattern: str) -> pa.Array:
    return pc.fill_null(pc.count_substring(column, pattern), 0)


def least_byte(column: pa.StringArray) -> int:
    """The smallest byte among the column's texts: one fast pass tells whether to look closer."""
    data = _bytes(column)
    return int(data.min()) if len(data) else 255


def _bytes(column: pa.StringArray) -> Bytes:
    _, offsets, data = column.buffers()
    if data is None or not len(column):
        return np.empty(0, dtype=np.uint8)
    ends = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(data, dtype=np.uint8)[ends[0] : ends[-1]]


def cell_faults(column: pa.StringArray, least: int, faults: pa.Array, longest: int, marked: bool) -> pa.Array:
    lengths = pc.binary_length(column)
    if len(column) and (pc.max(lengths).as_py() or 0) > longest:
        faults = pc.if_else(pc.greater(lengths, longest), Reason.TOO_LONG.value, faults)
    spoilt = [mark for mark, seen in (("\x00", least == 0), (UNDECODABLE, marked)) if seen]
    for mark in spoilt:
        faults = pc.if_else(pc.match_substring(column, mark), Reason.UNDECODABLE.value, faults)
    return faults


def kept(cells: list[pa.StringArray], without: Numbers | None) -> pa.Array | None:
    """Which rows are kept: those that hold anything and are not among `without`; None for all of them."""
    dropped = _blank(cells)
    if without is not None and len(without):
        marked = np.zeros(len(cells[0]), dtype=bool)
        marked[without] = True
        dropped = pa.array(marked) if dropped is None else pc.or_(dropped, pa.array(marked))
    return None if dropped is None else pc.invert(dropped)


def _blank(cells: list[pa.StringArray]) -> pa.Array | None:
    """Which rows hold nothing at all, or None when no row does."""
    blank = None
    for column in cells:
        if not column.null_count:
            return None
        blank = column.is_null() if blank is None else pc.and_(blank, column.is_null())
    return blank if pc.any(blank).as_py() else None
