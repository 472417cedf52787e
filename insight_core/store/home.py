"""Home: which database holds the tables of a store, noted in both, so that neither is taken for another's.

The file `database.json` in the store's folder has the address without its password, so that
whoever opens the folder later finds the same database.
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine, insert
from sqlmodel import col, select

from insight_core.errors import BadInput, Conflict
from insight_core.store.tables import Note

NOTE = "store"
_FILE = "database.json"
_THERE = """
    SELECT current_schema(), to_regclass('alembic_version') IS NOT NULL,
           EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema())
"""
_ANOTHER = "name another database in INSIGHT_STORE_URL, or a schema of its own: …?options=-csearch_path%3Dname"


def address(root: Path, stated: str | None) -> str | None:
    """Where the tables are: where the environment says, or where the folder's own file does; None for SQLite."""
    told = _told(root).get("url")
    return stated or (str(told) if told else None)


def check(engine: Engine, root: Path, new: bool) -> bool:
    """Whether they belong together already; raises Conflict when one of them belongs to another.

    A `new` database is about to be filled for what lies in the folder.
    """
    where = named(engine)
    if (root / "profile.db").exists():
        raise Conflict(
            f"The store at {root} has its tables in SQLite, and INSIGHT_STORE_URL names {where}. "
            "To move them, take a backup and restore it to another folder."
        )
    with engine.connect() as connection:
        schema, stores, anything = connection.exec_driver_sql(_THERE).one()
        theirs = _noted(connection) if stores else None
    ours = _told(root).get("store")  # looked up last: whoever opens a new store at the same time notes it there first
    if schema is None:
        raise BadInput(f"The schema that {where} names is not there: make it with CREATE SCHEMA.")
    if anything and not stores:
        raise Conflict(f"{where} holds tables of something else: {_ANOTHER}.")
    if theirs is not None and theirs != ours:
        raise Conflict(f"{where} holds the tables of a store in another folder: {_ANOTHER}.")
    if theirs is None and not new and any((root / "lake").glob("*/*/*.parquet")):
        raise Conflict(f"The store at {root} has files in its lake, and {where} is empty: its tables are elsewhere.")
    return theirs is not None


def settle(connection: Connection, root: Path) -> None:
    """Within a write: note in the database and in the folder that they belong together."""
    where = named(connection.engine)
    ours = _keep(root / _FILE, {"store": uuid4().hex, "url": where})
    theirs = _noted(connection)
    if theirs is None:
        connection.execute(insert(Note).values(name=NOTE, value=ours))
    elif theirs != ours:  # two folders at once
        raise Conflict(f"{where} holds the tables of a store in another folder: {_ANOTHER}.")


def named(engine: Engine) -> str:
    """The database's address without its password."""
    url = engine.url.set(drivername="postgresql").difference_update_query(["password"])
    return url._replace(password=None).render_as_string().replace("+", "%20")


def _noted(connection: Connection) -> str | None:
    return connection.execute(select(Note.value).where(col(Note.name) == NOTE)).scalar()


def _told(root: Path) -> dict[str, str]:
    with suppress(FileNotFoundError):
        told: dict[str, str] = json.loads((root / _FILE).read_text(encoding="utf-8"))
        return told
    return {}


def _keep(path: Path, told: dict[str, str]) -> str:
    """Write it whole, unless somebody was faster; gives the store's name as it stands there now."""
    draft = path.with_name(f"{path.name}.{uuid4().hex}")
    with draft.open("w", encoding="utf-8") as handle:
        json.dump(told, handle)
        handle.flush()
        os.fsync(handle.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return _told(path.parent)["store"]
