"""Prepared: statements about a few rows by key, put together once; what is done for each run would take longer than it.

Where the rows lie in a file of this machine the driver runs them: `by_driver`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import Executable

Row = Sequence[Any]


class Prepared:
    """A statement that is run often, with named values."""

    def __init__(self, statement: Executable) -> None:
        self.statement: Any = statement
        self._worded: dict[str, _Worded] = {}

    def by_driver(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Row]:
        """Its rows, within a transaction that has begun; a fault is told as the toolkit tells it."""
        worded = self._worded.get(connection.dialect.name) or self._put_into_words(connection.dialect)
        known = {**worded.known, **values}
        rows = by_driver(connection, worded.sql, [known[name] for name in worded.names])
        return [_typed(row, worded.types) for row in rows] if worded.types else rows

    def _put_into_words(self, dialect: Dialect) -> "_Worded":
        told: Any = self.statement.compile(dialect=dialect)
        worded = _Worded(str(told), told.positiontup, told.params, _types(self.statement, dialect))
        self._worded[dialect.name] = worded
        return worded


class _Worded(NamedTuple):
    """A statement as a driver takes it, the values it wants in their order, and what makes the columns' types."""

    sql: str
    names: Sequence[str]
    known: dict[str, Any]
    types: Sequence[tuple[int, Callable[[Any], Any]]]


def by_driver(connection: Connection, sql: str, values: Sequence[Any] = ()) -> Sequence[Row]:
    """Rows of a statement in the driver's own words."""
    driver: Any = connection.connection.dbapi_connection
    fault_of: Any = connection.dialect.loaded_dbapi.Error
    try:
        rows: Sequence[Row] = driver.execute(sql, values).fetchall()
    except fault_of as fault:
        told: Any = DBAPIError.instance(sql, None, fault, fault_of, dialect=connection.dialect)
        raise told from fault
    return rows


def _types(statement: Any, dialect: Dialect) -> list[tuple[int, Callable[[Any], Any]]]:
    """By its place, how a column's value is made of the driver's; most are what they are."""
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    made = [one.type.dialect_impl(dialect).result_processor(dialect, None) for one in columns]
    return [(place, one) for place, one in enumerate(made) if one]


def _typed(row: Row, types: Sequence[tuple[int, Callable[[Any], Any]]]) -> Row:
    values = list(row)
    for place, made in types:
        values[place] = made(values[place])
    return values
