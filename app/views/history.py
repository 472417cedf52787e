"""History: what was fixed, allowed, loaded, learnt and run, and the way back."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import streamlit as st

import insight_core as ic
from app import session, text, words
from app.components import happened, page, twin

_KINDS = {"fixes": "Fixes", "consents": "Consents", "loads": "Loads", "outcomes": "Outcomes", "work": "Long work"}
_MOST = 500


def main() -> None:
    """The filters, then a section for every kind that is asked for."""
    page.head("History", "What was changed, allowed, loaded and learnt here, newest first, and the way back.")
    kinds, query = _filters()
    ws = session.workspace()
    if "fixes" in kinds:
        _fixes(query)
    if "consents" in kinds and "name" not in query:
        happened.consents(ws.consent_events(limit=_MOST, purpose=session.purpose(), **query))
    if "loads" in kinds and not {"name", "customer"} & set(query):
        happened.loads([one for one in reversed(ws.batches()) if _within(one["recorded_at"], query)])
    if "outcomes" in kinds and "name" not in query:
        happened.outcomes(ws.outcomes(limit=_MOST, purpose=session.purpose(), **query))
    if "work" in kinds and not {"name", "customer"} & set(query):
        happened.work()


def _filters() -> tuple[list[str], dict[str, Any]]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kinds = st.pills("Show", list(_KINDS), selection_mode="multi", format_func=lambda one: _KINDS[one],
                         key="kinds", bind="query-params", on_change=_first_page)  # fmt: skip
        who = st.text_input("Customer", key="who", bind="query-params", placeholder="Id, key or e-mail", width=180,
                            on_change=_first_page)  # fmt: skip
        fields = [one.name for one in words.fields() if one.origin == "asserted"]
        field = st.selectbox("Field", fields, index=None, format_func=words.name_of, key="field", width=160,
                             bind="query-params", placeholder="Any", on_change=_first_page)  # fmt: skip
        since = _day("From", "from")
        until = _day("Until", "until")
    query: dict[str, Any] = {"customer": who.strip()} if who and who.strip() else {}
    query |= {"name": field} if field else {}
    query |= {"since": _epoch(since)} if since else {}
    query |= {"until": _epoch(until + timedelta(days=1))} if until else {}
    return kinds or list(_KINDS), query


def _day(title: str, key: str) -> date | None:
    picked: Any = st.date_input(title, value=None, key=key, bind="query-params", format="YYYY-MM-DD", width=150,
                                min_value=text.EARLIEST, max_value=text.LATEST, on_change=_first_page)  # fmt: skip
    return picked if isinstance(picked, date) else None


def _epoch(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _within(recorded: str | int, query: dict[str, Any]) -> bool:
    moment = text.moment(recorded)
    at = int(moment.timestamp()) if moment else 0
    return query.get("since", at) <= at < query.get("until", at + 1)


def _first_page() -> None:
    """Another question begins on its first page."""
    st.session_state["page"] = 1


def _fixes(query: dict[str, Any]) -> None:
    ws = session.workspace()
    rows = ws.history(limit=_MOST, purpose=session.purpose(), **query)
    happened.fixes(rows)
    # The script is a steward's: it holds values as they are, so it is offered where care may see them.
    if rows and session.purpose() == session.USUAL_PURPOSE:
        stands = ws.standing_fixes()
        told = json.dumps({"changes": ic.as_json(stands["changes"])}, ensure_ascii=False, indent=1, default=str)
        left = f" ({stands['withheld']:,} withheld are left out)" if stands["withheld"] else ""
        files = [twin.Made("JSON", "fixes.json", "application/json", told)]
        twin.carry(f"Fixes that stand, for insight fix{left}", files)


main()
