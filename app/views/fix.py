"""Fix: the changes that wait with their effect, and what is worth fixing as a grid."""

from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import coded, empty, fix_bulk, fix_grid, fix_waiting, notebook, page
from insight_core.errors import Refused

_ROWS = 50
_STATES = ("conflicting", "invalid", "missing", "stale")
_UNDER = (
    "Fields that are stale, conflicting, missing or invalid, most valuable first. "
    "A fix is evidence of its own: nothing is overwritten, and each can be undone."
)
_MORE = "More match than are listed at once. The next stand here when these are dealt with; filters narrow the list."


def main() -> None:
    """The waiting changes above, the worklist below."""
    page.head("Fix", _UNDER)
    cards = fix_waiting.draw()
    try:
        _worklist()
    except Refused:
        empty.instead()
    cards()


def _worklist() -> None:
    # In parts of the page: they stay in one row where it is narrow.
    show, *places = st.columns([7.2, 3, 3, 3], gap="small", vertical_alignment="bottom")
    states = show.pills("Show", _STATES, selection_mode="multi", key="states", bind="query-params",
                        on_change=_first_page)  # fmt: skip
    facet = _choice(places[0], "Facet", list(words.FACET_TITLES), "facet", lambda one: words.FACET_TITLES[one])
    fields = [one.name for one in words.fields() if one.origin == "asserted" and facet in (None, one.facet)]
    field = _choice(places[1], "Field", fields, "field", words.name_of)
    sources = [str(one["source"]) for one in session.workspace().sources()]
    source = _choice(places[2], "Value comes from", sources, "source", text.words)
    items = cached.worklist(*states, facet=facet, field=field, source=source)
    if not items:
        empty.nobody("Nothing is left to fix here.")
        return
    _grid(items, field, "_".join([*sorted(states), str(facet), str(field), str(source)]))
    notebook.open_as("fix", states=list(states), facet=facet, field=field, source=source)


def _choice(place: Any, title: str, options: list[str], key: str, told: Any) -> str | None:
    with place:
        picked: str | None = coded.any_of(title, options, key, told, on_change=_first_page)
    return picked


def _first_page() -> None:
    """Another question begins on its first page."""
    st.session_state["page"] = 1


def _counted(items: list[ic.WorkItem], start: int, shown: int) -> str:
    """How many there are, and which of them are shown."""
    capped = len(items) == cached.LOOKED_THROUGH
    many = f"The {len(items):,} most valuable of more" if capped else text.plural(len(items), "field")
    return f"{many} worth fixing, shown {start + 1:,} to {start + shown:,}."


def _grid(items: list[ic.WorkItem], field: str | None, question: str) -> None:
    pages = -(-len(items) // _ROWS)
    at = min(int(st.session_state.get("page", 1)), pages)
    start = (at - 1) * _ROWS
    shown = items[start : start + _ROWS]
    st.caption(_counted(items, start, len(shown)))
    version = f"{session.workspace().version}_{session.purpose()}"
    picked = fix_grid.draw(shown, f"{question}_{at}_{version}", field)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        capped = len(items) == cached.LOOKED_THROUGH
        label = f"Pick the {len(items):,} most valuable" if capped else f"Pick all {len(items):,} that match"
        every = st.toggle(label, key="fix_all", help=_MORE if capped else None)
        if pages > 1:
            st.pagination(pages, key="page", bind="query-params")
    chosen = items if every else picked
    if chosen:
        fix_bulk.draw(chosen)
    else:
        page.under("Pick a row to see what its sources say side by side, or several to decide for all of them at once.")


main()
