"""The sidebar: where to go, whom to find, for which purpose and at which clock."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from app import session, text
from app.components import guard, job, palette, purpose

_VIEWS = Path(__file__).parent.parent / "views"

# view: its title; the first is the page that opens.
_TITLES = {
    "home": "Home",
    "load": "Load",
    "customers": "Customers",
    "profile": "Profile",
    "fix": "Fix",
    "recommend": "Recommend",
    "notebooks": "Notebooks",
    "history": "History",
}


@cache
def page(view: str) -> Any:
    """The page of a view, for navigation and links."""
    return st.Page(_VIEWS / f"{view}.py", title=_TITLES[view], url_path=view, default=view == "home")


def pages() -> list[Any]:
    """All pages in their order."""
    return [page(view) for view in _views()]


def _views() -> list[str]:
    return [view for view in _TITLES if (_VIEWS / f"{view}.py").exists()]


def draw() -> None:
    """Search, purpose and clock."""
    with st.sidebar:
        with guard.told():
            palette.draw({view: _TITLES[view] for view in _views()}, page)
        purpose.choose()
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
        with guard.told():
            st.caption(f"The clock stands at {text.day(session.workspace().now.date())}.")


def runs() -> None:
    """What runs, told after the page: what has just ended there is no longer told here."""
    with st.sidebar, guard.told():
        job.line(page)
