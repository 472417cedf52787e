"""Begun: what was said about files that wait to be loaded, kept beside them so that a reload finds it."""

import json
import os
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import streamlit as st

_FILE = ".begun.json"
_GRID, _FIRST = "grid_", "first_"
_DAY = "day_"
_FIELDS = ("source_", "recipe_", "format_", "value_", "kind_", "always_", _DAY, _GRID)


def take_up(place: Path) -> None:
    """Let the fields of the page say again what was said before it was left."""
    for key, value in _told(place).items():
        if _says(place, key):
            st.session_state[_FIRST * key.startswith(_GRID) + key] = _day(value) if key.startswith(_DAY) else value


def keep(place: Path) -> None:
    """Keep what the page's fields say of the files in the folder; one that is not drawn for now said it before."""
    before = _told(place)
    said = {
        str(key): str(value or "") if str(key).startswith(_DAY) else value
        for key, value in st.session_state.items()
        if (isinstance(value, (str, dict)) or str(key).startswith(_DAY)) and _says(place, str(key))
    }
    if before | said != before:
        beside = place / f".{uuid4().hex}"
        write(beside, json.dumps(before | said, ensure_ascii=False, indent=1).encode())
        beside.replace(place / _FILE)


def write(path: Path, content: bytes | memoryview) -> None:
    """Write a new file that nobody else on this machine reads: it holds people's data."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _told(place: Path) -> dict[str, Any]:
    with suppress(FileNotFoundError):
        told: dict[str, Any] = json.loads((place / _FILE).read_text(encoding="utf-8"))
        return told
    return {}


def _day(told: str) -> date | None:
    """A day that was taken back is none again."""
    return date.fromisoformat(told) if told else None


def _says(place: Path, key: str) -> bool:
    """Whether it is the key of a field that says something of a file in the folder."""
    return key.startswith(_FIELDS) and str(place) in key


def grid(key: str) -> dict[str, str]:
    """What was chosen for each column before the page was left: a grid begins with it, and is not fed its own words."""
    return dict(st.session_state.get(f"{_FIRST}{_GRID}{key}", {}))


def chose(key: str, said: dict[str, str]) -> None:
    """What is chosen now for the columns that are not as proposed."""
    st.session_state[f"{_GRID}{key}"] = said
