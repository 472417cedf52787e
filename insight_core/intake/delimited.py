"""Delimited: CSV and its relatives in any encoding, opened as a table."""

import codecs
from collections.abc import Iterator

import pyarrow as pa

from insight_core.errors import BadInput
from insight_core.intake import limits
from insight_core.intake.container import Piece
from insight_core.intake.dialect import (
    CELL,
    Dialect,
    column_names,
    dialect_of,
    first_records,
    looks_like_header,
    record_end,
)
from insight_core.intake.reasons import Reason
from insight_core.intake.recipe import Recipe
from insight_core.intake.rows import Rows
from insight_core.intake.sniff import encoding_of, one_byte_or_utf8
from insight_core.intake.streams import NEWLINE_WITHIN, Rest, Text
from insight_core.intake.table import Table
from insight_core.intake.values import DEFAULT_NULLS

_SAMPLE = 500


def open_delimited(piece: Piece, start: bytes, recipe: Recipe | None) -> Table:
    """A delimited text as a table; raises BadInput when there is no row or the header cannot be used."""
    encoding = encoding_of(start)
    dialect = dialect_of(start.decode(encoding, errors="replace"))
    prepared = _prepared_head(piece, encoding, dialect)
    offset = _header_offset(prepared, dialect)
    records = first_records(prepared[offset:], dialect, _SAMPLE)
    if not records:
        raise BadInput(f"{piece.name} is empty: it holds no rows.", Reason.EMPTY)
    columns, headed = _columns(records, recipe)
    if headed:
        offset = record_end(prepared, dialect, offset)
        records = records[1:]
    columns += _trailing(records, len(columns))
    table = Table(piece.name, "csv", columns, [list(one) for one in records], encoding=encoding, clean=True)
    table.delimiter, table.headerless = dialect.delimiter, not headed
    if not headed and not (recipe and recipe.header):
        table.notes.append("The file has no header: its columns are called column1, column2 and so on.")
    if headed and not records:
        raise BadInput(f"{piece.name} holds a header and no rows.", Reason.EMPTY)
    _stream(table, piece, dialect, prepared[:offset], recipe.nulls if recipe else DEFAULT_NULLS)
    return table


def _stream(table: Table, piece: Piece, dialect: Dialect, skipped: str, nulls: tuple[str, ...]) -> None:
    """Give the table its batches: everything after the skipped characters."""
    first_line, skip = 1 + lines_in(skipped), len(skipped.encode())

    def batches() -> Iterator[pa.RecordBatch]:
        encoding = table.encoding or "utf-8"
        with Text(piece.open(), encoding, replacements(dialect), check=table.spoilt) as text:
            rest = Rest(text.read(max(skip, limits.HEAD))[skip:], text)
            yield from Rows(table.name, len(table.columns), dialect, first_line, text.marks, nulls).batches(rest)

    def recover() -> None:
        encoding, table.spoilt = real_encoding(piece), True
        table.notes.append(f"Bytes that are not UTF-8 were found: read as {encoding}.")
        table.encoding = encoding

    table.batches, table.recover = batches, recover


def real_encoding(piece: Piece) -> str:
    """The encoding judged by the whole text, for one whose head was misleading."""
    kinds = set()
    with piece.open() as opened:
        while block := opened.read(1 << 20):
            block += opened.readline()
            if not block.isascii():
                kinds.add(one_byte_or_utf8(block))
    return "utf-8" if "utf-8" in kinds else min(kinds, default="utf-8")


def replacements(dialect: Dialect) -> tuple[tuple[str, str], ...]:
    """What to replace so that one character parts cells and a newline parts rows."""
    cells = ((dialect.delimiter, CELL),) if dialect.mark != dialect.delimiter else ()
    if not dialect.ending:
        return cells
    row = "\x1e"
    ends = ((dialect.ending + "\r\n", row), (dialect.ending + "\n", row))
    within = (("\r\n", NEWLINE_WITHIN), ("\n", NEWLINE_WITHIN), (row, "\n"))
    return (*ends, *within, *cells)


def lines_in(text: str) -> int:
    """How many lines end in the text."""
    return sum(text.replace("\r\n", "\n").count(one) for one in ("\n", "\r", NEWLINE_WITHIN))


def _prepared_head(piece: Piece, encoding: str, dialect: Dialect) -> str:
    with Text(piece.open(), encoding, replacements(dialect)) as text:
        return codecs.getincrementaldecoder("utf-8")("replace").decode(text.read(limits.HEAD))


def _header_offset(text: str, dialect: Dialect) -> int:
    """Where the first record begins: after blank lines and the line by which spreadsheets name the delimiter."""
    offset = len(text) - len(text.lstrip("\ufeff\r\n"))
    if text[offset : offset + 4].lower() == "sep=":
        offset = record_end(text, dialect, offset)
    return offset


def _columns(records: list[list[str]], recipe: Recipe | None) -> tuple[list[str], bool]:
    """The names of the columns, and whether the first record is a header."""
    names = column_names(records[0])
    if recipe and recipe.header:
        same = [one.strip() for one in records[0]][: len(recipe.header)] == list(recipe.header)
        return list(recipe.header), same
    if recipe and recipe.inputs and set(recipe.inputs) <= set(names):
        return names, True
    if looks_like_header(records):
        return names, True
    return [f"column{number}" for number in range(1, len(names) + 1)], False


def _trailing(records: list[list[str]], width: int) -> list[str]:
    """A nameless last column, where every row ends with one delimiter more than the header."""
    wider = bool(records) and all(len(one) == width + 1 and not one[-1].strip() for one in records)
    return [f"column{width + 1}"] if wider else []
