"""Formulas: what a spreadsheet would run is made harmless, and comes back unchanged."""

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from insight_core.publish import neutral, plain
from insight_core.publish.formulas import neutral_sql

DANGEROUS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", "\tx", "\rx", "\x00x",
    "=cmd|' /C calc'!A0", '=HYPERLINK("http://example.com","x")', "-2+3+cmd|' /C calc'!D2", "@example",
    " =1", "   +1", "\u00a0=1", "\u3000=1", "\ufeff=1", "\u200b=1", "\u2003-1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)", " \uff1d1",
    "\ufe621", "\ufe631", "\ufe661", "\ufe6bx", "+1 202 555 0101",
]  # fmt: skip
HARMLESS = [
    "",
    "a",
    "1",
    "1=1",
    "a@example.com",
    "O'Neill",
    "'quoted'",
    "  text",
    "x-y",
    "(=1)",
    "2026-01-31",
    "\u3000text",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_dangerous_text_gets_an_apostrophe(text):
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_stays_as_it_is(text):
    assert neutral(text) == text


texts = st.text(
    st.sampled_from("'=+-@ \t\r\n\x00a1\uff1d\uff0b\uff0d\uff20\u3000\u00a0\ufeff") | st.characters(codec="utf-8"),
    max_size=6,
)


@given(texts)
@example("'=1")
@example("''=1")
@example("'plain")
def test_what_was_neutralised_comes_back(text):
    assert plain(neutral(text)) == text


def test_a_column_is_treated_as_its_cells_are():
    cells = [*DANGEROUS, *HARMLESS, *("'" + one for one in DANGEROUS), *(chr(code) + "=1" for code in range(1, 0x3100))]
    query = f"SELECT {neutral_sql('cell')} FROM (SELECT unnest($cells) AS cell)"
    assert [row[0] for row in duckdb.connect().execute(query, {"cells": cells}).fetchall()] == [
        neutral(one) for one in cells
    ]
