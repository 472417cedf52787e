"""Tape: the newest stretch of a text kept as it was read, so that a doubtful row can be looked at again.

A quote that is opened by mistake swallows the rows up to the next quote, and the reader takes the whole for one
cell with newlines in it. Only the text itself tells such a row from an honest one.
"""

import re
from collections import deque
from threading import Condition

from insight_core.intake.dialect import Dialect
from insight_core.intake.streams import Readable

# Blocks that a reader's own thread may be ahead of whoever takes the rows; more would only fill the memory.
_AHEAD = 4
_MOMENT = 0.2  # seconds


class Tape:
    """A stream that remembers what it gave from `first_line` on, until told to forget.

    A reader far ahead waits until something is forgotten, as long as whoever takes the rows is `busy` with some.
    """

    def __init__(self, inner: Readable, first_line: int) -> None:
        self._inner, self._end = inner, first_line
        self._room, self.busy = Condition(), False
        self._kept: deque[tuple[int, bytes]] = deque()
        # Lines that end in a bare carriage return are not counted here: such a text cannot be looked at again.
        self._bare, self._last = 0, b""

    closed = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self._wait()
        block = self._inner.read(size)
        if block:
            # A pair of carriage return and newline may lie across two blocks.
            returns, pairs = block.count(b"\r"), (self._last + block).count(b"\r\n")
            self._bare += returns - pairs - block.endswith(b"\r") + (self._last == b"\r")
            self._last = block[-1:]
            self._kept.append((self._end, block))
            self._end += block.count(b"\n")
        return block

    def close(self) -> None:
        self._inner.close()

    def _wait(self) -> None:
        with self._room:
            # Rows may need many blocks: where somebody waits for them, this must not.
            while len(self._kept) > _AHEAD and (self._room.wait(_MOMENT) or self.busy):
                pass

    def forget(self, line: int) -> None:
        """Drop what lies wholly before the line."""
        with self._room:
            while len(self._kept) > 1 and self._kept[1][0] < line:
                self._kept.popleft()
            self._room.notify()

    def record(self, line: int, breaks: int) -> str | None:
        """The text from the line on that holds so many newlines, without the last; None when it cannot be told."""
        if self._bare:
            return None
        # A block may begin within the line: only one that begins on an earlier line, or the first, holds it whole.
        start = next((n for n in range(len(self._kept) - 1, 0, -1) if self._kept[n][0] < line), 0)
        if not self._kept or self._kept[start][0] > line:
            return None
        data = b"".join(block for _, block in list(self._kept)[start:])
        lines = data.split(b"\n", line - self._kept[start][0] + breaks + 1)
        wanted = lines[line - self._kept[start][0] :][: breaks + 1]
        return b"\n".join(wanted).decode("utf-8", "replace").removesuffix("\r")


def honest(dialect: Dialect) -> re.Pattern[str]:
    """What a row looks like whose quotes all open and close where cells begin and end."""
    quote, mark = re.escape(dialect.quote or '"'), re.escape(dialect.mark)
    escaped = rf"|{re.escape(dialect.escape)}." if dialect.escape else ""
    other = re.escape(dialect.escape or "")
    quoted = rf"{quote}(?:[^{quote}{other}]|{quote}{quote}{escaped})*+{quote}"
    cell = rf"(?:{quoted}|[^{quote}{mark}\r\n][^{mark}\r\n]*+|)"
    return re.compile(rf"{cell}(?:{mark}{cell})*+", re.DOTALL)
