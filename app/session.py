"""The session: its keys, its workspace, and what the address line says."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import streamlit as st

import insight_core as ic
from insight_core.catalogue import CARE
from insight_core.settings import read_settings

# Keys of the session. What a reload must find again is not here but in the address line.
WORKSPACE = "workspace"
SAID = "said"
PURPOSE = "purpose"
CLOCK = "now"
CUSTOMER = "customer"
NOTEBOOK = "notebook"
# What an address keeps on the way to another page.
STAYS = (PURPOSE, CLOCK)

_MOVED, _ADDRESS, _VIEW, _VISIT = "now_moved", "address", "view", "visit"
USUAL_PURPOSE = CARE
# An open page's clock may lag by this much before the store is opened anew.
_CLOCK_LAGS = timedelta(minutes=10)


def workspace() -> ic.Workspace:
    """The session's own workspace, at the clock of the sidebar, else of INSIGHT_NOW, else at the time of the day."""
    settings, held = read_settings(), st.session_state.get(WORKSPACE)
    stated = clock() or settings.now
    if held is not None and held.root == settings.store and _clock_stands(held.now, stated):
        return held
    st.session_state[WORKSPACE] = opened(stated)
    return st.session_state[WORKSPACE]


def _clock_stands(held: datetime, stated: datetime | None) -> bool:
    if stated is None:
        return abs(datetime.now(UTC) - held) < _CLOCK_LAGS
    return held == (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).replace(microsecond=0)


def clock() -> datetime | None:
    """The day that the sidebar puts in the place of today."""
    chosen = st.session_state.get(CLOCK)
    return datetime(chosen.year, chosen.month, chosen.day, tzinfo=UTC) if isinstance(chosen, date) else None


def purpose() -> str:
    """The purpose that the sidebar states; every reader asks with it."""
    return str(st.session_state.get(PURPOSE) or USUAL_PURPOSE)


def customer() -> str | None:
    """The customer that the address line names."""
    return st.query_params.get(CUSTOMER)


def open_customer(name: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The address of a customer's profile, as query parameters."""
    return {CUSTOMER: name, **(more or {})}


def opened(moment: datetime | None) -> ic.Workspace:
    """The store that INSIGHT_STORE names, at a clock."""
    return ic.open_store(read_settings().store, now=moment, door="app")


def move_clock(moment: datetime) -> None:
    """Let the next run stand at that day; the sidebar's own field shows it."""
    st.session_state[_MOVED] = moment.date()


def arrive(view: str) -> None:
    """At the start of a run, before the sidebar draws: what a button asked for takes hold, another page begins anew."""
    if st.session_state.get(_VIEW) != view:
        _begin(view)
    if _MOVED in st.session_state:
        st.session_state[CLOCK] = st.session_state.pop(_MOVED)
    address = st.query_params.to_dict()
    if st.session_state.get(_ADDRESS) != address:
        # A link to the page that is open already leaves the browser's address line as it was: this writes it there.
        st.query_params.update()
        st.session_state[_ADDRESS] = address


def visit() -> int:
    """How often another page was opened until now."""
    return int(st.session_state.get(_VISIT, 0))


def _begin(view: str) -> None:
    """Filters of two pages may have one name: what the address of the page before said is not meant for this one."""
    st.session_state.update({_VIEW: view, _VISIT: visit() + 1})
    for name in set(st.session_state.get(_ADDRESS, ())) - {*STAYS} - set(st.query_params):
        st.session_state.pop(name, None)


def say(message: str) -> None:
    """A message for after the rerun that a write brings."""
    st.session_state[SAID] = message


def said() -> str | None:
    """The message that waits, once."""
    return st.session_state.pop(SAID, None)
