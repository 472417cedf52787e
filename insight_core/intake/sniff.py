"""Sniff: what a piece is by its content; its name decides nothing."""

import codecs
import json
import re
from typing import Literal

from insight_core.errors import BadInput
from insight_core.intake import limits
from insight_core.intake.container import GZIP, ZIP, Piece
from insight_core.intake.reasons import Reason

Format = Literal["csv", "json", "jsonl", "parquet", "workbook"]

_OLE = b"\xd0\xcf\x11\xe0"
_BINARY = {
    b"\x89PNG": "a PNG picture", b"\xff\xd8\xff": "a JPEG picture", b"GIF8": "a GIF picture", b"%PDF": "a PDF document",
    b"BZh": "a bzip2 archive", b"\xfd7zXZ": "an xz archive", b"\x28\xb5\x2f\xfd": "a zstandard archive",
    b"7z\xbc\xaf": "a 7-Zip archive", b"Rar!": "a RAR archive", b"SQLite f": "an SQLite database",
    b"ORC": "an ORC file", b"Obj\x01": "an Avro file", b"ARROW1": "an Arrow file", b"\x7fELF": "a program",
    b"MZ\x90": "a program", b"{\\rtf": "an RTF document",
}  # fmt: skip
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
# Bytes that CP1252 leaves undefined: a text that has them is Latin-1, if anything.
_NOT_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")


def head(piece: Piece) -> bytes:
    """The first bytes of a piece; raises BadInput when there are none."""
    with piece.open() as opened:
        made = b""
        while len(made) < limits.HEAD and (block := opened.read(limits.HEAD - len(made))):
            made += block
    if not made:
        raise BadInput(f"{piece.name} is empty: 0 bytes.", Reason.EMPTY)
    return made


def format_of(name: str, start: bytes) -> Format:
    """What the bytes are; raises BadInput for what is no table."""
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((ZIP, _OLE)):
        return "workbook"
    for magic, what in _BINARY.items():
        if start.startswith(magic):
            raise _wrong(f"{name} is {what}, not a table.")
    if start.startswith(GZIP):
        raise _wrong(f"{name} is an archive within an archive: unpack it first.")
    text = start.decode(encoding_of(start), errors="replace")
    if not text.strip("\ufeff\x00 \t\r\n"):
        raise BadInput(f"{name} is empty: it holds nothing but blanks.", Reason.EMPTY)
    _refuse_binary(name, text)
    return _text_format(name, text, whole=len(start) < limits.HEAD)


def encoding_of(start: bytes) -> str:
    """The Python name of the text's encoding: by byte order mark, by zeros, by what decodes."""
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    zeros_even, zeros_odd = start[0:4096:2].count(0), start[1:4096:2].count(0)
    half = max(1, len(start[:4096]) // 2)
    if zeros_odd > 0.4 * half and zeros_even < 0.1 * half:
        return "utf-16-le"
    if zeros_even > 0.4 * half and zeros_odd < 0.1 * half:
        return "utf-16-be"
    return one_byte_or_utf8(start)


def one_byte_or_utf8(data: bytes) -> str:
    """UTF-8 when it decodes, or when most of its accents do; else CP1252 or Latin-1."""
    good, bad = _utf8_accents(data)
    if not bad or good >= bad:
        return "utf-8"
    return "latin-1" if _NOT_CP1252 & set(data) else "cp1252"


def _utf8_accents(data: bytes) -> tuple[int, int]:
    # The head may end within a character: that is not an error.
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(data)
    bad = text.count("\ufffd") - data.count("\ufffd".encode())
    return sum(1 for _ in re.finditer(r"[\u0080-\ufffc\U00010000-\U0010ffff]", text)), bad


def _refuse_binary(name: str, text: str) -> None:
    sample = text[:65_536]
    odd = len(re.findall(r"[\x00-\x08\x0e-\x1b\ufffd]", sample))
    if odd > max(20, 0.05 * len(sample)):
        raise _wrong(f"{name} holds binary data, not a table that can be read.")


def _text_format(name: str, text: str, whole: bool) -> Format:
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<") and re.match(r"<(\?xml|!doctype|html|svg|[A-Za-z]+[\s>])", start, re.IGNORECASE):
        raise _wrong(f"{name} is XML or HTML, not a table.")
    if not start.startswith(("{", "[")):
        return "csv"
    lines = [line for line in start.splitlines() if line.strip()]
    sample = lines[:200] if whole or len(lines) < 3 else lines[:200][:-1]
    objects = sum(_is_object(line) for line in sample)
    if objects >= 2 and objects * 2 >= len(sample):
        return "jsonl"
    if start.startswith("[") and not re.match(r"\[\s*([\[{\]\"0-9tfn-]|$)", start):
        return "csv"
    return "json"


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _wrong(message: str) -> BadInput:
    return BadInput(message, Reason.WRONG_FORMAT)
