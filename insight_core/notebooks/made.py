"""Notebooks made from a registered one with other values, kept in the store's folder and registered in the store.

The register is a table: a file that somebody puts into the folder is no notebook of ours.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from insight_core.errors import NotFound
from insight_core.notebooks.parameters import checked
from insight_core.notebooks.percent import Notebook
from insight_core.notebooks.registry import good_name, matching
from insight_core.notebooks.results import Listed
from insight_core.store import Store
from insight_core.store.tables import Note

_NOTE = "notebook "


@dataclass(frozen=True, slots=True)
class _Registered:
    sha256: str
    title: str
    answers: str
    view: str
    values: dict[str, Any]
    made_at: str


class Made:
    """The made notebooks of a store."""

    def __init__(self, store: Store) -> None:
        self._store, self._folder = store, store.root / "notebooks"

    def make(self, view: str, template: Notebook, said: Mapping[str, Any]) -> str:
        """A notebook of the template with these values; gives its name, the same for the same text."""
        values = checked(template.parameters, said)
        notebook = template.with_values(values)
        name = f"{view}-{notebook.digest[:8]}"
        self._folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._folder / f"{name}.py", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(notebook.text.encode())
        told = {
            "sha256": notebook.digest, "title": notebook.title, "answers": notebook.answers, "view": view,
            "values": values, "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }  # fmt: skip
        with self._store.write(quiet=True) as session:
            session.merge(Note(name=_NOTE + name, value=json.dumps(told, default=str)))
        return name

    def trusted(self, name: str) -> Notebook:
        """The notebook, whose text is the registered one; raises NotFound or Refused."""
        found = self._registered()
        if name not in found or not good_name(name):
            raise NotFound("notebook", name, found)
        return matching(name, self._folder / f"{name}.py", found[name].sha256)

    def listed(self, name: str, one: _Registered, notebook: Notebook | None) -> Listed:
        """The notebook as a line of a list; without its text when that was changed."""
        parameters = notebook.parameters if notebook else ()
        return Listed(
            name, one.title, one.answers, "made", notebook is not None, parameters, one.view, one.made_at
        )  # fmt: skip

    def _registered(self) -> dict[str, _Registered]:
        with self._store.read() as session:
            notes = session.exec(select(Note).where(col(Note.name).startswith(_NOTE))).all()
        found = {one.name.removeprefix(_NOTE): _Registered(**json.loads(one.value)) for one in notes}
        return dict(sorted(found.items(), key=lambda pair: (pair[1].made_at, pair[0]), reverse=True))

    def registered(self) -> dict[str, _Registered]:
        """What is registered, newest first."""
        return self._registered()

    def drop(self, name: str) -> None:
        """Let a made notebook go; raises NotFound."""
        if name not in self._registered() or not good_name(name):
            raise NotFound("notebook", name, self._registered())
        (self._folder / f"{name}.py").unlink(missing_ok=True)
        with self._store.write(quiet=True) as session:
            session.delete(session.get_one(Note, _NOTE + name))
