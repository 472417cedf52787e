"""Kind: what a row of the file tells, guessed from its columns, and said by a person where the guess is wrong."""

from pathlib import Path
from typing import Any

import streamlit as st

from app import cached
from app.components import page

# Events name customers: those come first.
ROWS = {
    "parties": "a customer",
    "references": "a reference: an area, a product or an industry",
    "market": "a market figure",
    "interactions": "a contact",
    "usage": "an order or a use",
    "consents": "a consent",
}
# An event names the customer that it is about.
KEYED = dict.fromkeys(("interactions", "usage", "consents"), "customer")
_HELP = "What one row of the file tells. It is guessed from the columns: choose another where the guess is wrong."
_UNKNOWN = "Nothing in the names and values of its columns tells: say it, then say what each column becomes."


def usual(path: Path, guess: Any, stamp: str) -> Any:
    """The recipe to begin with: the one that knows the file, or a proposal for the kind of row that was said.

    None where nothing is guessed and nothing said.
    """
    said = st.session_state.get(_field(stamp))
    if said is None or (guess is not None and (not guess.notes or said == guess.dataset)):
        return guess
    return cached.suggested(path, stamp, said)


def ask(guess: str, key: str) -> None:
    """Ask for the kind of row, which is as guessed until somebody says otherwise."""
    _asked(list(ROWS).index(guess), key)


def ask_first(name: str, stamp: str) -> None:
    """Ask for the kind of row of a file of which nothing is guessed."""
    page.section(f"What does a row of {name} tell?", _UNKNOWN)
    _asked(None, stamp)


def _asked(at: int | None, stamp: str) -> None:
    st.selectbox("Each row is", list(ROWS), index=at, format_func=lambda one: ROWS[one], key=_field(stamp), help=_HELP,
                 placeholder="Say which", width=380)  # fmt: skip


def _field(stamp: str) -> str:
    return f"kind_{stamp}"
