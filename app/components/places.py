"""Places: another page is one step of the browser's history, and what a page notes in its own address is none."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import streamlit as st

from app import session

# What makes another place of the same page; whatever else an address says is how the place is looked at.
_MARKS = (session.CUSTOMER, session.NOTEBOOK)
# Trusted code, the same for every page. Streamlit writes a step of history whenever a script notes something in the
# address: Back then leads through every filter, so within a place the newest address stands for it. A page that a
# script asks for is opened as the browser's own Back opens it: with the sidebar as it is, and in one step.
_WATCH = """
const place = (url, marks) => {
  const to = new URL(url, location.href);
  return JSON.stringify([to.pathname, ...marks.map((one) => to.searchParams.get(one))]);
};
export default function ({ data }) {
  if (!Object.hasOwn(history, "pushState")) {
    history.pushState = function (state, title, url) {
      const stays = url != null && place(url, data.marks) === place(location.href, data.marks);
      (stays ? History.prototype.replaceState : History.prototype.pushState).call(history, state, title, url);
    };
  }
  if (!data.turn || document.iwWent === data.turn) return;
  document.iwWent = data.turn;
  history.pushState({}, "", new URL(data.to, location.href));
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}
"""
_watch = st.components.v2.component("iw_places", js=_WATCH)


def watch() -> None:
    """On every page: the browser's Back leads to the place before."""
    _watch(key="places", data={"marks": _MARKS, "turn": ""}, height=1)


def go(page: Any, query: Mapping[str, str] | None = None) -> None:
    """Open another page from within a run, at the same purpose and clock; the run ends here."""
    stays = {name: st.query_params[name] for name in (session.PURPOSE, session.CLOCK) if name in st.query_params}
    address = f"./{page.url_path}?{urlencode({**stays, **(query or {})})}"
    _watch(key="places_go", data={"marks": _MARKS, "turn": uuid4().hex, "to": address}, height=1)
    st.stop()
