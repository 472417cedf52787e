"""Registered notebooks: a folder of percent texts beside a file that says which text each of them has.

A text that does not match is not run. Register what you changed yourself with `make register`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from insight_core.errors import NotFound, Refused
from insight_core.notebooks.percent import Notebook

REGISTER = "registry.json"
CHANGED = "changed since it was registered"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A registered notebook: what it is called, what it answers, and the hash that its text must have."""

    name: str
    title: str
    answers: str
    sha256: str


class Folder:
    """A folder of registered notebooks."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> dict[str, Entry]:
        """What is registered, by name, in the order of the register."""
        file = self.path / REGISTER
        told = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
        return {one["name"]: Entry(**one) for one in told}

    def trusted(self, name: str) -> Notebook:
        """The notebook, whose text is the registered one; raises NotFound, or Refused when it was changed."""
        entry = self.entries().get(name)
        if entry is None or not good_name(name):
            raise NotFound("notebook", name, self.entries())
        return matching(entry.name, self.path / f"{name}.py", entry.sha256)

    def changed(self, name: str) -> bool:
        """Whether the text is no longer the registered one."""
        try:
            self.trusted(name)
        except Refused:
            return True
        return False

    def register(self) -> int:
        """Write the register anew from the texts that are there; gives how many."""
        found = list(self._found())
        told = json.dumps([_told(entry) for entry in found], indent=2, ensure_ascii=False)
        (self.path / REGISTER).write_text(told + "\n", encoding="utf-8")
        return len(found)

    def _found(self) -> Iterator[Entry]:
        # In the order that somebody gave them; new ones come last.
        place = {name: number for number, name in enumerate(self.entries())}
        for path in sorted(self.path.glob("*.py"), key=lambda one: (place.get(one.stem, len(place)), one.stem)):
            notebook = Notebook(path.read_text(encoding="utf-8"))
            _ = notebook.parameters  # a notebook whose parameters cannot be read is not registered
            yield Entry(path.stem, notebook.title, notebook.answers, notebook.digest)


def matching(name: str, path: Path, sha256: str) -> Notebook:
    """The notebook in the file; raises Refused when its text is not the registered one."""
    try:
        # Bytes as they are: a reader of text would take other line ends for the same.
        notebook = Notebook(path.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise Refused(f"The notebook {name} cannot be read: its file is not what was registered.") from None
    if notebook.digest != sha256:
        raise Refused(f"The notebook {name} is not run: its text was {CHANGED}.")
    return notebook


def good_name(name: str) -> bool:
    """Whether it is a name of ours: letters, digits, - and _, and so no way to another folder."""
    return _NAME.fullmatch(name) is not None


def _told(entry: Entry) -> dict[str, str]:
    return {"name": entry.name, "title": entry.title, "answers": entry.answers, "sha256": entry.sha256}
