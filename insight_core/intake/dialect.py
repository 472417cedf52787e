"""Dialect: how a delimited text parts its cells and rows, and where its header is, found from its head."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from insight_core.errors import BadInput
from insight_core.intake import limits
from insight_core.intake.reasons import Reason

DELIMITERS = (",", ";", "\t", "|", "\x1f", "\x01", "^", "~")
LONG_DELIMITERS = ("+|", "||", "|~|", "~|~", "::", ";;", "^^", "@@", "<|>", "\t\t")
CELL = "\x1f"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells and rows are parted; `delimiter` may be several characters, `ending` is set where rows end oddly."""

    delimiter: str
    quote: str | None
    escape: str | None
    ending: str | None = None

    @property
    def mark(self) -> str:
        """The one character that parts cells once the text has been prepared."""
        return self.delimiter if len(self.delimiter) == 1 and not self.ending else CELL


def dialect_of(text: str) -> Dialect:
    """The dialect under which the first rows of the text agree best."""
    sample = _sample(text)
    long = _long(sample)
    if long:
        return long
    single = '"' not in sample and re.search(r"(^|[,;\t|])'[^'\n]*'([,;\t|]|$)", sample, re.MULTILINE)
    quote = "'" if single else '"'
    escape = "\\" if f"\\{quote}" in sample and quote * 2 not in sample.replace(f"\\{quote}", "") else None
    best = max(DELIMITERS, key=lambda one: _agreement(sample, one, quote, escape))
    # Nothing parts the rows: a table of one column.
    return Dialect(best if _agreement(sample, best, quote, escape)[0] > 0 else ",", quote, escape)


def first_records(text: str, dialect: Dialect, count: int) -> list[list[str]]:
    """The first records of a prepared text, blank lines left out."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.mark,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape,
    )
    made: list[list[str]] = []
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                made.append(record)
            if len(made) == count:
                break
    except csv.Error:
        # A cell beyond the module's own limit: what came before is enough to look at.
        pass
    return made


def record_end(text: str, dialect: Dialect, start: int) -> int:
    """Where the record that begins at `start` ends, its newline included."""
    within, position = False, start
    while position < len(text):
        letter = text[position]
        if dialect.escape and letter == dialect.escape:
            position += 1
        elif letter == dialect.quote and (within or text[position - 1 : position] in ("", "\n", "\r", dialect.mark)):
            within = not within
        elif letter in "\r\n" and not within:
            return position + (2 if text[position : position + 2] == "\r\n" else 1)
        position += 1
    return len(text)


def column_names(header: list[str]) -> list[str]:
    """The names of the columns: blank ones numbered, repeated ones told apart as `name (1)`, `name (2)`."""
    if len(header) > limits.MAX_COLUMNS:
        message = f"The header has {len(header):,} columns; at most {limits.MAX_COLUMNS:,} are read."
        raise BadInput(message, Reason.TOO_LARGE)
    named = [" ".join(cell.strip("\ufeff").split()) or f"column{number}" for number, cell in enumerate(header, 1)]
    often, seen = Counter(named), Counter[str]()
    made = []
    for one in named:
        seen[one] += 1
        made.append(one if often[one] == 1 else f"{one} ({seen[one]})")
    return made


def looks_like_header(records: list[list[str]]) -> bool:
    """Whether the first record names columns: all texts, none repeated below, no figure, date or address."""
    first = [cell.strip() for cell in records[0]]
    if any(
        re.fullmatch(r"[-+$€£]?\d[\d.,:/ -]*|\S+@\S+\.\S+|(true|false|null)", cell, re.IGNORECASE) for cell in first
    ):
        return False
    if not any(first):
        return False
    below = records[1:]
    repeated = sum(cell != "" and any(i < len(row) and row[i].strip() == cell for row in below)
                   for i, cell in enumerate(first))  # fmt: skip
    return repeated * 2 <= len(first)


def _sample(text: str) -> str:
    cut = text[:200_000]
    return cut if len(cut) == len(text) else cut[: cut.rfind("\n") + 1] or cut


def _long(sample: str) -> Dialect | None:
    """The dialect when cells are parted by several characters, or rows end in their own way."""
    lines = [line for line in sample.splitlines() if line.strip()]
    if "+|" in lines[0] and re.search(r"&\|\r?\n", sample):
        return Dialect("+|", None, None, "&|")
    for one in LONG_DELIMITERS:
        counts = {line.count(one) for line in lines}
        # A doubled delimiter may as well be a cell left empty: it must be there and never stand alone.
        doubled = len(set(one)) == 1
        if 0 not in counts and (len(counts) == 1 if doubled else True) and not (doubled and _singly(lines, one)):
            return Dialect(one, None, None)
    return None


def _singly(lines: list[str], delimiter: str) -> bool:
    return any(delimiter[0] in line.replace(delimiter, "") for line in lines)


def _agreement(sample: str, delimiter: str, quote: str | None, escape: str | None) -> tuple[float, int]:
    records = first_records(sample, Dialect(delimiter, quote, escape), 200)
    widths = Counter(len(record) for record in records)
    if not widths:
        return 0.0, 0
    width, often = widths.most_common(1)[0]
    return (often / len(records), width) if width > 1 else (0.0, 0)
