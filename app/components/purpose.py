"""Purpose: chosen in the sidebar, and never changed by a link without a word about it."""

from typing import Any

import streamlit as st

from app import session, text, words
from app.components import coded, page

_WHY = "Why you look. What the purpose may not see is withheld, with its reason; each look leaves a receipt."
_PURPOSES = sorted(words.PURPOSES, key=lambda one: one != session.USUAL_PURPOSE)
_STOOD, _BY_HAND, _MOVED = "purpose_stood", "purpose_by_hand", "purpose_moved"


def choose() -> None:
    """The choice, what the purpose is for, and a note of it when a link has made it."""
    chosen = coded.select("Purpose", _PURPOSES, session.PURPOSE, stays=True, help=_WHY, on_change=_hand)
    st.caption(f"To {words.PURPOSES[chosen].meaning}.")
    stood, by_hand = st.session_state.get(_STOOD), st.session_state.pop(_BY_HAND, False)
    st.session_state[_STOOD] = chosen
    if by_hand:
        st.session_state.pop(_MOVED, None)
    elif stood not in (None, chosen):
        st.session_state[_MOVED] = (stood, None)


def _hand() -> None:
    st.session_state[_BY_HAND] = True


def told(view: Any) -> None:
    """On the page that the link led to: that it changed the purpose, and the way back."""
    before, there = st.session_state.get(_MOVED, (None, None))
    if before is None or there not in (None, view.title):
        st.session_state.pop(_MOVED, None)
        return
    st.session_state[_MOVED] = (before, view.title)
    now, then = (text.words(one) for one in (session.purpose(), before))
    with st.container(horizontal=True, vertical_alignment="center", key="iw_purpose_moved"):
        page.block(f'<p class="iw-banner" role="status">This link asks for {now}: you looked for {then} before.</p>')
        st.button(f"Back to {then}", key="purpose_back", on_click=_back, args=(before,))


def asked_by(purpose: str) -> str:
    """What the label of a link says of the purpose that it asks for: nothing where that is the present one."""
    return "" if purpose == session.purpose() else f", for {text.words(purpose)}"


def _back(before: str) -> None:
    st.session_state[session.PURPOSE] = before
    st.session_state.pop(_MOVED, None)
    _hand()
