"""Space: telling a full disk from other faults, and a reserve for the day on which it is full.

A customer may withdraw consent at any time, so a full disk is no excuse: the store keeps some
room back that is given up for that.
"""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from insight_core.errors import Full

T = TypeVar("T")

# What SQLite, DuckDB and Arrow say of it, in lower case.
_SAID = ("disk is full", "no space left", "not enough space", "disk quota exceeded")


@contextmanager
def room(place: Path) -> Iterator[None]:
    """Tell a full disk as what it is: raises Full in the place of what a driver makes of it."""
    try:
        yield
    except Full:
        raise
    except Exception as fault:
        if out_of_space(fault):
            raise Full(place) from fault
        raise


def out_of_space(fault: BaseException | None) -> bool:
    """Whether the fault, or one behind it, comes of a full disk."""
    while fault is not None:
        if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if any(words in str(fault).lower() for words in _SAID):
            return True
        fault = fault.__cause__ or fault.__context__
    return False


class Reserve:
    """A file that does nothing but hold room."""

    def __init__(self, path: Path, size: int) -> None:
        self._path, self._size = path, size

    def keep(self) -> None:
        """Take the room, as far as there is any: a store on a nearly full disk works without."""
        if self._size and not (self._path.exists() and self._path.stat().st_size >= self._size):
            try:
                with self._path.open("ab") as handle:
                    os.posix_fallocate(handle.fileno(), 0, self._size)
            except OSError:
                self.give_up()

    def give_up(self) -> None:
        """Let the room go."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def spend_on(self, work: Callable[[], T]) -> T:
        """Do the work; when the disk is full, once more with the room that was kept back."""
        try:
            return work()
        except Full:
            self.give_up()
            return work()
