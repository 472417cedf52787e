"""Streams: the bytes of any text piece as UTF-8, with one character to part cells and a newline to part rows."""

import codecs
import io
from typing import Protocol

# A noncharacter marks bytes that the encoding does not know: no honest text has it.
UNDECODABLE = "\ufdd0"
NEWLINE_WITHIN = "\x1d"


def _mark(problem: UnicodeError) -> tuple[str, int]:
    return UNDECODABLE, getattr(problem, "end", 0)


codecs.register_error("insight_mark", _mark)


class Readable(Protocol):
    """Anything that gives bytes."""

    def read(self, size: int = -1, /) -> bytes: ...

    def close(self) -> None: ...


class Text(io.RawIOBase):
    """Bytes in any encoding read as UTF-8, each pair of `replace` applied in turn.

    UTF-8 passes as it is unless `check` is set; otherwise undecodable bytes become `UNDECODABLE` and `marks` is true.
    """

    def __init__(
        self, inner: Readable, encoding: str, replace: tuple[tuple[str, str], ...] = (), check: bool = False
    ) -> None:
        self._inner, self._replace = inner, replace
        self.marks = check or bool(replace) or encoding not in ("utf-8", "utf-8-sig")
        self._decoder = codecs.getincrementaldecoder(encoding)("insight_mark")
        # A pattern may lie across two blocks: what could be its beginning waits for the next one.
        self._waiting = "".join(old for old, _ in replace)
        self._kept, self._ready, self._ended = "", b"", False
        if not self.marks and encoding == "utf-8-sig":
            self._ready = self._inner.read(3).removeprefix(codecs.BOM_UTF8)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; fewer only at the end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        parts, wanted = [], size
        while wanted > 0 and (part := self._part(wanted)):
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def _part(self, size: int) -> bytes:
        while not self._ready and not self._ended:
            self._ready = self._next(size)
        made, self._ready = self._ready[:size], self._ready[size:]
        return made

    def _next(self, size: int) -> bytes:
        block = self._inner.read(size)
        self._ended = not block
        if not self.marks:
            return block
        text = self._kept + self._decoder.decode(block, final=not block)
        ready = text if self._ended else text.rstrip(self._waiting) if self._waiting else text
        self._kept = text[len(ready) :]
        for old, new in self._replace:
            ready = ready.replace(old, new)
        return ready.encode("utf-8", "replace")

    def close(self) -> None:
        self._inner.close()
        super().close()


class Rest(io.RawIOBase):
    """What is left of a stream after its head was looked at: first the head's remainder, then the stream."""

    def __init__(self, start: bytes, inner: Readable) -> None:
        self._start, self._inner = start, inner

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size >= 0 and self._start:
            made, self._start = self._start[:size], self._start[size:]
            return made
        return self._take() + self._inner.read() if size < 0 else self._inner.read(size)

    def _take(self) -> bytes:
        made, self._start = self._start, b""
        return made

    def close(self) -> None:
        self._inner.close()
        super().close()
