"""A view as a notebook: the button that makes one with the filters that the view stands at."""

from typing import Any

import streamlit as st

from app import session
from app.components import guard, places, sidebar


def open_as(view: str, **parameters: Any) -> None:
    """Offer to open the view as a notebook with these parameters and the purpose of the sidebar."""
    pressed = st.button(
        "Open as notebook", key=f"open_as_{view}", type="tertiary",
        help="A notebook that rebuilds what stands here, with its filters as parameters. It runs in Notebooks.",
    )  # fmt: skip
    if pressed:
        with guard.told():
            made = session.workspace().notebooks.open_as(view, {"purpose": session.purpose(), **parameters})
            places.go(sidebar.page("notebooks"), {session.NOTEBOOK: made})
