"""Wipe: everything that was loaded, built and done here goes; only the receipts stay, and what is under way."""

from typing import Any

from sqlmodel import SQLModel, col, select

from insight_core.store import home
from insight_core.store.desk_tables import LIVE, Job
from insight_core.store.engine import Store
from insight_core.store.tables import LakeFile, Note, Receipt


def wipe(store: Store) -> None:
    """Empty the store in one transaction; for a demonstration that starts anew, never for what people rely on."""
    with store.read() as session:
        files = list(session.exec(select(LakeFile)).all())
    with store.write() as session:
        connection = session.connection()
        tables = [one for one in reversed(SQLModel.metadata.sorted_tables) if one.name != Receipt.__tablename__]
        with store.database.unguarded(connection, [one.name for one in tables]):
            for table in tables:
                connection.execute(table.delete().where(*_GOES.get(table.name, ())))
    store.lake.unlink(files, at_once=True)


# table: which of its rows go; the number that every write moves on must not fall back, and the tables stay this store's
_GOES: dict[str, tuple[Any, ...]] = {
    str(Note.__tablename__): (col(Note.name).not_in(("version", home.NOTE)),),
    str(Job.__tablename__): (col(Job.state).not_in(LIVE),),
}
