"""Elements: the objects of a JSON document, one by one with their lines, without holding the whole document."""

import json
from collections.abc import Iterator

from insight_core.errors import BadInput
from insight_core.intake import limits
from insight_core.intake.reasons import Reason
from insight_core.intake.streams import Readable

_BLOCK = 1 << 20


class Elements:
    """Walks a document: an array's elements, or those of the first list of objects in an object, or that object."""

    def __init__(self, name: str, stream: Readable) -> None:
        self._name, self._stream = name, stream
        self._text, self._at, self._line, self._ended = "", 0, 1, False
        self._decode = json.JSONDecoder().raw_decode
        self._pending = b""

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Line and text of each element; raises BadInput with the line where the document breaks."""
        opening = self._next_letter()
        if opening == "[":
            yield from self._array()
        else:
            yield from self._object()
        if self._next_letter():
            raise self._broken("more text after its end")

    def _array(self) -> Iterator[tuple[int, str]]:
        self._step("[")
        if self._next_letter() == "]":
            self._step("]")
            return
        while True:
            self._next_letter()
            yield self._line, self._value()
            if self._step(",", "]") == "]":
                return

    def _object(self) -> Iterator[tuple[int, str]]:
        self._step("{")
        start, members, found = self._line, [], False
        while self._next_letter() not in ("}", ""):
            key = self._value()
            self._step(":")
            if not found and self._next_letter() == "[" and self._opens_object():
                found = True
                yield from self._array()
            else:
                members.append(f"{key}:{self._value()}")
            if self._next_letter() == ",":
                self._step(",")
        self._step("}")
        if not found:
            yield start, "{" + ",".join(members) + "}"

    def _opens_object(self) -> bool:
        while not (rest := self._text[self._at + 1 : self._at + 4096].lstrip()) and self._more():
            pass
        return rest.startswith("{")

    def _next_letter(self) -> str:
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n\ufeff":
                self._line += self._text[self._at] == "\n"
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _step(self, *expected: str) -> str:
        letter = self._next_letter()
        if letter not in expected or not letter:
            raise self._broken(f"{' or '.join(expected)} is expected, not {letter or 'the end'}")
        self._at += 1
        return letter

    def _value(self) -> str:
        self._next_letter()
        while True:
            try:
                _, end = self._decode(self._text, self._at)
            except (json.JSONDecodeError, RecursionError) as problem:
                if isinstance(problem, RecursionError) or not self._more():
                    raise self._broken(getattr(problem, "msg", "nested too deeply")) from None
                continue
            # A number that ends with the block may go on in the next one.
            if end < len(self._text) or not self._more():
                break
        made, self._at = self._text[self._at : end], end
        self._line += made.count("\n")
        return made

    def _more(self) -> bool:
        """Read on, dropping what is done; each time more, so that one long value is not read again and again."""
        block = b"" if self._ended else self._stream.read(max(_BLOCK, len(self._text) - self._at))
        self._ended = self._ended or not block
        self._text, self._at = self._text[self._at :] + self._decoded(block), 0
        if len(self._text) > limits.MAX_DOCUMENT:
            raise BadInput(f"{self._name} has one JSON value longer than {limits.MAX_DOCUMENT:,}.", Reason.TOO_LARGE)
        return bool(block)

    def _decoded(self, block: bytes) -> str:
        data = self._pending + block
        try:
            self._pending = b""
            return data.decode()
        except UnicodeDecodeError as problem:
            if self._ended or problem.start < len(data) - 4:
                raise UnicodeError(str(problem)) from None
            self._pending = data[problem.start :]
            return data[: problem.start].decode()

    def _broken(self, why: str) -> BadInput:
        return BadInput(f"{self._name} is not valid JSON from line {self._line} on: {why}.", Reason.DAMAGED_FILE)
