"""Disk: files by their digest and age, and folders that are on the disk before they are told of."""

import os
from collections.abc import Iterable
from hashlib import file_digest
from pathlib import Path
from time import time

# Longer than anybody reads by one list, or writes before listing.
GRACE_SECONDS = 900


def remove(paths: Iterable[Path]) -> None:
    """Remove those of the files that nobody can be reading any more."""
    for path in paths:
        if age(path) >= GRACE_SECONDS:
            path.unlink(missing_ok=True)


def age(path: Path) -> float:
    """Seconds since the file was written or let go; none for one that went meanwhile."""
    try:
        return time() - path.stat().st_mtime
    except FileNotFoundError:
        return -1


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as handle:
        return file_digest(handle, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
