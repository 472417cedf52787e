"""Backup: one consistent point of store and lake in one file, also while others load and build.

The database's own copy is taken first; it lists the lake's files of that moment. They never
change, so a second name for each holds them until they are written. A file that went between
the two means that the moment has passed: another is taken. The copy is an SQLite file whichever
database the store has, so that a backup can be restored to either.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from insight_core.errors import BadInput, Conflict, Damaged, Fault
from insight_core.records.clock import iso
from insight_core.store import Store, settle
from insight_core.store.disk import digest_of
from insight_core.store.space import room

_MANIFEST = "manifest.json"
_FORM = 1
# What lies in the store's folder beside database and lake and belongs to it.
_BESIDE = ("recipes", "notebooks", "demo.json")
_ATTEMPTS = 20


def backup(store: Store, to: Path, now: int) -> dict[str, Any]:
    """Write the store as it stands at one moment to a file; gives its path, bytes and files.

    Raises Conflict when the file is there already, and Fault when no moment could be held.
    """
    if to.exists():
        raise Conflict(f"{to} is there already: name another file, or remove it first.")
    draft = to.with_name(f"{to.name}.{uuid4().hex}")
    try:
        with room(to.parent), _moment(store) as folder:
            to.parent.mkdir(parents=True, exist_ok=True)
            files = _write(folder, draft, now)
            draft.replace(to)
    except OSError as fault:
        raise Fault(f"The backup {to} cannot be written: {fault.strerror}.") from fault
    finally:
        draft.unlink(missing_ok=True)
    return {"path": str(to), "bytes": to.stat().st_size, "files": files}


def restore(backup_file: Path, root: Path) -> dict[str, Any]:
    """Make the store anew from a backup, every file checked; gives its path and the moment of the backup.

    Raises Conflict when the directory holds a store already, and BadInput or Damaged, with
    nothing left behind, for a file that is no whole backup.
    """
    if any((root / name).exists() for name in ("profile.db", "database.json")):
        raise Conflict(f"{root} holds a store already: restore to another directory, or move that one away first.")
    draft = root.with_name(f"{root.name}.{uuid4().hex}")
    try:
        with room(root.parent), _archive(backup_file) as archive:
            manifest = _manifest(archive, backup_file)
            for name, digest in manifest["files"].items():
                _extract(archive, name, digest, draft)
        if root.exists():
            root.rmdir()
        settle(draft)
        draft.replace(root)
    except OSError as fault:
        raise Conflict(f"{root} is not empty or cannot be made: {fault.strerror}.") from fault
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return {"path": str(root), "files": len(manifest["files"]), "taken_at": manifest["taken_at"]}


@contextmanager
def _moment(store: Store) -> Iterator[Path]:
    """A folder that holds one moment of the store, by second names where a file never changes."""
    folder = store.scratch()
    try:
        _hold_a_moment(store, folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hold_a_moment(store: Store, folder: Path) -> None:
    for _ in range(_ATTEMPTS):
        store.database.copy_to(folder / "profile.db")
        with suppress(FileNotFoundError):
            for name in _listed(folder / "profile.db"):
                _hold(store.lake.root / name, folder / "lake" / name)
            _hold_beside(store.root, folder)
            return
        for one in folder.iterdir():
            shutil.rmtree(one) if one.is_dir() else one.unlink()
    raise Fault(f"No moment of the store at {store.root} could be held: a listed file is missing; see `verify`.")


def _listed(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as opened:
        return [str(row[0]) for row in opened.execute("SELECT path FROM lake_file ORDER BY path")]


def _hold(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.link(source, target)


def _hold_beside(root: Path, folder: Path) -> None:
    for one in (root / name for name in _BESIDE):
        for path in sorted(one.rglob("*")) if one.is_dir() else [one] * one.exists():
            if path.is_file():
                target = folder / path.relative_to(root)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)


def _write(folder: Path, to: Path, now: int) -> int:
    """The folder's files and a manifest with their digests, as one archive, synced; gives their number."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {str(path.relative_to(folder)): path for path in paths}
    manifest = {
        "form": _FORM, "taken_at": iso(now), "files": {name: digest_of(path) for name, path in names.items()},
    }  # fmt: skip
    with to.open("wb") as handle:
        with ZipFile(handle, "w", ZIP_DEFLATED) as archive:
            archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
            for name, path in names.items():
                # Parquet is compressed already.
                archive.write(path, name, ZIP_STORED if name.endswith(".parquet") else ZIP_DEFLATED)
        handle.flush()
        os.fsync(handle.fileno())
    return len(names)


@contextmanager
def _archive(path: Path) -> Iterator[ZipFile]:
    if not path.is_file():
        raise BadInput(f"There is no file {path}.")
    try:
        with ZipFile(path) as archive:
            yield archive
    except BadZipFile as fault:
        raise BadInput(f"{path.name} is no whole backup: {fault}.") from fault


def _manifest(archive: ZipFile, path: Path) -> dict[str, Any]:
    if _MANIFEST not in archive.namelist():
        raise BadInput(f"{path.name} is no backup of a store: it has no {_MANIFEST}.")
    manifest: dict[str, Any] = json.loads(archive.read(_MANIFEST))
    if manifest.get("form") != _FORM:
        raise BadInput(f"{path.name} was written by a newer release: update Insight Workbench.")
    return manifest


def _extract(archive: ZipFile, name: str, digest: str, folder: Path) -> None:
    target = (folder / name).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise BadInput(f"The backup names a file outside the store: {name!r}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(name) as packed, target.open("wb") as handle:
            shutil.copyfileobj(packed, handle)
            handle.flush()
            os.fsync(handle.fileno())
    except (BadZipFile, KeyError) as fault:
        raise Damaged(f"The backup's file {name}", "cannot be read", "Take another backup") from fault
    if digest_of(target) != digest:
        raise Damaged(f"The backup's file {name}", "is not what was written", "Take another backup")
