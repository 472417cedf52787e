"""Workbook: a spreadsheet opened as a table of texts.

A spreadsheet shows a number as a date when somebody formatted it so; where the recipe takes the column for an
identifier, the date is turned back into the number that lies in the cell.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from insight_core.errors import BadInput
from insight_core.intake.container import Piece, is_workbook, refuse_liars
from insight_core.intake.dialect import column_names, looks_like_header
from insight_core.intake.reasons import Reason, told
from insight_core.intake.recipe import Recipe
from insight_core.intake.rows import schema
from insight_core.intake.table import Table
from insight_core.intake.targets import targets

_SAMPLE = 500
_IDENTIFYING = ("_id", "_key", "key", "phone", "postal_code", "industry_code")
_BATCH = 50_000
_ZERO = date(1899, 12, 30)  # day 0 of the spreadsheet's calendar, its false leap day of 1900 allowed for


def open_workbook(piece: Piece, recipe: Recipe | None, staging: Path) -> Table:
    """The first sheet with rows (the first with the recipe's columns) as a table; raises BadInput."""
    path = piece.on_disk(staging)
    sheets = _sheets(piece.name, path)
    sheet, rows = next(((name, rows) for name, rows in sheets if _fits(rows, recipe)), sheets[0])
    header, first, notes = _header(rows, recipe)
    if len(rows) <= first:
        raise BadInput(f"{piece.name} holds a header and no rows.", Reason.EMPTY)
    body = rows[first:]
    numbers = _identifiers(recipe, header)
    lists = [_texts([row[n] if n < len(row) else "" for _, row in body], n in numbers) for n in range(len(header))]
    lines = [line for line, _ in body]
    table = Table(piece.name, "workbook", header, [], native=True, sheet=sheet, notes=notes)
    table.notes += _turned_back(header, numbers, [row for _, row in body], lists)
    table.samples = [[one[n] for one in lists] for n in range(min(_SAMPLE, len(body)))]
    table.batches = lambda: _batches(lists, lines)
    table.dated = [name for n, name in enumerate(header) if any(_is_date(row, n) for _, row in body[:_SAMPLE])]
    return table


def _sheets(name: str, path: Path) -> list[tuple[str, list[tuple[int, list[Any]]]]]:
    """The sheets that hold anything: name, and each row that is not blank with its line."""
    try:
        if zipfile.is_zipfile(path):
            if not is_workbook(path):
                raise BadInput(f"{name} is an archive within an archive: unpack it first.", Reason.WRONG_FORMAT)
            refuse_liars(name, path)
        with CalamineWorkbook.from_path(path) as book:
            made = [(sheet, _rows(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)))
                    for sheet in book.sheet_names]  # fmt: skip
    except (CalamineError, OSError, ValueError) as problem:
        raise BadInput(f"{name} is a damaged or locked workbook: {told(problem)}.", Reason.DAMAGED_FILE) from None
    made = [(sheet, rows) for sheet, rows in made if rows]
    if not made:
        raise BadInput(f"{name} is a workbook without rows.", Reason.EMPTY)
    return made


def _rows(cells: list[list[Any]]) -> list[tuple[int, list[Any]]]:
    return [(line, row) for line, row in enumerate(cells, 1) if any(cell != "" for cell in row)]


def _fits(rows: list[tuple[int, list[Any]]], recipe: Recipe | None) -> bool:
    if recipe is None or recipe.header:
        return True
    return set(recipe.inputs) <= {str(cell).strip() for cell in rows[0][1]}


def _header(rows: list[tuple[int, list[Any]]], recipe: Recipe | None) -> tuple[list[str], int, list[str]]:
    """The names of the columns, the index of the first row below them, and what was noticed."""
    first = [_text(cell) or "" for cell in rows[0][1]]
    if recipe and recipe.header:
        return list(recipe.header), int(first[: len(recipe.header)] == list(recipe.header)), []
    sample = [[_text(cell) or "" for cell in row] for _, row in rows[:50]]
    if all(isinstance(cell, str) for cell in rows[0][1]) and (_fits(rows, recipe) or looks_like_header(sample)):
        return column_names(first), 1, []
    note = "The sheet has no header: its columns are called column1, column2 and so on."
    return [f"column{number}" for number in range(1, len(first) + 1)], 0, [note]


def _identifiers(recipe: Recipe | None, header: list[str]) -> set[int]:
    """The columns that the recipe takes for identifiers and for nothing that is a date."""
    if recipe is None:
        return set()
    named: set[str] = set()
    dates: set[str] = set()
    for one in targets(recipe):
        if one.strict or one.name.endswith(_IDENTIFYING):
            named |= set(one.spec.columns)
        if one.type in ("date", "instant"):
            dates |= set(one.spec.columns)
    return {number for number, name in enumerate(header) if name in named - dates}


def _turned_back(header: list[str], numbers: set[int], rows: list[list[Any]], texts: list[list[Any]]) -> list[str]:
    notes = []
    for number in sorted(numbers):
        found = [at for at, row in enumerate(rows) if _is_date(row, number)]
        if found:
            example = f"{rows[found[0]][number]:%Y-%m-%d} is {texts[number][found[0]]}"
            notes.append(
                f"Column {header[number]!r} is an identifier, but the spreadsheet had turned {len(found):,} of its "
                f"values into dates: they were turned back into their numbers ({example})."
            )
    return notes


def _is_date(row: list[Any], number: int) -> bool:
    return number < len(row) and isinstance(row[number], date)


def _texts(cells: list[Any], identifier: bool) -> list[str | None]:
    return [_serial(cell) if identifier and isinstance(cell, date) else _text(cell) for cell in cells]


def _serial(cell: date) -> str:
    """The number that lies in the cell: days, and the time of day as their fraction."""
    day = cell.toordinal() - _ZERO.toordinal()
    if not isinstance(cell, datetime) or cell.time() == time():
        return str(day)
    return f"{day + (cell.hour * 3600 + cell.minute * 60 + cell.second) / 86_400:.10g}"


def _text(cell: Any) -> str | None:
    """A cell as the text that a CSV would hold: whole numbers without a point, dates in ISO spelling."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return str(cell) or None


def _batches(columns: list[list[str | None]], lines: list[int]) -> Iterator[pa.RecordBatch]:
    shape = schema(len(columns))
    for start in range(0, len(lines), _BATCH):
        span = slice(start, start + _BATCH)
        cells = [pa.array(one[span], pa.string()) for one in columns]
        # A workbook's cell holds at most 32,767 characters: none can be too long.
        nothing = pa.nulls(len(lines[span]), pa.string())
        extra = [pa.array(lines[span], pa.int64()), nothing, nothing]
        yield pa.RecordBatch.from_arrays([*cells, *extra], schema=shape)
