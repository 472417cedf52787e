"""Rows: a prepared text becomes Arrow batches, every row with the line on which it begins.

Cells are texts named c0, c1, …; `__line` counts from 1; `__fault` is a reason for a row that could not be taken
apart, whose text is then in `__text`.
"""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from insight_core.errors import BadInput
from insight_core.intake import limits
from insight_core.intake.dialect import Dialect
from insight_core.intake.reasons import Reason
from insight_core.intake.streams import NEWLINE_WITHIN, UNDECODABLE
from insight_core.intake.values import BLANKS

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]

MAX_SHOWN = 2_000  # characters of a refused row that are kept
_DEEPEST = 20  # stray quotes followed before the rest is refused line by line
_SLICE = 65_536  # rows handed on at a time
_BLANK = 32
_CONTROL = 32  # the first code that is no control character the first code after NUL, tab, newline and carriage return


def schema(width: int) -> pa.Schema:
    """The schema of the batches of a table with that many columns."""
    cells = [(f"c{number}", pa.string()) for number in range(width)]
    return pa.schema([*cells, ("__line", pa.int64()), ("__fault", pa.string()), ("__text", pa.string())])


class Rows:
    """Reads one text in order; `marked` says that undecodable bytes were marked and are to be looked for."""

    def __init__(
        self,
        name: str,
        width: int,
        dialect: Dialect,
        first_line: int,
        marked: bool,
        nulls: tuple[str, ...] = (),
        max_cell: int = limits.MAX_CELL,
        depth: int = 0,
    ) -> None:
        self._name, self._width, self._dialect, self._marked, self._nulls = name, width, dialect, marked, nulls
        self._max_cell, self._depth = max_cell, depth
        # A row's line is its number plus the shift: lines of the header, newlines within earlier rows.
        self._next_row, self._shift = 1, first_line - 1
        self._ragged: list[tuple[int, str]] = []

    def batches(self, stream: BinaryIO) -> Iterator[pa.RecordBatch]:
        """The batches; raises BadInput for text in which a quote never closes."""
        try:
            reader = self._open(stream)
        except pa.ArrowInvalid as problem:
            if "Empty CSV" in str(problem):
                return
            raise self._clear(problem) from None
        while (batch := self._read(reader)) is not None:
            yield from self._numbered(batch)
        _, ragged = self._shifted(np.empty(0, dtype=np.int64), None, self._ragged)
        yield from self._refused(ragged)

    def _open(self, stream: BinaryIO) -> pacsv.CSVStreamingReader:
        names = [f"c{number}" for number in range(self._width)]
        dialect = self._dialect
        return pacsv.open_csv(
            stream,
            read_options=pacsv.ReadOptions(use_threads=False, block_size=limits.MAX_RECORD, column_names=names),
            parse_options=pacsv.ParseOptions(
                delimiter=dialect.mark,
                quote_char=dialect.quote or False,
                escape_char=dialect.escape or False,
                newlines_in_values=dialect.quote is not None,
                ignore_empty_lines=False,
                invalid_row_handler=self._invalid,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                null_values=[*self._nulls, ""],
                strings_can_be_null=True,
            ),
        )

    def _invalid(self, row: Any) -> str:
        self._ragged.append((row.number, row.text))
        return "skip"

    def _read(self, reader: pacsv.CSVStreamingReader) -> pa.RecordBatch | None:
        try:
            return reader.read_next_batch()
        except StopIteration:
            return None
        except pa.ArrowInvalid as problem:
            raise self._clear(problem) from None

    def _clear(self, problem: pa.ArrowInvalid) -> Exception:
        if "UTF8" in str(problem):
            return UnicodeError(str(problem))
        if "straddl" in str(problem):
            message = f"{self._name} has a row longer than {limits.MAX_RECORD >> 20} MB after line {self._next_row + self._shift}: "
            return BadInput(message + "is there a quote that never closes?", Reason.TOO_LONG)
        return BadInput(f"{self._name} cannot be taken apart: {problem}.", Reason.DAMAGED_FILE)

    def _numbered(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """The ragged rows that lie before the batch's end, then the batch with its line numbers."""
        numbers = self._row_numbers(batch.num_rows)
        ragged = [one for one in self._ragged if one[0] < self._next_row]
        self._ragged = self._ragged[len(ragged) :]
        breaks = _newlines(batch)
        if not ragged and breaks is None:
            lines = numbers + self._shift
        else:
            lines, ragged = self._shifted(numbers, breaks, ragged)
        yield from self._refused(ragged)
        judged = self._judged(batch, lines)
        # Small slices let the engine's threads share the work.
        yield from (judged.slice(start, _SLICE) for start in range(0, judged.num_rows, _SLICE))

    def _row_numbers(self, count: int) -> Numbers:
        """The numbers of the next `count` good rows: ragged ones have taken theirs."""
        skipped = np.array([number for number, _ in self._ragged], dtype=np.int64)
        end = start = self._next_row
        while end != (wanted := start + count + int(np.count_nonzero((skipped >= start) & (skipped < end)))):
            end = wanted
        self._next_row = end
        numbers = np.arange(start, end, dtype=np.int64)
        return numbers[~np.isin(numbers, skipped)] if len(skipped) else numbers

    def _shifted(
        self, numbers: Numbers, breaks: Numbers | None, ragged: list[tuple[int, str]]
    ) -> tuple[Numbers, list[tuple[int, str]]]:
        """Lines of good and ragged rows: each newline within a row moves all that follow."""
        of_ragged = np.array([_breaks(text) for _, text in ragged], dtype=np.int64)
        everything = np.concatenate([numbers, np.array([number for number, _ in ragged], dtype=np.int64)])
        within = np.concatenate([np.zeros_like(numbers) if breaks is None else breaks, of_ragged])
        order = np.argsort(everything)
        before = np.empty_like(within)
        before[order] = np.cumsum(within[order]) - within[order]
        lines = everything + self._shift + before
        self._shift += int(within.sum())
        good = len(numbers)
        return lines[:good], [(int(line), text) for line, (_, text) in zip(lines[good:], ragged, strict=True)]

    def _refused(self, ragged: list[tuple[int, str]]) -> Iterator[pa.RecordBatch]:
        """Ragged rows with their lines; what a stray quote swallowed is read again from the next line on."""
        plain: list[tuple[int, str]] = []
        for line, text in ragged:
            first, parted, rest = text.partition("\n")
            quote = self._dialect.quote
            if not parted or not quote or first.count(quote) % 2 == 0:
                plain.append((line, text))
            elif self._depth > _DEEPEST:
                plain += [(line + offset, one) for offset, one in enumerate(text.split("\n")) if one.strip()]
            else:
                plain.append((line, first))
                again = Rows(
                    self._name, self._width, self._dialect, line + 1, self._marked, self._nulls,
                    self._max_cell, self._depth + 1,
                )  # fmt: skip
                yield from again.batches(io.BytesIO(rest.encode()))
        if plain:
            yield self._faulty(plain)

    def _faulty(self, rows: list[tuple[int, str]]) -> pa.RecordBatch:
        empty = pa.nulls(len(rows), pa.string())
        lines = pa.array([line for line, _ in rows], pa.int64())
        faults = pa.array([Reason.RAGGED.value] * len(rows), pa.string())
        texts = pa.array([text[:MAX_SHOWN] for _, text in rows], pa.string())
        return pa.RecordBatch.from_arrays([empty] * self._width + [lines, faults, texts], schema=schema(self._width))

    def _judged(self, batch: pa.RecordBatch, lines: Numbers) -> pa.RecordBatch:
        """The batch with blank rows left out and with the faults that SQL could not see."""
        faults = pa.nulls(batch.num_rows, pa.string())
        for column in batch.columns:
            faults = _cell_faults(column, faults, self._max_cell, self._marked)
        extra = [pa.array(lines), faults, pa.nulls(batch.num_rows, pa.string())]
        cells = [_bare(column, self._nulls) for column in batch.columns]
        made = pa.RecordBatch.from_arrays([*cells, *extra], schema=schema(self._width))
        blank = _blank(cells)
        return made if blank is None else made.filter(pc.invert(blank))


def _bare(column: pa.StringArray, nulls: tuple[str, ...]) -> pa.StringArray:
    """The column without blanks around its texts, null for what then spells nothing; most have none to take."""
    if _lowest(column) > _BLANK:
        return column
    trimmed = pc.utf8_trim(column, BLANKS)
    return pc.if_else(pc.is_in(trimmed, pa.array([*nulls, ""])), None, trimmed)


def _newlines(batch: pa.RecordBatch) -> Numbers | None:
    """How many newlines each row holds, or None when there are none at all."""
    total: Numbers | None = None
    for column in batch.columns:
        if _lowest(column) < _CONTROL:
            found = pc.add(_count(column, "\n"), pc.subtract(_count(column, "\r"), _count(column, "\r\n")))
            counts = pc.add(found, _count(column, NEWLINE_WITHIN)).to_numpy(zero_copy_only=False).astype(np.int64)
            total = counts if total is None else total + counts
    return total if total is not None and total.any() else None


def _breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n") + text.count(NEWLINE_WITHIN)


def _count(column: pa.StringArray, pattern: str) -> pa.Array:
    return pc.count_substring(column, pattern)


def _lowest(column: pa.StringArray) -> int:
    """The smallest byte among the column's texts: one fast pass tells whether to look closer."""
    data = _bytes(column)
    return int(data.min()) if len(data) else 255


def _bytes(column: pa.StringArray) -> Bytes:
    _, offsets, data = column.buffers()
    if data is None or not len(column):
        return np.empty(0, dtype=np.uint8)
    ends = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(data, dtype=np.uint8)[ends[0] : ends[-1]]


def _cell_faults(column: pa.StringArray, faults: pa.Array, longest: int, marked: bool) -> pa.Array:
    lengths = pc.binary_length(column)
    if len(column) and (pc.max(lengths).as_py() or 0) > longest:
        faults = pc.if_else(pc.greater(lengths, longest), Reason.TOO_LONG.value, faults)
    spoilt = [mark for mark, seen in (("\x00", _lowest(column) == 0), (UNDECODABLE, marked)) if seen]
    for mark in spoilt:
        faults = pc.if_else(pc.match_substring(column, mark), Reason.UNDECODABLE.value, faults)
    return faults


def _blank(cells: list[pa.StringArray]) -> pa.Array | None:
    """Which rows hold nothing at all, or None when no row does."""
    blank = None
    for column in cells:
        if not column.null_count:
            return None
        blank = column.is_null() if blank is None else pc.and_(blank, column.is_null())
    return blank if pc.any(blank).as_py() else None
