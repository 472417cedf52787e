"""Into view: what was just asked for is scrolled to, once, where a long page would leave it off the screen."""

from typing import Literal
from uuid import uuid4

import streamlit as st

_ASKED = "into_view"
# Trusted code, the same for every page: it only scrolls to the first element of the class that the data name.
_SCROLL = """
export default function ({ data }) {
  if (document.iwTurn === data.turn) return;
  document.iwTurn = data.turn;
  const shown = data.turn && document.querySelector("." + data.mark);
  if (shown) shown.scrollIntoView({ block: data.block });
}
"""
_scroll = st.components.v2.component("iw_into_view", js=_SCROLL)


def container(key: str) -> str:
    """The class of a container with a key."""
    return f"st-key-{key}"


def ask(mark: str, turn: str | None = None, block: Literal["start", "nearest"] = "start") -> None:
    """Scroll to what has the class `mark` when the page is drawn; runs that ask for the same `turn` scroll once."""
    st.session_state[_ASKED] = {"mark": mark, "turn": turn or uuid4().hex, "block": block}


def draw() -> None:
    """At the end of a page: scroll to what was asked for."""
    _scroll(key="scroll", data=st.session_state.pop(_ASKED, {"turn": ""}), height=1)
