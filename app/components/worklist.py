"""The worklist in words: what is the matter with a field, and what a fix wins back."""

from collections.abc import Sequence

import streamlit as st

import insight_core as ic
from app import session, text, words
from app.components import fixing, page, receipts, sidebar


def short(items: Sequence[ic.WorkItem], prefix: str) -> None:
    """A few items, each with the way to its profile, where the field waits to be put right."""
    if not items:
        page.under("Nothing is stale, missing, conflicting or invalid for this purpose.")
    for at, one in enumerate(items):
        with st.container(key=f"{prefix}_item_{at}"):
            who, what = st.columns([2, 5])
            with who:
                query = session.open_customer(one.customer, {fixing.ASKED: one.field})
                st.page_link(sidebar.page("profile"), label=text.markdown(one.name), query_params=query)
            what.html(line(one))


def line(one: ic.WorkItem) -> str:
    """What is the matter with a field."""
    value = "" if one.value is None else f" <strong>{text.html(shown(one))}</strong>"
    told = f"<span>{text.html(words.name_of(one.field))}{value}</span>"
    reason = f'<span class="small">{text.html(why(one))}</span>'
    return f'<div class="iw iw-item">{receipts.state(state(one))}{told}{reason}</div>'


def why(one: ic.WorkItem) -> str:
    """The reason in words."""
    return words.readable(one.reason.removeprefix("missing: "))


def brief(one: ic.WorkItem) -> str:
    """What is the matter and why, where there is little room: for which purpose stands in the sidebar."""
    reason = words.brief(one.reason.removeprefix("missing: "))
    reason = reason.replace(f" of what {text.words(session.purpose())} needs", " of the need")
    return reason if one.state == "conflicting" else f"{words.STATES[state(one)]}: {reason}"


def shown(one: ic.WorkItem) -> str:
    """The value as people read it: the worklist has it as text."""
    if one.value is None:
        return text.DASH
    kind = words.field(one.field).type
    if kind in ("money", "ratio"):
        return words.shown(one.field, float(one.value))
    if kind == "integer":
        return words.shown(one.field, int(one.value))
    return words.shown_stored(one.field, one.value)


def state(one: ic.WorkItem) -> str:
    """The state as `receipts` draws it: the worklist says missing for unknown."""
    return "unknown" if one.state == "missing" else one.state
