"""The writer: four formats, whole files or none, numbers that stay numbers, and no formula that runs."""

import csv
import json
import re
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from insight_core.errors import BadInput, NotFound, Refused
from insight_core.publish import FORMATS, plain, workbook, write
from tests.conftest import HOUSE

TABLE = pa.table(
    {
        "name": ["=1+1", "Ada, \"Countess\"", "Zoë\r\nÆ;x", None, ""],
        "value": pa.array([-1.5, 8248.99, None, 0.0, 1e6]),
        "count": pa.array([-3, None, 2**53, 0, 7]),
        "day": pa.array([date(2026, 1, 31), None, None, None, None]),
        "yes": pa.array([True, False, None, True, False]),
    }
)  # fmt: skip


def rows_of(path: Path) -> list[list]:
    """What a reader of that format finds, header first."""
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as handle:
            return list(csv.reader(handle))
    if path.suffix == ".xlsx":
        return [list(row) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)]
    found = json.loads(path.read_text("utf-8")) if path.suffix == ".json" else pq.read_table(path).to_pylist()
    return [list(found[0]), *(list(row.values()) for row in found)]


@pytest.mark.parametrize("ending", FORMATS)
def test_every_row_arrives_and_is_counted(tmp_path, ending):
    path = tmp_path / f"out.{ending}"
    assert write(TABLE, path) == 5
    found = rows_of(path)
    assert found[0] == TABLE.column_names
    assert len(found) == 6
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_formulas_are_neutralised_where_a_spreadsheet_reads(tmp_path, ending):
    write(TABLE, tmp_path / f"out.{ending}")
    names = [row[0] for row in rows_of(tmp_path / f"out.{ending}")[1:]]
    assert names[0] == "'=1+1"
    assert [plain(one or "").replace("\r\n", "\n") for one in names] == ["=1+1", 'Ada, "Countess"', "Zoë\nÆ;x", "", ""]


@pytest.mark.parametrize("ending", ["parquet", "json"])
def test_programs_get_the_text_as_it_is(tmp_path, ending):
    write(TABLE, tmp_path / f"out.{ending}")
    assert [row[0] for row in rows_of(tmp_path / f"out.{ending}")[1:]] == TABLE["name"].to_pylist()


@pytest.mark.parametrize("ending", FORMATS)
def test_numbers_stay_numbers_and_unknown_stays_unknown(tmp_path, ending):
    write(TABLE, tmp_path / f"out.{ending}")
    found = rows_of(tmp_path / f"out.{ending}")[1:]
    wanted = (
        [["-1.5", "-3"], ["8248.99", ""], ["", str(2**53)]]
        if ending == "csv"
        else [[-1.5, -3], [8248.99, None], [None, 2**53]]
    )
    assert [row[1:3] for row in found[:3]] == wanted


def test_text_in_csv_is_always_quoted_so_that_no_other_delimiter_cuts_it(tmp_path):
    write(pa.table({"text": ["a;=1", None, ""], "n": [1, 2, 3]}), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == '"text",n\n"a;=1",1\n,2\n"",3\n'


def test_a_header_can_be_no_formula_either(tmp_path):
    for ending in ("csv", "xlsx"):
        write(pa.table({"=1": ["a"]}), tmp_path / f"out.{ending}")
        assert rows_of(tmp_path / f"out.{ending}")[0] == ["'=1"]


def test_a_pandas_frame_is_a_table_too(tmp_path):
    assert write(pd.DataFrame({"a": ["x", "=y"]}, index=[5, 6]), tmp_path / "out.csv") == 2
    assert rows_of(tmp_path / "out.csv") == [["a"], ["x"], ["'=y"]]


def test_a_table_without_rows_is_a_file_with_a_header(tmp_path):
    for ending in ("csv", "xlsx"):
        assert write(TABLE.slice(0, 0), tmp_path / f"out.{ending}") == 0
        assert rows_of(tmp_path / f"out.{ending}") == [TABLE.column_names]


def test_the_ending_may_be_written_large_and_the_path_may_hold_a_quote(tmp_path):
    folder = tmp_path / "it's here"
    folder.mkdir()
    assert write(TABLE, folder / "OUT.CSV") == 5


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("out.xslx", NotFound, "Did you mean 'xlsx'"),
        ("out", NotFound, "Known: csv, json, parquet, xlsx"),
        ("nowhere/out.csv", BadInput, "There is no folder"),
        ("folder.csv", BadInput, "is a folder"),
    ],
)
def test_a_place_that_cannot_be_written_is_named(tmp_path, name, error, message):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(error, match=message):
        write(TABLE, tmp_path / name)


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [
        ("MOST_ROWS", 4, "this table has 5 of 5"),
        ("MOST_COLUMNS", 4, "this table has 5 of 5"),
        ("MOST_CHARACTERS", 10, "characters"),
    ],
)
def test_a_workbook_that_cannot_hold_the_table_is_refused_and_nothing_is_left(
    tmp_path, monkeypatch, limit, value, message
):
    monkeypatch.setattr(workbook, limit, value)
    with pytest.raises(Refused, match=message):
        write(TABLE, tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_export_leaves_the_earlier_file_alone(tmp_path, monkeypatch):
    write(TABLE, tmp_path / "out.xlsx")
    before = (tmp_path / "out.xlsx").read_bytes()
    monkeypatch.setattr(workbook, "MOST_ROWS", 1)
    with pytest.raises(Refused):
        write(TABLE, tmp_path / "out.xlsx")
    assert (tmp_path / "out.xlsx").read_bytes() == before


def test_characters_that_a_workbook_cannot_hold_are_replaced_and_not_dropped(tmp_path):
    write(pa.table({"a": ["bell\x07 and \x00"]}), tmp_path / "out.xlsx")
    assert rows_of(tmp_path / "out.xlsx")[1] == ["bell\ufffd and \ufffd"]


def test_nothing_else_in_the_house_writes_files_for_people():
    writing = re.compile(r"to_csv\(|to_excel\(|Workbook\(|csv\.writer|FORMAT csv|write_csv\(|ExcelWriter")
    makers_of_worlds = ("demo", "bench", "publish")
    guilty = [
        str(path)
        for folder in ("insight_core", "app")
        for path in sorted((HOUSE / folder).rglob("*.py"))
        if not set(makers_of_worlds) & set(path.parts) and writing.search(path.read_text("utf-8"))
    ]
    assert guilty == []
