"""Asked: rows of tables by their customers, in statements that are put together once."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from insight_core.store import Prepared, Transaction

_AT_ONCE = 500  # names in one IN (...): databases take only so many parameters


class Asked:
    """A table, and others with at most one row for each of its customers beside them.

    Rows are plain dictionaries, in the order of the table's key: objects would take ten times as long.
    """

    def __init__(self, model: Any, *beside: Any) -> None:
        first, *others = self._tables = [one.__table__ for one in (model, *beside)]
        rows = first
        for one in others:
            rows = rows.outerjoin(one, one.c.customer_id == first.c.customer_id)
        columns = [column.label(f"{one.name}__{column.name}") for one in self._tables for column in one.c]
        query = select(*columns).select_from(rows).order_by(*first.primary_key.columns)
        self._one = Prepared(query.where(first.c.customer_id == bindparam("customer")))
        self._some = Prepared(query.where(first.c.customer_id.in_(bindparam("customers", expanding=True))))
        self._places = list(_places([[column.name for column in one.c] for one in self._tables]))

    def rows(self, asking: Transaction, customers: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
        """For each row of the table a dictionary for every table; one without a row there is empty."""
        return (self._apart(row) for row in self._found(asking, customers))

    def _found(self, asking: Transaction, customers: Sequence[str]) -> Iterator[Sequence[Any]]:
        if len(customers) == 1:
            yield from asking.run(self._one, {"customer": customers[0]})
            return
        for start in range(0, len(customers), _AT_ONCE):
            yield from asking.run(self._some, {"customers": customers[start : start + _AT_ONCE]})

    def _apart(self, row: Sequence[Any]) -> list[dict[str, Any]]:
        parts = [dict(zip(names, row[place], strict=True)) for names, place in self._places]
        return [one if one["customer_id"] is not None else {} for one in parts]


def _places(tables: Sequence[Sequence[str]]) -> Iterator[tuple[Sequence[str], slice]]:
    """The columns of each table, and where in a row they stand."""
    start = 0
    for names in tables:
        yield names, slice(start, start + len(names))
        start += len(names)
