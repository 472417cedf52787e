"""Places: another page is one step of the browser's history, and what a page notes in its own address is none."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import streamlit as st

from app import session

# What makes another place of the same page; whatever else an address says is how the place is looked at.
_MARKS = (session.CUSTOMER, session.NOTEBOOK)
# Trusted code, the same for every page. Streamlit makes a step of history whenever a script notes something in the
# address, and two when a script or a link with a query opens a page: Back would lead through every filter. So here the
# newest address stands for a place, and a page is opened as the browser's own Back opens it: in one step, with the
# sidebar as it is.
_WATCH = """
const LINKS = '[data-testid="stPageLink-NavLink"], [data-testid="stSidebarNavLink"]';
const place = (url, marks) => {
  const to = new URL(url, location.href);
  return JSON.stringify([to.pathname, ...marks.map((one) => to.searchParams.get(one))]);
};
const go = (url, kept) => {
  const [to, here] = [new URL(url, location.href), new URL(location.href)];
  for (const one of kept) {
    if (!to.searchParams.has(one) && here.searchParams.has(one)) to.searchParams.set(one, here.searchParams.get(one));
  }
  history.pushState({}, "", to);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
};
const begin = ({ marks, kept }) => {
  history.pushState = function (state, title, url) {
    const stays = url != null && place(url, marks) === place(location.href, marks);
    (stays ? History.prototype.replaceState : History.prototype.pushState).call(history, state, title, url);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(LINKS);
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || elsewhere || link.target === "_blank" || link.origin !== location.origin) return;
    event.preventDefault();
    event.stopPropagation();
    if (!link.hasAttribute("disabled")) go(link.href, kept);
  }, true);
};
export default function ({ data }) {
  if (!Object.hasOwn(history, "pushState")) begin(data);
  if (!data.turn || document.iwWent === data.turn) return;
  document.iwWent = data.turn;
  go(data.to, data.kept);
}
"""
_watch = st.components.v2.component("iw_places", js=_WATCH)


def watch() -> None:
    """On every page: the browser's Back leads to the place before."""
    _watch(key="places", data={"marks": _MARKS, "kept": session.STAYS, "turn": ""}, height=1)


def go(page: Any, query: Mapping[str, str] | None = None) -> None:
    """Open another page from within a run, at the same purpose and clock; the run ends here."""
    address = f"./{page.url_path}?{urlencode(query or {})}"
    _watch(key="places_go", data={"marks": _MARKS, "kept": session.STAYS, "turn": uuid4().hex, "to": address}, height=1)
    st.stop()
