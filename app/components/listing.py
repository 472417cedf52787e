"""The list of customers as the address line tells it, and the place of one customer in it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import streamlit as st

from app import cached, session, words
from insight_core.records.queries import Sought

ROWS = 25
SORTS = {
    "name": "Name",
    "city": "City",
    "stage": "Life stage",
    "order_count": "Orders",
    "last_order_date": "Last order",
    "last_interaction_at": "Last contact",
    "household_size": "Household size",
    "completeness": "Complete",
    "freshness": "Fresh",
    "accuracy": "Accurate",
}
PERCENT = {"at_least": 0, "at_most": 100}
_PLACE = "at"


@dataclass(frozen=True, slots=True)
class Query(Sought):
    """What is asked for, and the address that it makes."""

    def params(self, at: int) -> dict[str, str]:
        """The query and a place in its answer, for a profile's address."""
        said = {name: str(value) for name, value in asdict(self).items() if value not in (None, "", False)}
        return {f"in_{name}": value for name, value in said.items()} | {_PLACE: str(at)}

    @property
    def narrowed(self) -> bool:
        """Whether it leaves anybody out."""
        return any((self.text, self.kind, self.stage, self.place, self.source, self.field, self.score))


def _names() -> set[str]:
    return {one.name for one in fields(Query)}


def rest() -> dict[str, str]:
    """The address line without a customer and the list that the customer was opened from."""
    ours = {session.CUSTOMER, _PLACE, *(f"in_{name}" for name in _names())}
    return {name: said for name, said in st.query_params.items() if name not in ours}


def opened_from() -> tuple[Query, int] | None:
    """The list that the address line says a profile was opened from, and the place in it."""
    params = st.query_params
    return (_query(params), int(params[_PLACE])) if params.get(_PLACE, "").isdigit() else None


def address() -> dict[str, str]:
    """The address of the list that a profile was opened from, at its place; of everybody where it was from none."""
    opened = opened_from()
    return opened[0].params(opened[1]) if opened else {}


def neighbours() -> tuple[dict[str, str] | None, dict[str, str] | None]:
    """The addresses of the customers before and after this one in the list that it was opened from."""
    opened = opened_from()
    if opened is None:
        return None, None
    query, at = opened
    return _address(query, at - 1), _address(query, at + 1)


def _query(params: Mapping[str, str]) -> Query:
    told: dict[str, Any] = {name: params[f"in_{name}"] for name in _names() if f"in_{name}" in params}
    told["sort"] = told["sort"] if told.get("sort") in SORTS else "name"
    told["score"] = told["score"] if told.get("score") in words.SCORES else None
    for name, usual in PERCENT.items():
        told[name] = int(told[name]) if str(told.get(name)).isdigit() else usual
    told["descending"] = told.get("descending") == "True"
    return Query(**told)


def _address(query: Query, at: int) -> dict[str, str] | None:
    if at < 0:
        return None
    # By whole pages, as the list reads them: so the neighbours of a row are known already.
    start = at - at % ROWS
    rows = page(query, start)["rows"]
    return {"customer": rows[at - start]["customer"], **query.params(at)} if at - start < len(rows) else None


def page(query: Query, offset: int) -> dict[str, Any]:
    """Rows and total of the query."""
    return cached.customers(**asdict(query), limit=ROWS, offset=offset)
