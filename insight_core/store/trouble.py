"""Trouble: what a driver or a library says went wrong, in our words where we know better."""

import re
from pathlib import Path

import duckdb
from sqlalchemy.exc import DBAPIError

from insight_core.errors import Busy, Damaged, Fault, Full, InsightError, Unreachable
from insight_core.store.space import out_of_space

# PostgreSQL's codes, and what its library says when there is nobody left to give one.
_LOCKED, _READ_ONLY, _CONNECTION, _GOING = "55P03", "25006", "08", ("57P01", "57P02", "57P03")
_GONE = (
    "connection failed", "failed to connect", "server closed the connection", "connection is ",
    "terminating connection", "could not send data", "could not receive data", "no connection to",
)  # fmt: skip
_FIRST = re.compile(
    r"^((consuming input|sending query and params|connection|failed to [a-z]+)( failed| is bad)?: |io: |\[libpq\] )+",
    re.IGNORECASE,
)
_LAKE_FILE = re.compile(r"([\w=-]+/[\w=-]+/[0-9a-f]{32}\.parquet)")


def in_our_words(fault: BaseException, place: Path) -> InsightError | None:
    """The fault as one of ours; None for one that nobody foresaw. `place` is the store's directory."""
    if isinstance(fault, InsightError):
        return fault
    if out_of_space(fault):
        return Full(place)
    if isinstance(fault, DBAPIError) or hasattr(fault, "sqlstate"):  # the Arrow driver's own have that
        return _of_the_database(getattr(fault, "orig", None) or fault, place)
    if found := _LAKE_FILE.search(str(fault)):
        return Damaged(f"The lake's file {found[1]}", "cannot be read")
    return _of_the_machine(fault, place)


def _of_the_machine(fault: BaseException, place: Path) -> InsightError | None:
    if isinstance(fault, MemoryError | duckdb.OutOfMemoryException):
        return Fault("This takes more memory than there is for it: do less at once. What was acknowledged is kept.")
    if isinstance(fault, PermissionError):
        return Fault(f"{fault.filename or place} may not be written or read: {fault.strerror}.")
    return None


def _of_the_database(fault: BaseException, place: Path) -> InsightError | None:
    """What a driver says, by PostgreSQL's code of it or by its words."""
    said, code = str(fault), getattr(fault, "sqlstate", None) or ""
    if "locked" in said or code == _LOCKED:
        return Busy(f"The store at {place} is being written by somebody else for long. Try again in a moment.")
    if "readonly" in said or "read-only" in said or code == _READ_ONLY:
        return Fault(f"The store at {place} can only be read here: nothing was changed.")
    if code[:2] == _CONNECTION or code in _GOING or any(words in said.lower() for words in _GONE):
        why = _FIRST.sub("", said).strip().splitlines()[0].rstrip(".")
        return Unreachable(
            f"The database of the store at {place} cannot be reached: {why}. "
            "What was acknowledged is kept; do the rest again when it is back."
        )
    return None
