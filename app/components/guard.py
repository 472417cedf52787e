"""Guard: a mistake becomes one line on the page, never a traceback."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

import insight_core as ic
from app import text, words
from insight_core.settings import read_settings

_LOG = logging.getLogger(__name__)


@contextmanager
def told() -> Iterator[None]:
    """Tell what went wrong in one line; what is our fault is logged in full for whoever runs the app."""
    try:
        yield
    except ic.UserError as mistake:
        st.error(text.markdown(words.about_field(str(mistake))), icon=None)
    except ic.InsightError as fault:
        _LOG.exception("a fault of ours")
        st.error(f"The workbench failed at this: {text.markdown(fault)}")
    except Exception as unforeseen:  # noqa: BLE001 the last guard
        if ours := ic.in_our_words(unforeseen, read_settings().store):
            _LOG.warning("%s", ours)
            st.error(text.markdown(ours))
            return
        # Whatever it is, the page stays a page: the words of a driver or a library help nobody here.
        _LOG.exception("an unforeseen fault")
        st.error("The workbench failed at this. Its log says more.")
