"""Rows: a prepared text becomes Arrow batches, every row with the line on which it begins.

Cells are texts named c0, c1, …; `__line` counts from 1; `__fault` is a reason for a row that could not be taken
apart, whose text is then in `__text`.
"""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from insight_core.errors import BadInput
from insight_core.intake import limits
from insight_core.intake.cells import Numbers, bare, cell_faults, kept, least_byte, newlines
from insight_core.intake.dialect import Dialect
from insight_core.intake.reasons import Reason, told
from insight_core.intake.streams import NEWLINE_WITHIN, Readable
from insight_core.intake.tape import Tape, honest

MAX_SHOWN = 2_000  # characters of a refused row that are kept
_DEEPEST = 20  # stray quotes followed before the rest is refused line by line
_SLICE = 65_536  # rows handed on at a time
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

    def batches(self, stream: Readable) -> Iterator[pa.RecordBatch]:
        """The batches; raises BadInput for text in which a quote never closes."""
        tape = Tape(stream, self._next_row + self._shift)
        try:
            reader = self._open(tape)
        except pa.ArrowInvalid as problem:
            if "Empty CSV" in str(problem):
                return
            raise self._clear(problem) from None
        try:
            while (batch := self._read(reader)) is not None:
                tape.busy = True
                yield from self._numbered(batch, tape)
                tape.busy = False
        finally:
            tape.busy = False
        _, ragged = self._shifted(np.empty(0, dtype=np.int64), None, self._ragged)
        yield from self._refused(ragged)

    def _open(self, stream: Tape) -> pacsv.CSVStreamingReader:
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
            reached = self._next_row + self._shift
            message = f"{self._name} has a row longer than {limits.MAX_RECORD >> 20} MB from line {reached} on: "
            return BadInput(message + "is there a quote that never closes?", Reason.TOO_LONG)
        return BadInput(f"{self._name} cannot be taken apart: {told(problem)}.", Reason.DAMAGED_FILE)

    def _numbered(self, batch: pa.RecordBatch, tape: Tape) -> Iterator[pa.RecordBatch]:
        """The ragged rows that lie before the batch's end, then the batch with its line numbers."""
        numbers = self._row_numbers(batch.num_rows)
        ragged = [one for one in self._ragged if one[0] < self._next_row]
        self._ragged = self._ragged[len(ragged) :]
        least = [least_byte(column) for column in batch.columns]
        breaks = newlines(batch, least)
        lines = numbers + self._shift
        if ragged or breaks is not None:
            lines, ragged = self._shifted(numbers, breaks, ragged)
        judged = self._judged(batch, lines, least)
        if breaks is not None and self._dialect.quote:
            doubtful = self._swallowing(lines, breaks, tape)
            judged = self._judged(batch, lines, least, without=np.array([at for at, _, _ in doubtful], dtype=np.int64))
            ragged = sorted([*ragged, *((line, text) for _, line, text in doubtful)])
        tape.forget(self._next_row + self._shift)
        yield from self._refused(ragged)
        # Small slices let the engine's threads share the work.
        yield from (judged.slice(start, _SLICE) for start in range(0, judged.num_rows, _SLICE))

    def _swallowing(self, lines: Numbers, breaks: Numbers, tape: Tape) -> list[tuple[int, int, str]]:
        """Place, line and text of the rows in which a stray quote swallowed what follows."""
        shape, found = honest(self._dialect), []
        for at in np.flatnonzero(breaks):
            text = tape.record(int(lines[at]), int(breaks[at]))
            if text is not None and not shape.fullmatch(text):
                found.append((int(at), int(lines[at]), text))
        return found

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
                each = enumerate(text.split("\n"))
                plain += [(line + offset, one) for offset, one in each if one.strip()]
            else:
                plain.append((line, first))
                again = self._deeper(line + 1)
                yield from again.batches(io.BytesIO(rest.encode()))
        if plain:
            yield self._faulty(plain)

    def _deeper(self, first_line: int) -> "Rows":
        return Rows(
            self._name,
            self._width,
            self._dialect,
            first_line,
            self._marked,
            self._nulls,
            self._max_cell,
            self._depth + 1,
        )

    def _faulty(self, rows: list[tuple[int, str]]) -> pa.RecordBatch:
        empty = pa.nulls(len(rows), pa.string())
        lines = pa.array([line for line, _ in rows], pa.int64())
        faults = pa.array([Reason.RAGGED.value] * len(rows), pa.string())
        texts = pa.array([text[:MAX_SHOWN] for _, text in rows], pa.string())
        return pa.RecordBatch.from_arrays([empty] * self._width + [lines, faults, texts], schema=schema(self._width))

    def _judged(
        self, batch: pa.RecordBatch, lines: Numbers, least: list[int], without: Numbers | None = None
    ) -> pa.RecordBatch:
        """The batch with blank rows and those `without` left out, and with the faults that SQL could not see."""
        faults = pa.nulls(batch.num_rows, pa.string())
        for column, byte in zip(batch.columns, least, strict=True):
            faults = cell_faults(column, byte, faults, self._max_cell, self._marked)
        extra = [pa.array(lines), faults, pa.nulls(batch.num_rows, pa.string())]
        cells = [bare(column, byte, self._nulls) for column, byte in zip(batch.columns, least, strict=True)]
        made = pa.RecordBatch.from_arrays([*cells, *extra], schema=schema(self._width))
        keep = kept(cells, without)
        return made if keep is None else made.filter(keep)


def _breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n") + text.count(NEWLINE_WITHIN)
