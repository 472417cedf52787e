"""Whole: everything that the tables hold of customers, for the gate alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam
from sqlmodel import select

from insight_core.compliance.asked import Asked
from insight_core.records.consent import Consent
from insight_core.store import Prepared, Store, Transaction
from insight_core.store.facet_tables import FACET_TABLES
from insight_core.store.tables import ConsentState, Customer, Link

Values = dict[str, dict[str, Any]]

_PROFILES = Asked(Customer, *FACET_TABLES.values())
_CUSTOMER = Prepared(select(Customer.customer_id).where(Customer.customer_id == bindparam("name")))
_OWNER = Prepared(select(Link.customer_id).where(Link.record_id == bindparam("name")))
_CONSENTS, _LINKS = Asked(ConsentState), Asked(Link)


class Head(NamedTuple):
    """A row of `Customer` without a session's care, which takes longer than to read it."""

    customer_id: str
    kind: str | None
    name: str | None
    evidence: str
    due_at: int | None


class Record(NamedTuple):
    """A row of `Link`, likewise."""

    record_id: str
    customer_id: str
    source: str
    rule: str
    partner: str | None


@dataclass(frozen=True, slots=True)
class Whole:
    """One customer with nothing held back: values by facet and column, consents, and the records behind it."""

    customer: Head
    values: Values
    consents: list[Consent]
    records: list[Record]


def whole_of(store: Store, customers: Sequence[str]) -> list[Whole]:
    """Those of the customers that are there, in order of their ids, seen at one moment."""
    with store.rows() as asking:
        found = list(_PROFILES.rows(asking, customers))
        if not found:
            return []
        consents, records = _consents(asking, customers), _records(asking, customers)
    return [
        Whole(Head(**head), values, consents.get(name, []), records.get(name, []))
        for head, *facets in sorted(found, key=lambda row: row[0]["customer_id"])
        for name, values in [(head["customer_id"], dict(zip(FACET_TABLES, facets, strict=True)))]
    ]


def consents_of(store: Store, customers: Sequence[str]) -> dict[str, list[Consent]]:
    """What each customer has said; who said nothing is left out."""
    with store.rows() as asking:
        return _consents(asking, customers)


def records_of(store: Store, customers: Sequence[str]) -> dict[str, list[Record]]:
    """The records of each customer that is there, in order of their ids."""
    with store.rows() as asking:
        return _records(asking, customers)


def behind(store: Store, customer: str) -> tuple[list[Consent], list[Record]]:
    """What one customer has said, and the records behind the customer, seen at one moment."""
    with store.rows() as asking:
        return _consents(asking, [customer]).get(customer, []), _records(asking, [customer]).get(customer, [])


def owner(store: Store, name: str) -> str | None:
    """The customer with that id, or whose record that is; None when nobody is called so."""
    with store.rows() as asking:
        found = next(iter(asking.run(_CUSTOMER, {"name": name}) or asking.run(_OWNER, {"name": name})), None)
    return found[0] if found else None


def _consents(asking: Transaction, customers: Sequence[str]) -> dict[str, list[Consent]]:
    found: dict[str, list[Consent]] = {}
    for (row,) in _CONSENTS.rows(asking, customers):
        found.setdefault(row.pop("customer_id"), []).append(Consent(**row))
    return found


def _records(asking: Transaction, customers: Sequence[str]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for (row,) in _LINKS.rows(asking, customers):
        found.setdefault(row["customer_id"], []).append(Record(**row))
    return found
