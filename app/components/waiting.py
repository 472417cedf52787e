"""Waiting: what was begun for a customer and is not applied yet, with the way to where it is."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app import session, text, words
from app.components import page, sidebar


def draw(customer: str) -> None:
    """A line that says which changes of the customer wait in Fix; nothing when none does."""
    mine = [one for one in session.workspace().drafts() if one["customer"] == customer]
    if not mine:
        return
    # What a draft says may be withheld from the purpose: which field it is about is not.
    told = ", ".join(words.name_of(one["field"]) + _does(one) for one in mine)
    kind = "A change waits as a draft" if len(mine) == 1 else f"{text.plural(len(mine), 'change')} wait as drafts"
    with st.container(horizontal=True, vertical_alignment="center", key="iw_waiting"):
        page.block(f'<p class="iw-banner" role="status">{kind}: {text.html(told)}. Nothing is changed yet.</p>')
        st.page_link(sidebar.page("fix"), label="Look at it in Fix")


def _does(one: Mapping[str, Any]) -> str:
    return {"confirm": " confirmed", "choose": " from another source"}.get(str(one["action"]), "")
