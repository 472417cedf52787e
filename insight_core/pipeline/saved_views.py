"""Saved views: a view with its filters under a name, and whom somebody looked at last."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from insight_core.errors import BadInput, NotFound
from insight_core.records.clock import iso
from insight_core.store import Store
from insight_core.store.desk_tables import SavedView

_LONGEST_NAME = 60


def saved(store: Store) -> list[dict[str, Any]]:
    """Every saved view by name: name, view, query (what its address line says), made_at."""
    with store.read() as session:
        rows = session.exec(select(SavedView).order_by(col(SavedView.name)))
        return [{"name": one.name, "view": one.view, "query": one.query, "made_at": iso(one.made_at)} for one in rows]


def save(store: Store, name: str, view: str, query: Mapping[str, str], at: int) -> None:
    """Keep a view under a name; one of the same name gives way. Raises BadInput for a name that cannot be."""
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise BadInput(f"A view's name has 1 to {_LONGEST_NAME} letters, not {len(name)}.")
    with store.write(quiet=True) as session:
        session.merge(SavedView(name=name, view=view, query=dict(query), made_at=at))


def drop(store: Store, name: str) -> None:
    """Forget the view of that name; raises NotFound."""
    with store.write(quiet=True) as session:
        found = session.get(SavedView, name)
        if found is None:
            raise NotFound("saved view", name, session.exec(select(SavedView.name)))
        session.delete(found)
