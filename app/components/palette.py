"""The palette: one search over customers, pages, saved views and recent customers, by Ctrl+K from every page."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from app import cached, session, text, words
from app.components import places

_HERE = Path(__file__).parent
_TURN = "palette_turn"
_HITS = 8

_component = st.components.v2.component(
    "insight_palette",
    html=(_HERE / "palette.html").read_text(encoding="utf-8"),
    css=(_HERE / "palette.css").read_text(encoding="utf-8"),
    js=(_HERE / "palette.js").read_text(encoding="utf-8"),
)

Item = dict[str, Any]


@st.fragment
def draw(titles: Mapping[str, str], link: Callable[[str], Any]) -> None:
    """The search button and its dialog; `titles` are the pages by view, `link` gives the page of one."""
    turn = st.session_state.setdefault(_TURN, 0)
    key = f"palette-{turn}"
    asked = (st.session_state.get(key) or {}).get("asked")
    # Closed, it asks the store nothing.
    known = [*_pages(titles)] if asked is None else [*_people(str(asked)), *_views(titles), *_pages(titles)]
    said = _component(
        key=key,
        data={"asked": asked, "items": known, "purpose": text.words(session.purpose())},
        default={"asked": None},
        on_asked_change=_nothing,
        on_chosen_change=_nothing,
    )
    if said.chosen:
        # What was asked is over with the choice: the next page has a palette of its own.
        st.session_state[_TURN] = turn + 1
        places.go(link(said.chosen["view"]), said.chosen["query"])


def _nothing() -> None:
    """The next run looks at what changed."""


def _people(asked: str) -> list[Item]:
    hits = cached.found(asked, _HITS) if asked else []
    known = {one["customer"] for one in hits}
    recent = [one for one in session.workspace().recent(purpose=session.purpose()) if one["customer"] not in known]
    return [_customer(one, "Customers") for one in hits] + [_customer(one, "Recent customers") for one in recent]


def _customer(one: Mapping[str, Any], group: str) -> Item:
    kind = words.KINDS.get(one["kind"], "")
    held = "" if one["name"] else "name withheld"
    note = ", ".join(part for part in (held, one["city"], kind) if part)
    go = {"view": "profile", "query": session.open_customer(one["customer"])}
    return {"group": group, "title": one["name"] or one["customer"], "note": note, "go": go}


def _views(titles: Mapping[str, str]) -> list[Item]:
    return [
        {"group": "Saved views", "title": one["name"], "note": titles[one["view"]],
         "go": {"view": one["view"], "query": one["query"]}}
        for one in session.workspace().views()
        if one["view"] in titles
    ]  # fmt: skip


def _pages(titles: Mapping[str, str]) -> list[Item]:
    go = {view: {"view": view, "query": {}} for view in titles}
    return [
        {"group": "Pages", "title": text.sentence(title), "note": "", "go": go[view]} for view, title in titles.items()
    ]
