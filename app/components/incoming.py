"""Incoming files: taken in, kept in the store's own folder under safe names until they are loaded."""

import re
import shutil
from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

import streamlit as st

import insight_core as ic
from app import session

_FOLDER = "load_folder"
_ROUND = "load_round"
_LEFT = "load_left"
# Nobody waits this long before the button is pressed; what lies about longer is cleared away.
_KEPT_S = 24 * 3600
_HELP = "CSV, TSV, XLSX, JSON, JSON lines or Parquet, plain or in gz or zip: its content decides, not its name."


def chosen() -> list[Path]:
    """The files that were uploaded, or the one that was named by its path."""
    left, right = st.columns([3, 2], gap="large")
    turn = st.session_state.get(_ROUND, 0)
    uploads = left.file_uploader("Files", accept_multiple_files=True, key=f"load_upload_{turn}", help=_HELP)
    path = right.text_input("Or a path on this machine", key=f"load_path_{turn}", help="For files too large to upload")
    if uploads or _waiting():
        return _kept(uploads)
    return [Path(path.strip()).expanduser()] if path and path.strip() else []


def _waiting() -> list[str]:
    """The names of the files that were uploaded with some that are loaded by now."""
    names = st.session_state.get(_LEFT, [])
    return [one for one in names if (folder() / one).is_file()] if names else []


def folder() -> Path:
    """This session's own folder in the store; a job that loaded what lies in it takes it away."""
    held = st.session_state.get(_FOLDER)
    if held is None or not Path(held).is_dir():
        _sweep()
        made = session.workspace().root / "uploads" / uuid4().hex
        made.mkdir(parents=True)
        st.session_state[_FOLDER] = held = str(made)
    return Path(held)


def ours(place: Path) -> bool:
    """Whether the folder is the store's own, for uploads."""
    return place.resolve().parent == (session.workspace().root / "uploads").resolve()


def hand_over(paths: list[Path]) -> list[Path]:
    """Give these to a job, which takes them away when they are in; the other uploads wait for their turn."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    if not all(ours(one.parent) for one in paths):
        return paths
    place = folder()
    later = [one.name for one in place.iterdir() if one not in paths]
    st.session_state[_LEFT] = sorted(later)
    st.session_state.pop(_FOLDER, None)
    if not later:
        return paths
    for name in later:
        (place / name).rename(folder() / name)
    return paths


def stamp(paths: list[Path]) -> str:
    """What tells these files, as they are now, from any others."""
    return "|".join(f"{path}:{path.stat().st_mtime_ns if path.is_file() else 0}" for path in paths)


def _kept(uploads: list[Any]) -> list[Path]:
    """The uploads as files; those that were taken back on the page go."""
    place, waiting = folder(), _waiting()
    names = _safe([*waiting, *(one.name for one in uploads)])[len(waiting) :]
    for old in place.iterdir():
        if old.name not in (*names, *waiting):
            old.unlink()
    for name, one in zip(names, uploads, strict=True):
        path = place / name
        if not path.exists() or path.stat().st_size != one.size:
            path.write_bytes(one.getbuffer())
    return [place / name for name in (*waiting, *names)]


def _safe(names: list[str]) -> list[str]:
    """Names that are only names: no folder, nothing hidden, nothing long, none twice."""
    made: list[str] = []
    for name in names:
        last = re.split(r"[\\/]", name)[-1]
        plain = re.sub(r"[^\w.\- ]", "_", last).strip(". ")[-100:].lstrip(". ") or "file"
        made.append(plain if plain not in made else f"{len(made)}-{plain}")
    return made


def _sweep() -> None:
    """Clear away what was uploaded and never loaded."""
    place, ws = session.workspace().root / "uploads", session.workspace()
    if place.is_dir():
        wanted = {str(Path(file).parent) for one in ic.jobs.running(ws) for file in one.arguments.get("files", ())}
        for one in place.iterdir():
            if one.stat().st_mtime < time() - _KEPT_S and str(one) not in wanted:
                shutil.rmtree(one, ignore_errors=True)
