"""Many: the store's rows of several customers in a few queries, for the gate alone."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session, col, select

from insight_core.compliance.decide import Consent
from insight_core.store import Store
from insight_core.store.facet_tables import FACET_TABLES
from insight_core.store.tables import ConsentState, Customer, Link

_AT_ONCE = 500  # names in one IN (...)

Values = dict[str, dict[str, Any]]


def people_of(store: Store, customers: Sequence[str]) -> list[Customer]:
    """Those of the customers that are there, in order of their ids."""
    with store.read() as session:
        return _people(session, customers)


def whole_rows_of(store: Store, customers: Sequence[str]) -> tuple[list[Customer], dict[str, Values], dict[str, Any]]:
    """The customers, their facets' rows (facet: column: value) and their consents, seen at one moment."""
    with store.read() as session:
        people = _people(session, customers)
        values: dict[str, Values] = {one.customer_id: {facet: {} for facet in FACET_TABLES} for one in people}
        for facet, model in FACET_TABLES.items():
            for row in _rows(session, model, customers):
                values[row["customer_id"]][facet] = row
        consents: dict[str, list[Consent]] = {}
        for row in _rows(session, ConsentState, customers):
            consents.setdefault(row.pop("customer_id"), []).append(Consent(**row))
    return people, values, consents


def records_of_many(store: Store, customers: Sequence[str]) -> dict[str, list[str]]:
    """The record ids of each customer, in order."""
    found: dict[str, list[str]] = {}
    with store.read() as session:
        for row in _rows(session, Link, customers):
            found.setdefault(row["customer_id"], []).append(row["record_id"])
    return {customer: sorted(records) for customer, records in found.items()}


def _people(session: Session, customers: Sequence[str]) -> list[Customer]:
    found: list[Customer] = []
    for some in _chunks(customers):
        found += session.exec(select(Customer).where(col(Customer.customer_id).in_(some))).all()
    return sorted(found, key=lambda one: one.customer_id)


def _rows(session: Session, model: Any, customers: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The table's rows as plain dictionaries, in the order of its key: objects would take ten times as long."""
    table = model.__table__
    for some in _chunks(customers):
        query = table.select().where(table.c.customer_id.in_(some)).order_by(*table.primary_key.columns)
        for row in session.connection().execute(query).mappings():
            yield dict(row)


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE))


def consents_of(store: Store, customers: Sequence[str]) -> dict[str, list[Consent]]:
    """What each customer has said; who said nothing is left out."""
    found: dict[str, list[Consent]] = {}
    with store.read() as session:
        for row in _rows(session, ConsentState, customers):
            found.setdefault(row.pop("customer_id"), []).append(Consent(**row))
    return found


def called(store: Store, customers: Sequence[str]) -> dict[str, str | None]:
    """What each customer that is there is called."""
    with store.read() as session:
        return {one.customer_id: one.name for one in _people(session, customers)}
