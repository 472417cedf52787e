"""Proposal: what each column of a file is proposed to become, what was chosen instead, and how sure either is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app import text, words
from app.components import begun

Column = Mapping[str, Any]  # a column of the file with what it was proposed to become

UNUSED, KEY = "not used", "key"
_CHOSEN = "you chose"
# from this confidence on: what it is called
_SURE = ((0.9, "sure"), (0.7, "likely"), (0.5, "a guess"), (0.0, "to be checked"))


def becomes(dataset: str, found: Sequence[Column], key: str) -> list[str]:
    """What each line becomes: as it was chosen here, else before the page was left, else as proposed."""
    known, before = {UNUSED, KEY, *words.targets(dataset)}, begun.grid(key)
    now = st.session_state.get(grid(key), {}).get("edited_rows", {})
    said = ((now.get(at, {}).get("field"), before.get(line(one)), one) for at, one in enumerate(found))
    return [next((name for name in (new, old) if name in known), usual(one)) for new, old, one in said]


def grid(key: str) -> str:
    """The key of the grid in which it is chosen."""
    return f"mapping_{key}"


def usual(one: Column) -> str:
    """What a line is proposed to become."""
    return one["target"] or UNUSED


def how(one: Column, becomes: str) -> str:
    """How sure it is that a line becomes this: the proposal says so, or a person."""
    if becomes != usual(one):
        return _CHOSEN
    return _sure(one["confidence"]) if one["target"] else UNUSED


def counted(found: Sequence[Column], becomes: Sequence[str]) -> str:
    """How many lines are how sure: `7 sure, 2 likely, 1 you chose`."""
    sure = Counter(how(one, name) for one, name in zip(found, becomes, strict=True))
    return text.joined([f"{count} {what}" for what, count in sure.most_common()])


def instead(one: Column, names: Mapping[str, str]) -> str:
    """In the place of what something was chosen."""
    return f"in the place of {names[one['target']]}" if one["target"] else "nothing was proposed"


def line(one: Column) -> str:
    """What a line is remembered by: a column of names becomes two fields, in a line each."""
    return f"{one['column']}>{one['target'] or ''}"


def _sure(confidence: float | None) -> str:
    return next(what for least, what in _SURE if (confidence or 0.0) >= least)
