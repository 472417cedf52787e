"""Prepared: statements about a few rows by key, put together once, and the transactions that run them.

What the toolkit does for each run, and around each transaction, would take longer than the rows. So where they lie
in a file of this machine its driver is asked.
"""

from abc import ABC, abstractmethod
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

    def by_driver(self, driver: Any, dialect: Dialect, values: Mapping[str, Any]) -> Sequence[Row]:
        """Its rows, within a transaction that has begun; a fault is told as the toolkit tells it."""
        worded = self._worded.get(dialect.name) or self._put_into_words(dialect)
        rows = by_driver(driver, dialect, *worded.asked(values))
        return [_typed(row, worded.types) for row in rows] if worded.types else rows

    def _put_into_words(self, dialect: Dialect) -> "_Worded":
        told: Any = self.statement.compile(dialect=dialect)
        worded = _Worded(told, str(told), told.positiontup, told.params, _types(self.statement, dialect))
        self._worded[dialect.name] = worded
        return worded


class _Worded(NamedTuple):
    """A statement as a driver takes it, the values it wants in their order, and what makes the columns' types."""

    told: Any
    sql: str
    names: Sequence[str]
    known: dict[str, Any]
    types: Sequence[tuple[int, Callable[[Any], Any]]]

    def asked(self, values: Mapping[str, Any]) -> tuple[str, Sequence[Any]]:
        """The driver's words and their values; a list of values stands in it one by one."""
        if self.told.post_compile_params:
            expanded = self.told.construct_expanded_state(values)
            return expanded.statement, expanded.positional_parameters
        known = {**self.known, **values}
        return self.sql, [known[name] for name in self.names]


class Transaction(ABC):
    """A transaction that has begun, for a few rows by key."""

    @abstractmethod
    def run(self, statement: Prepared, values: Mapping[str, Any]) -> Sequence[Row]:
        """The rows of a prepared statement."""


class ByToolkit(Transaction):
    """One of the toolkit's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def run(self, statement: Prepared, values: Mapping[str, Any]) -> Sequence[Row]:
        """The rows as the toolkit gives them."""
        told = self._connection.execute(statement.statement, values)
        return told.all() if told.returns_rows else ()


class ByDriver(Transaction):
    """One of the driver's own."""

    def __init__(self, driver: Any, dialect: Dialect) -> None:
        self._driver, self._dialect = driver, dialect

    def run(self, statement: Prepared, values: Mapping[str, Any]) -> Sequence[Row]:
        """The same rows, as the driver gives them."""
        return statement.by_driver(self._driver, self._dialect, values)


def by_driver(driver: Any, dialect: Dialect, sql: str, values: Sequence[Any] = ()) -> Sequence[Row]:
    """Rows of a statement in the driver's own words."""
    try:
        rows: Sequence[Row] = driver.execute(sql, values).fetchall()
    except dialect.loaded_dbapi.Error as fault:
        raise as_the_toolkit_tells(fault, dialect, sql) from fault
    return rows


def as_the_toolkit_tells(fault: Exception, dialect: Dialect, sql: str) -> Exception:
    """A driver's fault as one of the toolkit's, which says at which statement."""
    error: Any = dialect.loaded_dbapi.Error
    told: Any = DBAPIError.instance(sql, None, fault, error, dialect=dialect)
    return told


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
