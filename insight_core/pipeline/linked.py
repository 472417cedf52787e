"""Linked: which records a customer has and whose a record is, looked up for a few without reading all links.

A customer's id is that of one of its records, and becomes another when records join or leave. What is kept under the id
of its day is therefore whoever's has that record now.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from insight_core.store import Store
from insight_core.store.tables import Link

_AT_ONCE = 500
COLUMNS = ("record_id", "customer_id", "source", "rule", "partner")
Row = tuple[Any, ...]


def owner(customer_id: str) -> ColumnElement[str]:
    """In a statement joined to links by `owned`, the customer that a row is about now."""
    return func.coalesce(col(Link.customer_id), col(customer_id))


def owned(query: Any, customer_id: str) -> Any:
    """The statement over rows that name a customer by the id of their day, with its link beside each row."""
    return query.outerjoin(Link, col(Link.record_id) == col(customer_id))


class Linked:
    """The links as the last build left them, with what has changed since laid over them.

    `anew` are links in the order of COLUMNS that replace those of their records; `lost` are
    records that are no longer there.
    """

    def __init__(self, store: Store, anew: Iterable[Row] = (), lost: Iterable[str] = ()) -> None:
        self._store = store
        self._anew = {row[0]: row for row in anew}
        self._hidden = set(lost) | set(self._anew)

    def of_customers(self, customers: Iterable[str]) -> list[Row]:
        """The links of these customers, in order of their records."""
        wanted = set(customers)
        found = [row for row in self._stored("customer_id", sorted(wanted)) if row[0] not in self._hidden]
        return sorted(found + [row for row in self._anew.values() if row[1] in wanted])

    def of_records(self, records: Iterable[str]) -> dict[str, str]:
        """Whose each of these records is; records that nobody has are left out."""
        wanted = set(records)
        stored = self._stored("record_id", sorted(wanted - self._hidden))
        found = {row[0]: row[1] for row in stored}
        return found | {one: self._anew[one][1] for one in wanted & set(self._anew)}

    def _stored(self, by: str, values: Sequence[str]) -> list[Row]:
        table: Any = Link.__table__  # type: ignore[attr-defined]
        query = select(*(table.c[name] for name in COLUMNS))
        with self._store.read() as session:
            return [
                tuple(row)
                for start in range(0, len(values), _AT_ONCE)
                for row in session.connection().execute(query.where(table.c[by].in_(values[start : start + _AT_ONCE])))
            ]
