"""Fix: what is worth fixing, the changes that wait, and their effect before they are applied."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import empty, fixing, guard, page, sidebar, worklist
from insight_core.errors import Refused

_ROWS = 20
_STATES = ("conflicting", "invalid", "missing", "stale")
_UNDER = (
    "Fields that are stale, conflicting, missing or invalid, most valuable first. "
    "A fix is evidence of its own: nothing is overwritten, and each can be undone."
)


def main() -> None:
    """The waiting changes above, the worklist below."""
    page.head("Fix", _UNDER)
    _basket()
    try:
        items = cached.worklist(*_chosen())
    except Refused:
        empty.instead()
        return
    _worklist(items)


def _basket() -> None:
    waiting = session.basket()
    if not waiting:
        return
    with st.container(border=True, key="fix_basket"):
        page.block(f"<h2>{text.plural(len(waiting), 'change')} waiting</h2>")
        with guard.told():
            found = fixing.preview(waiting)
            names = {one["customer"]: one["name"] for one in waiting}
            page.table([_before_after(one, names) for one in found])
        with st.container(horizontal=True):
            if st.button(f"Apply {text.plural(len(waiting), 'change')}", type="primary", key="fix_apply"):
                with guard.told():
                    fixing.apply(waiting)
                    st.rerun()
            if st.button("Drop them", key="fix_drop"):
                waiting.clear()
                st.rerun()


def _before_after(one: ic.Change, names: Mapping[str, str]) -> dict[str, str]:
    return {
        "Customer": names.get(one.customer, one.customer),
        "Field": words.name_of(one.field),
        "Before": words.shown(one.field, one.before),
        "After": words.shown(one.field, one.after),
    } | {title: _moves(one, name) for name, (title, _) in words.SCORES.items() if name != "lawful"}


def _moves(one: ic.Change, score: str) -> str:
    before, after = one.scores_before.get(score), one.scores_after.get(score)
    if before == after:
        return f"{text.percent(before)}, as before"
    return f"{text.percent(before)} to {text.percent(after)}"


def _chosen() -> list[str]:
    return st.pills("Show", _STATES, selection_mode="multi", key="states", bind="query-params", on_change=_first_page)


def _first_page() -> None:
    """Another question begins on its first page."""
    st.session_state["page"] = 1


def _worklist(items: list[ic.WorkItem]) -> None:
    if not items:
        empty.nobody("Nothing is left to fix for this purpose.")
        return
    pages = -(-len(items) // _ROWS)
    start = (min(int(st.session_state.get("page", 1)), pages) - 1) * _ROWS
    for at, one in enumerate(items[start : start + _ROWS]):
        with st.container(key=f"fix_row_{at}"):
            _item(one)
    if pages > 1:
        st.pagination(pages, key="page", bind="query-params")


def _item(one: ic.WorkItem) -> None:
    who, what, act = st.columns([3, 7, 1.3], vertical_alignment="center")
    with who:
        query = session.open_customer(one.customer)
        st.page_link(sidebar.page("profile"), label=text.markdown(one.name), query_params=query)
    what.html(worklist.line(one))
    with act:
        if st.button("Fix", key=f"fix_open_{one.customer}_{one.field}"):
            _one(one)


@st.dialog("Fix a field", width="medium")
def _one(item: ic.WorkItem) -> None:
    with guard.told():
        rows = cached.evidence(item.customer)
        profile = cached.profile(item.customer)
        page.block(f"<h3>{text.html(item.name)}</h3>{worklist.line(item)}")
        value: Any = _current(profile, item.field)
        fixing.one_field(item.customer, item.name, item.field, value, rows, "fix")


def _current(profile: ic.Profile, field: str) -> Any:
    return next((one.fields[field].value for one in profile.facets.values() if field in one.fields), None)


main()
