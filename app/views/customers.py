"""Customers: search, filter, sort and page through the base."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
import streamlit as st

from app import cached, session, text, words
from app.components import base_pictures, coded, empty, listing, notebook, page, places, saved, sidebar, twin
from insight_core.errors import Refused

_COLUMNS = {
    "name": "Name",
    "kind": "Kind",
    "where": "Where",
    "stage": "Stage",
    "orders": "Orders",
    "order": "Last order",
    "contact": "Last contact",
    "household": "Household",
}
# With the score in place of the household, or without, they fit a page of 1024.
_WIDTHS = {"name": 120, "score": 78, "kind": 92, "where": 92, "stage": 84, "orders": 54, "order": 92, "contact": 96,
           "household": 82}  # fmt: skip
_HELP = {"stage": "The stage of life of a person, the direction of an organisation"}


def main() -> None:
    """Filters, the page of rows, and the way to a profile."""
    page.head("Customers", "Find them by what is known of them; a row opens the profile.")
    _back()
    query = _filters()
    try:
        answer = listing.page(query, _start())
    except Refused:
        empty.instead()
        return
    if answer["total"] == 0:
        empty.nobody("Nobody matches. Loosen a filter or look for something else." if query.narrowed
                     else "The purpose may not see anybody. Choose another in the sidebar.")  # fmt: skip
        return
    if not answer["rows"]:
        # The list has grown shorter than the address line remembers.
        _first_page()
        answer = listing.page(query, _start())
    _rows(query, answer)


def _back() -> None:
    """The browser's way back from a profile leads here with the profile's address: to the list it was opened from."""
    opened = listing.opened_from()
    if opened is None:
        return
    query, at = opened
    said = {_NAMES.get(name, name): value for name, value in asdict(query).items()}
    st.query_params.from_dict(listing.rest() | {name: str(said[name]) for name in _PARAMETERS if said[name]})
    # These widgets read the address line only when it is opened.
    st.session_state.update({name: said[name] for name in _BOUND} | {"page": at // listing.ROWS + 1})


def _filters() -> listing.Query:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        named = st.text_input("Name contains", key="q", type="search", icon="", bind="query-params", width=215,
                              placeholder="or a source's key", on_change=_first_page)  # fmt: skip
        place = st.text_input("City, region or country", key="place", type="search", icon="", bind="query-params",
                              width=185, help="Part of a city\'s or a region\'s name, or a country\'s two letters.",
                              on_change=_first_page)  # fmt: skip
        kind = _choice("Kind", ("person", "organisation"), "kind", lambda one: words.KINDS[one], 145)
        stage = _choice("Life stage", words.field("stage").values, "stage", text.sentence, 190)
        sort = coded.select("Sort by", list(listing.SORTS), "sort", lambda one: listing.SORTS[one], width=165,
                            on_change=_first_page)  # fmt: skip
        source = _choice("Source", _sources(), "source", str, 215)
        field = _choice("Field", _fields(), "field", words.name_of, 185)
        state = None
        if field is not None:
            state = coded.select("Its state", _STATES, "state", width=145, on_change=_first_page)
        score = _choice("Score", tuple(words.SCORES), "score", lambda one: words.SCORES[one][0], 140)
        least, most = _between() if score else (0, 100)
        down = st.toggle("Descending", key="down", bind="query-params", on_change=_first_page)
        saved.menu("customers", *_PARAMETERS)
    return listing.Query(named or "", kind, stage, place or "", source, field, state, score, least, most, sort,
                         down)  # fmt: skip


def _between() -> tuple[int, int]:
    """The percent between which a score lies."""
    least, most = (
        st.number_input(title, 0, 100, usual, step=5, key=name, bind="query-params", width=130, on_change=_first_page)
        for title, (name, usual) in zip(("At least %", "At most %"), listing.PERCENT.items(), strict=True)
    )
    return int(least), int(most)


_STATES = ("missing", "known", "stale", "conflicting", "invalid", "ageing", "fresh", "undated")
_NAMES = {"text": "q", "descending": "down"}  # what the address line calls them here
_BOUND = ("q", "place", "down", *listing.PERCENT)
_PARAMETERS = ("q", "place", "kind", "stage", "source", "field", "state", "score", *listing.PERCENT, "sort",
               "down")  # fmt: skip


def _choice(label: str, options: Sequence[str], key: str, told: Callable[[str], str], width: int) -> Any:
    return coded.any_of(label, options, key, told, width=width, on_change=_first_page)


def _sources() -> list[str]:
    return [one["source"] for one in session.workspace().sources()]


def _fields() -> list[str]:
    names = [one.name for one in words.fields() if session.purpose() in one.weights and one.name != "kind"]
    return sorted(names, key=words.name_of)


def _first_page() -> None:
    """Another question begins on its first page."""
    st.session_state["page"] = 1


def _start() -> int:
    """The place of the first row; the widget that says it is drawn below the rows."""
    said = st.session_state.get("page") or st.query_params.get("page") or "1"
    return (max(int(said), 1) - 1) * listing.ROWS if str(said).isdigit() else 0


def _rows(query: listing.Query, answer: dict[str, Any]) -> None:
    rows, total, start = answer["rows"], answer["total"], _start()
    shown = query.sort if query.sort in words.SCORES else query.score or query.sort
    pages = -(-total // listing.ROWS)
    last = start + len(rows)
    told = f"{text.plural(total, 'customer')}, shown {start + 1:,} to {last:,}. Choose a row to open the profile."
    st.caption(told + _held_back())
    chosen = st.dataframe(
        pd.DataFrame([_row(one, shown) for one in rows], columns=list(_columns(shown))),
        column_config=_config(shown),
        hide_index=True,
        height=38 + 35 * len(rows),
        on_select="rerun",
        selection_mode="single-cell",
        placeholder=text.DASH,
        key=f"customers_table_{start}",
        alt=f"Customers {start + 1} to {last} of {total}",
    )
    if pages > 1:
        st.pagination(pages, key="page", bind="query-params")
    everybody = {**asdict(query), "limit": total, "offset": 0}
    twin.part("Customers", rows, total, lambda: cached.customers(**everybody)["rows"])
    notebook.open_as("customers", **asdict(query))
    _shape()
    for row, _ in chosen["selection"]["cells"][:1]:
        _open(rows[row]["customer"], query, start + row)


_LOOKS = {"list": "The list alone", "stages": "Everybody by stage of life"}


def _held_back() -> str:
    """Who is left out whatever the filters say; the usual purpose may see everybody who may be helped."""
    held = 0 if session.purpose() == session.USUAL_PURPOSE else sum(cached.overview()["withheld"].values())
    return f" {held:,} more are withheld from {text.words(session.purpose())}." if held else ""


def _shape() -> None:
    """The base as a picture, for those who rather look."""
    if coded.segments("Beside the list", list(_LOOKS), "look", lambda one: _LOOKS[one]) == "stages":
        base_pictures.stages(cached.overview())


def _open(customer: str, query: listing.Query, at: int) -> None:
    places.go(sidebar.page("profile"), session.open_customer(customer, query.params(at)))


def _columns(sort: str) -> dict[str, str]:
    """The columns, with the score that the list is sorted by beside the name, where the household makes room."""
    if sort not in words.SCORES:
        return _COLUMNS
    rest = {name: title for name, title in _COLUMNS.items() if name != "household"}
    return {"name": _COLUMNS["name"], "score": listing.SORTS[sort]} | rest


def _config(sort: str) -> dict[str, Any]:
    return {name: _column(name, title) for name, title in _columns(sort).items()}


def _column(name: str, title: str) -> Any:
    config, width = st.column_config, _WIDTHS[name]
    if name == "score":
        return config.ProgressColumn(title, format="%d%%", min_value=0, max_value=100, width=width)
    if name in ("order", "contact"):
        return config.DateColumn(title, format="DD MMM YYYY", width=width)
    return config.Column(title, width=width, help=_HELP.get(name))


def _row(one: dict[str, Any], sort: str) -> dict[str, Any]:
    where = ", ".join(part for part in (one["city"], one["country"]) if part)
    stage = one["stage"] or one["direction"]
    return {
        "score": round(one[sort] * 100) if sort in words.SCORES and one.get(sort) is not None else None,
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
