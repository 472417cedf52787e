"""Formulas: text that a spreadsheet would run is made harmless with an apostrophe, and can be brought back.

Text is dangerous when, after any blanks, it begins with = + - @ or one of their full-width forms, or when it
begins with a tab, a line break or a NUL. Numbers are not text and stay numbers. An apostrophe is also put
before text that already looks neutralised, so that `plain(neutral(text)) == text` for every text.
"""

import re

# Blanks of any kind: ASCII, no-break, the general punctuation block, full-width, zero-width and byte-order marks.
_BLANK = (
    "[\\x09-\\x0d\\x20\\x85\\xa0\\x{1680}\\x{180e}\\x{2000}-\\x{200f}\\x{2028}-\\x{202f}\\x{2060}\\x{3000}\\x{feff}]"
)
_MARK = "[=+\\-@\\x{ff1d}\\x{ff0b}\\x{ff0d}\\x{ff20}\\x{fe66}\\x{fe62}\\x{fe63}\\x{fe6b}]"
_CONTROL = "[\\x00\\x09\\x0a\\x0d]"

# RE2 notation, as DuckDB reads it.
DANGEROUS = f"^'*(?:{_BLANK}*\\x00*{_BLANK}*{_MARK}|{_CONTROL})"
_PYTHON = re.compile(re.sub(r"\\x\{([0-9a-f]{4})\}", r"\\u\1", DANGEROUS))


def neutral(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet would run it."""
    return f"'{text}" if _PYTHON.match(text) else text


def plain(text: str) -> str:
    """The text as it was before `neutral`."""
    return text[1:] if text.startswith("'") and _PYTHON.match(text) else text


def neutral_sql(column: str) -> str:
    """`neutral` over a column, for a million rows at once."""
    pattern = DANGEROUS.replace("'", "''")
    return f"CASE WHEN regexp_matches({column}, '{pattern}') THEN '''' || {column} ELSE {column} END"
