"""Choices whose code is in the address line: what is shown may be told otherwise, an old link still holds."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from app import session, text

_SEEN = "address_"


def select(
    label: str,
    options: Sequence[Any],
    key: str,
    told: Callable[[Any], str] = text.sentence,
    stays: bool = False,
    **more: Any,
) -> Any:
    """A select box bound to the address line by code; its first option is the usual one and is not written there.

    `stays` keeps the choice when another page is opened without a word of it.
    """
    _take(key, options, stays)
    chosen = st.selectbox(label, options, key=key, format_func=told, **more)
    _write(key, chosen, options[0])
    return chosen


def any_of(label: str, options: Sequence[str], key: str, told: Callable[[str], str], **more: Any) -> Any:
    """The same where nothing need be chosen: None is any of them."""
    return select(label, [None, *options], key, lambda one: told(one) if one else "Any", placeholder="Any", **more)


def segments(label: str, options: Sequence[Any], key: str, told: Callable[[Any], str] = text.sentence) -> Any:
    """The same as a segmented control of which one is always chosen."""
    _take(key, options, stays=False)
    chosen = st.segmented_control(
        label, options, key=key, format_func=told, required=True, label_visibility="collapsed"
    )
    if chosen is not None:  # in a run that leaves the page none is
        _write(key, chosen, options[0])
    return chosen


def _take(key: str, options: Sequence[Any], stays: bool) -> None:
    """What the address line says takes hold when it says something new."""
    said = st.query_params.get(key)
    if key in st.session_state and (session.visit(), said) == st.session_state.get(_SEEN + key):
        return
    if said is None and stays and key in st.session_state:
        return
    codes = {str(one): one for one in options}
    st.session_state[key] = codes.get(said or "", options[0])


def _write(key: str, chosen: Any, usual: Any) -> None:
    if chosen != usual:
        if st.query_params.get(key) != str(chosen):
            st.query_params[key] = str(chosen)
    elif key in st.query_params:
        del st.query_params[key]
    st.session_state[_SEEN + key] = (session.visit(), st.query_params.get(key))
