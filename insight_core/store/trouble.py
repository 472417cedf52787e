"""Trouble: what a driver or a library says went wrong, in our words where we know better."""

import re
from pathlib import Path

from sqlalchemy.exc import OperationalError

from insight_core.errors import Busy, Damaged, Fault, Full, InsightError
from insight_core.store.space import out_of_space

_LAKE_FILE = re.compile(r"([\w=-]+/[\w=-]+/[0-9a-f]{32}\.parquet)")


def in_our_words(fault: BaseException, place: Path) -> InsightError | None:
    """The fault as one of ours; None for one that nobody foresaw. `place` is the store's directory."""
    if isinstance(fault, InsightError):
        return fault
    if out_of_space(fault):
        return Full(place)
    if isinstance(fault, OperationalError):
        return _of_the_database(str(fault.orig), place)
    if found := _LAKE_FILE.search(str(fault)):
        return Damaged(f"The lake's file {found[1]}", "cannot be read")
    if isinstance(fault, PermissionError):
        return Fault(f"{fault.filename or place} may not be written or read: {fault.strerror}.")
    return None


def _of_the_database(said: str, place: Path) -> InsightError | None:
    if "locked" in said:
        return Busy(f"The store at {place} is being written by somebody else for long. Try again in a moment.")
    if "readonly" in said or "read-only" in said:
        return Fault(f"The store at {place} can only be read here: nothing was changed.")
    return None
