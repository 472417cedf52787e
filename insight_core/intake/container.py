"""Containers: a path becomes pieces, one for each file in it, unpacked within limits."""

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from insight_core.errors import BadInput
from insight_core.intake import limits
from insight_core.intake.reasons import Reason, told

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file to read: its name for people, how to open its bytes, and its path where it lies open on disk."""

    name: str
    open: Callable[[], BinaryIO]
    path: Path | None
    size: int

    def on_disk(self, staging: Path) -> Path:
        """A path with the piece's bytes, unpacked into `staging` where it has none."""
        if self.path:
            return self.path
        copy = staging / f"unpacked-{len(list(staging.glob('unpacked-*')))}"
        with self.open() as packed, copy.open("wb") as plain:
            while block := packed.read(1 << 20):
                plain.write(block)
        return copy


class Unpacked(io.RawIOBase):
    """The bytes of a compressed stream; raises BadInput for a bomb, and for a truncated or damaged stream."""

    def __init__(self, inner: BinaryIO, name: str, packed: int) -> None:
        self._inner, self._name, self._packed, self._seen = inner, name, packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        try:
            block = self._inner.read(len(target))
        except (EOFError, zlib.error, OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as problem:
            raise BadInput(f"{self._name} is truncated or damaged: {told(problem)}.", Reason.DAMAGED_FILE) from None
        self._seen += len(block)
        check_size(self._name, self._packed, self._seen)
        target[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._inner.close()
        super().close()


def pieces(path: Path) -> list[Piece]:
    """The files in a path: itself, what a gzip file holds, or the members of a zip archive; raises BadInput."""
    if not path.is_file():
        what = "is a directory, not a file" if path.is_dir() else "does not exist"
        raise BadInput(f"{path} {what}.", Reason.WRONG_FORMAT)
    with path.open("rb") as opened:
        magic = opened.read(4)
    if not magic:
        raise BadInput(f"{path.name} is empty: 0 bytes.", Reason.EMPTY)
    if magic[:2] == GZIP:
        return [_refuse_nested(_gzip_piece(path))]
    if magic == ZIP and not is_workbook(path):
        return [_refuse_nested(one) for one in _members(path)]
    return [Piece(path.name, lambda: path.open("rb"), path, path.stat().st_size)]


def is_workbook(path: Path) -> bool:
    """Whether a zip archive is an XLSX workbook; raises BadInput when it is damaged or a bomb."""
    names = {one.filename for one in _entries(path, limits.MAX_WORKBOOK)}
    return "xl/workbook.xml" in names or "xl/workbook.bin" in names


def refuse_liars(name: str, path: Path) -> None:
    """Raise BadInput for an archive with a part that is not as long as the archive says: another reader may go on."""
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as problem:
        raise BadInput(f"{name} is a damaged or locked workbook: {told(problem)}.", Reason.DAMAGED_FILE) from None
    if damaged:
        raise BadInput(f"{name} is damaged: its part {damaged!r} is not what it says it is.", Reason.DAMAGED_FILE)


def check_size(name: str, packed: int, unpacked: int) -> None:
    """Raise BadInput when unpacking gives more than honest data would."""
    ratio = unpacked / max(packed, 1)
    if unpacked > limits.MAX_UNPACKED or (unpacked > limits.FREE_BYTES and ratio > limits.MAX_RATIO):
        message = f"{name} unpacks to over {unpacked:,} bytes from {packed:,}: more than the limit allows."
        raise BadInput(message, Reason.TOO_LARGE)


def _gzip_piece(path: Path) -> Piece:
    name = path.name.removesuffix(".gz")
    size = path.stat().st_size

    def opened() -> BinaryIO:
        return io.BufferedReader(Unpacked(gzip.open(path, "rb"), path.name, size), 1 << 20)  # type: ignore[arg-type]

    return Piece(name, opened, None, size)


def _members(path: Path) -> list[Piece]:
    wanted = [one for one in _entries(path, limits.MAX_UNPACKED) if _is_data(one)]
    for one in wanted:
        _refuse_entry(path, one)
    if not wanted:
        raise BadInput(f"{path.name} is an archive without files.", Reason.EMPTY)
    return [_member(path, one) for one in wanted]


def _member(path: Path, entry: zipfile.ZipInfo) -> Piece:
    name = f"{path.name}/{entry.filename}"

    def opened() -> BinaryIO:
        # Closed by hand: a member keeps it open for as long as it is read.
        archive = zipfile.ZipFile(path)
        try:
            inner = archive.open(entry)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as problem:
            archive.close()
            raise BadInput(f"{name} cannot be unpacked: {told(problem)}.", Reason.DAMAGED_FILE) from None
        return io.BufferedReader(Unpacked(inner, name, entry.compress_size), 1 << 20)  # type: ignore[arg-type]

    return Piece(name, opened, None, entry.file_size)


def _entries(path: Path, limit: int) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise BadInput(f"{path.name} is a damaged archive or workbook: {told(problem)}.", Reason.DAMAGED_FILE) from None
    if len(entries) > limits.MAX_MEMBERS:
        message = f"{path.name} holds {len(entries):,} files; at most {limits.MAX_MEMBERS:,} are read."
        raise BadInput(message, Reason.TOO_LARGE)
    total = sum(one.file_size for one in entries)
    check_size(path.name, path.stat().st_size, total)
    if total > limit:
        raise BadInput(f"{path.name} unpacks to {total:,} bytes; at most {limit:,} are read.", Reason.TOO_LARGE)
    return entries


def _is_data(entry: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(entry.filename)
    return not entry.is_dir() and "__MACOSX" not in name.parts and not name.name.startswith(".")


def _refuse_entry(path: Path, entry: zipfile.ZipInfo) -> None:
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
        raise BadInput(f"{path.name} holds a file that points outside: {entry.filename!r}.", Reason.WRONG_FORMAT)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise BadInput(f"{path.name} holds a link instead of a file: {entry.filename!r}.", Reason.WRONG_FORMAT)
    if entry.flag_bits & 1:
        raise BadInput(f"{path.name} is locked with a password: {entry.filename!r}.", Reason.WRONG_FORMAT)


def _refuse_nested(piece: Piece) -> Piece:
    with piece.open() as opened:
        magic = opened.read(4)
        inner = magic + opened.read(limits.HEAD)
    if magic[:2] == GZIP or (magic == ZIP and b"xl/" not in inner and b"[Content_Types].xml" not in inner):
        raise BadInput(f"{piece.name} is an archive within an archive: unpack it first.", Reason.WRONG_FORMAT)
    return piece
