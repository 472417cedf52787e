"""Pieces of SQL: names of files and texts, quoted in one place."""

from collections.abc import Iterable
from pathlib import Path


def text(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """Text literals with commas between them; NULL for none, which equals nothing."""
    return ", ".join(text(one) for one in values) or "NULL"


def rows_in(files: str | Path | Iterable[str | Path], options: str = "") -> str:
    """The relation of all rows in one or several Parquet files."""
    listed = [files] if isinstance(files, str | Path) else list(files)
    return f"read_parquet([{texts(str(one) for one in listed)}]{options})"
