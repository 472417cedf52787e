"""Incoming files: taken in, kept in the store's own folder under safe names until they are loaded."""

import re
import shutil
from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

import streamlit as st

import insight_core as ic
from app import session, text
from app.components import begun, page

UPLOAD = "upload"  # what the address line calls the folder: a reload finds it again
_FOLDER = "load_folder"
_ROUND = "load_round"
_LEFT = "load_left"
_NAMED = re.compile(r"[0-9a-f]{32}")
# Nobody waits this long before the button is pressed; what lies about longer is cleared away.
_KEPT_S = 24 * 3600
_MOST = 4  # uploads that wait in a store: a colleague's is not dropped for mine, and the disk does not fill
_OURS = 0o700  # people's data: nobody else on this machine reads it
_HELP = "CSV, TSV, XLSX, JSON, JSON lines or Parquet, plain or in gz or zip: its content decides, not its name."


def chosen() -> list[Path]:
    """The files that were uploaded, those that waited for this page among them, or the one named by its path."""
    left, right = st.columns([3, 2], gap="large")
    turn = st.session_state.get(_ROUND, 0)
    key = f"load_upload_{turn}"
    if key not in st.session_state:
        _arrive()
    uploads = left.file_uploader("Files", accept_multiple_files=True, key=key, help=_HELP)
    path = right.text_input("Or a path on this machine", key=f"load_path_{turn}", help="For files too large to upload")
    paths = _kept(uploads) if uploads or _lies() else []
    _address(paths)
    _waits([one for one in paths if one.name in st.session_state[_LEFT]])
    if paths:
        return paths
    return [Path(path.strip()).expanduser()] if path and path.strip() else []


def _arrive() -> None:
    """Whoever comes to this page, or back to it, finds what was uploaded and not loaded."""
    named = st.query_params.get(UPLOAD, "")
    if held() is None and _NAMED.fullmatch(named):
        place = session.workspace().root / "uploads" / named
        # A load that was started on it takes it away.
        if place.is_dir() and place.resolve() not in _at_work("load"):
            st.session_state[_FOLDER] = str(place)
    st.session_state[_LEFT] = sorted(one.name for one in _lies())
    if (mine := held()) is not None:
        begun.take_up(mine)


def _address(paths: list[Path]) -> None:
    """A reload finds what waits by the address line; where nothing waits nothing is kept."""
    if paths:
        st.query_params[UPLOAD] = paths[0].parent.name
        return
    st.query_params.pop(UPLOAD, None)
    if (place := held()) is not None:
        shutil.rmtree(place, ignore_errors=True)


def _waits(paths: list[Path]) -> None:
    """The files that are here from before, which the uploader does not show, and the way to be rid of them."""
    if not paths:
        return
    told = ", ".join(f"{one.name} ({text.size(one.stat().st_size)})" for one in paths)
    with st.container(horizontal=True, vertical_alignment="center", key="load_waits"):
        page.block(f'<p class="iw-banner" role="status">Uploaded and not loaded yet: {text.html(told)}</p>')
        st.button("Drop it" if len(paths) == 1 else "Drop them", key="load_drop", on_click=_drop, args=(paths,))


def _drop(paths: list[Path]) -> None:
    for one in paths:
        one.unlink(missing_ok=True)


def held() -> Path | None:
    """This session's own folder, where it has one."""
    place = st.session_state.get(_FOLDER)
    return Path(place) if place and Path(place).is_dir() else None


def _lies() -> list[Path]:
    """What lies in the session's folder; what begins with a dot is not of the uploads."""
    place = held()
    return [one for one in place.iterdir() if not one.name.startswith(".")] if place else []


def folder() -> Path:
    """The session's own folder in the store, made when it has none; a job that loaded what lies in it takes it away."""
    place = held()
    if place is None:
        _sweep()
        place = session.workspace().root / "uploads" / uuid4().hex
        place.parent.mkdir(parents=True, exist_ok=True)
        place.mkdir(mode=_OURS)
        st.session_state[_FOLDER] = str(place)
    return place


def apart() -> Path:
    """A new folder that is nobody's session's, for what a job takes away with its files."""
    place = folder()
    st.session_state.pop(_FOLDER)
    return place


def ours(place: Path) -> bool:
    """Whether the folder is the store's own, for uploads."""
    return place.resolve().parent == (session.workspace().root / "uploads").resolve()


def hand_over(paths: list[Path]) -> list[Path]:
    """Give these to a job, which takes them away when they are in; the other uploads wait for their turn."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    if not all(ours(one.parent) for one in paths):
        return paths
    place = paths[0].parent
    later = [one for one in _lies() if one not in paths]
    st.session_state.pop(_FOLDER, None)
    st.query_params.pop(UPLOAD, None)
    for one in later:
        one.rename(folder() / one.name)
    return [place / one.name for one in paths]


def stamp(paths: list[Path]) -> str:
    """What tells these files, as they are now, from any others."""
    return "|".join(f"{path}:{path.stat().st_mtime_ns if path.is_file() else 0}" for path in paths)


def _kept(uploads: list[Any]) -> list[Path]:
    """The uploads as files, beside those that wait; one of the same name takes a waiting one's place.

    Those that were taken back on the page go.
    """
    place, names, before = folder(), _safe([one.name for one in uploads]), st.session_state[_LEFT]
    waiting = [one for one in before if one not in names and (place / one).is_file()]
    st.session_state[_LEFT] = waiting
    for old in _lies():
        if old.name not in (*names, *waiting):
            old.unlink()
    for name, one in zip(names, uploads, strict=True):
        path = place / name
        if name in before or not path.exists() or path.stat().st_size != one.size:
            path.unlink(missing_ok=True)
            begun.write(path, one.getbuffer())
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
    """Clear away what was uploaded and never loaded: what is older than a day, and all but the newest few."""
    place = session.workspace().root / "uploads"
    if place.is_dir():
        working, now = _at_work(), time()
        free = [(one.stat().st_mtime, one) for one in place.iterdir() if one.resolve() not in working]
        for number, (seen, one) in enumerate(sorted(free, reverse=True)):
            if number >= _MOST - 1 or seen < now - _KEPT_S:
                shutil.rmtree(one, ignore_errors=True)


def _at_work(*kinds: str) -> set[Path]:
    """The folders that jobs under way read, of these kinds or of any."""
    running = [one for one in ic.jobs.running(session.workspace()) if not kinds or one.kind in kinds]
    return {Path(file).resolve().parent for one in running for file in one.arguments.get("files", ())}
