"""The sidebar: where to go, whom to find, for which purpose and at which clock."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from app import cached, session, text, words
from app.components import guard

_VIEWS = Path(__file__).parent.parent / "views"

# view: its title; the first is the page that opens.
_TITLES = {
    "home": "Home",
    "load": "Load",
    "customers": "Customers",
    "profile": "Profile",
    "fix": "Fix",
    "recommend": "Recommend",
    "history": "History",
}


@cache
def page(view: str) -> Any:
    """The page of a view, for navigation and links."""
    return st.Page(_VIEWS / f"{view}.py", title=_TITLES[view], url_path=view, default=view == "home")


def pages() -> list[Any]:
    """All pages in their order."""
    return [page(view) for view in _TITLES]


def draw() -> None:
    """Search, purpose and clock."""
    with st.sidebar:
        with guard.told():
            _search()
        st.selectbox(
            "Purpose",
            list(words.PURPOSES),
            index=list(words.PURPOSES).index("customer_care"),
            key=session.PURPOSE,
            format_func=text.sentence,
            bind="query-params",
            help="Why you look. What the purpose may not see is withheld, with its reason; each look leaves a receipt.",
        )
        st.caption(f"To {words.PURPOSES[session.purpose()].meaning}.")
        st.date_input(
            "Today is",
            value=None,
            key=session.CLOCK,
            bind="query-params",
            format="YYYY-MM-DD",
            min_value=text.EARLIEST,
            max_value=text.LATEST,
            help="Freshness, ages and consents are told as of this day; empty means today.",
        )


def _search() -> None:
    asked = st.text_input("Find a customer", key="find", type="search", icon="", placeholder="Name, e-mail, key, phone")
    if not asked:
        return
    hits = cached.found(asked)
    for one in hits:
        st.page_link(page("profile"), label=_hit(one), query_params=session.open_customer(one["customer"]))
    if not hits:
        st.caption("Nobody is known by that.")


def _hit(one: dict[str, Any]) -> str:
    where = f", {text.markdown(one['city'])}" if one["city"] else ""
    return f"{text.markdown(one['name'] or one['customer'])}{where}"
