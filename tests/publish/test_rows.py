"""Rows as CSV text: what a spreadsheet makes of it is what was there."""

import csv
from datetime import date
from io import StringIO

import pytest

from insight_core.publish import as_csv, plain


def read(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text)))


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "-2+3", "+44 20", "\t=x", "'=quoted", 'say "hi", then\nleave', "plain"]
)
def test_text_comes_back_as_it_was_and_is_never_a_formula(text):
    shown = read(as_csv([{"value": text}]))[1][0]
    assert plain(shown) == text
    assert not shown.startswith(("=", "@", "-", "+", "\t"))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, '""'),
        (float("nan"), '""'),
        (-3, "-3"),
        (2.5, "2.5"),
        (True, '"true"'),
        (date(2026, 7, 1), '"2026-07-01"'),
        (["a", "é"], '"[""a"", ""é""]"'),
    ],
)
def test_a_value_is_a_cell_as_in_an_exported_file(value, cell):
    assert as_csv([{"name": value}]) == f'"name"\n{cell}\n'


def test_columns_of_all_rows_stand_in_the_order_in_which_they_appear():
    assert read(as_csv([{"b": 1}, {"a": 2, "b": 3}])) == [["b", "a"], ["1", ""], ["3", "2"]]


def test_a_header_is_text_too():
    assert as_csv([{"=cmd()": 1}]).startswith('"\'=cmd()"')
