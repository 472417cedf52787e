"""Customers: search, filter, sort and page through the base."""

from typing import Any

import pandas as pd
import streamlit as st

from app import session, text, words
from app.components import empty, listing, page, sidebar, twin
from insight_core.errors import Refused

_COLUMNS = {
    "name": "Name",
    "kind": "Kind",
    "where": "Where",
    "stage": "Stage or direction",
    "orders": "Orders",
    "order": "Newest order",
    "contact": "Newest contact",
    "household": "Household",
}


def main() -> None:
    """Filters, the page of rows, and the way to a profile."""
    page.head("Customers")
    query = _filters()
    try:
        total = listing.page(query, 0)["total"]
    except Refused:
        empty.instead()
        return
    if total == 0:
        empty.nobody("Nobody matches. Loosen a filter or look for something else.")
        return
    _rows(query, total)


def _filters() -> listing.Query:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words_said = st.text_input("Name contains", key="q", type="search", icon="", bind="query-params", width=220,
                                   on_change=_first_page)  # fmt: skip
        kind = st.selectbox("Kind", [None, "person", "organisation"], key="kind", bind="query-params",
                            format_func=lambda one: words.KINDS[one] if one else "Any", width=150,
                            on_change=_first_page)  # fmt: skip
        stages = [None, *words.field("stage").values]
        stage = st.selectbox("Life stage", stages, key="stage", bind="query-params",
                             format_func=lambda one: text.sentence(one) if one else "Any", width=190,
                             on_change=_first_page)  # fmt: skip
        sort = st.selectbox("Sort by", list(listing.SORTS), key="sort", bind="query-params",
                            format_func=lambda one: listing.SORTS[one], width=165,
                            on_change=_first_page)  # fmt: skip
        down = st.toggle("Descending", key="down", bind="query-params", on_change=_first_page)
    return listing.Query(words_said or "", kind, stage, sort, down)


def _first_page() -> None:
    """Another question begins on its first page."""
    st.session_state["page"] = 1


def _rows(query: listing.Query, total: int) -> None:
    pages = -(-total // listing.ROWS)
    at = min(max(int(st.session_state.get("page", 1)), 1), pages)
    start = (at - 1) * listing.ROWS
    rows = listing.page(query, start)["rows"]
    last = start + len(rows)
    st.caption(f"{text.plural(total, 'customer')}, shown {start + 1:,} to {last:,}. Choose a row to open the profile.")
    chosen = st.dataframe(
        pd.DataFrame([_row(one) for one in rows], columns=list(_COLUMNS)),
        column_config=_config(),
        hide_index=True,
        height=38 + 35 * len(rows),
        on_select="rerun",
        selection_mode="single-cell",
        placeholder=text.DASH,
        key=f"customers_table_{at}",
        alt=f"Customers {start + 1} to {last} of {total}",
    )
    if pages > 1:
        st.pagination(pages, key="page", bind="query-params")
    twin.offer("Customers", rows=rows)
    for row, _ in chosen["selection"]["cells"][:1]:
        _open(rows[row]["customer"], query, start + row)


def _open(customer: str, query: listing.Query, at: int) -> None:
    st.switch_page(sidebar.page("profile"), query_params=session.open_customer(customer, query.params(at)))


def _config() -> dict[str, Any]:
    return {
        name: st.column_config.DateColumn(title, format="DD MMM YYYY") if name in ("order", "contact") else title
        for name, title in _COLUMNS.items()
    }


def _row(one: dict[str, Any]) -> dict[str, Any]:
    where = ", ".join(part for part in (one["city"], one["country"]) if part)
    stage = one["stage"] or one["direction"]
    return {
        "name": one["name"] or one["customer"],
        "kind": words.KINDS.get(one["kind"] or "unknown"),
        "where": where or None,
        "stage": text.sentence(stage) if stage else None,
        "orders": one["order_count"],
        "order": _date(one["last_order_date"]),
        "contact": _date(one["last_interaction_at"]),
        "household": one["household_size"],
    }


def _date(told: str | None) -> Any:
    read = text.moment(told)
    return read.date() if read else None


main()
