"""Copying: all rows of one database into an empty one of another kind."""

from sqlalchemy import Connection, Table, func, select
from sqlmodel import SQLModel

from insight_core.errors import Conflict
from insight_core.store.home import named

_AT_ONCE = 5_000


def copy_tables(rows: Connection, into: Connection, without: str) -> None:
    """Copy every table; `without` names a note that stays behind. Raises Conflict when there are rows already."""
    for table in SQLModel.metadata.sorted_tables:
        if into.execute(select(func.count()).select_from(table)).scalar():
            raise Conflict(f"The database {named(into.engine)} is not empty: name another.")
        _copy(rows, into, table, without)


def _copy(rows: Connection, into: Connection, table: Table, without: str) -> None:
    query = select(table) if table.name != "note" else select(table).where(table.c.name != without)
    found = rows.execution_options(yield_per=_AT_ONCE).execute(query)
    for some in found.mappings().partitions():
        into.execute(table.insert(), [dict(one) for one in some])
