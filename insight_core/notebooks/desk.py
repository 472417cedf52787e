"""The notebooks of a workspace: what there is, running it, what came of it, and carrying that away."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from insight_core.errors import InsightError, NotFound, Refused, Stopped, UserError
from insight_core.notebooks import run as running
from insight_core.notebooks.carry import ENDINGS, carried
from insight_core.notebooks.kept import Runs
from insight_core.notebooks.limits import Limits
from insight_core.notebooks.made import Made
from insight_core.notebooks.parameters import checked
from insight_core.notebooks.percent import Notebook
from insight_core.notebooks.registry import Folder
from insight_core.notebooks.results import Listed, RunHead, RunShown
from insight_core.records.progress import Progress, silent
from insight_core.store import Store

_SHIPPED = Path(__file__).parent.parent.parent / "app" / "notebooks"


class Notebooks:
    """Registered notebooks over one store at one instant; only text that is what was registered is ever run."""

    def __init__(self, store: Store, now: datetime, shipped: Path = _SHIPPED) -> None:
        self._store, self._now = store, now
        self._shipped, self._views = Folder(shipped), Folder(shipped / "views")
        self._made, self._runs = Made(store), Runs(store.root / "notebooks" / "runs")

    def listed(self) -> list[Listed]:
        """The shipped notebooks, then those made here, newest first."""
        shipped = [
            Listed(one.name, one.title, one.answers, "shipped", *self._state(one.name))
            for one in self._shipped.entries().values()
        ]
        made = self._made.registered()
        return shipped + [
            Listed(name, one.title, one.answers, "made", *self._state(name), one.view, one.made_at)
            for name, one in made.items()
        ]

    def get(self, name: str) -> Listed:
        """One of them; raises NotFound."""
        found = {one.name: one for one in self.listed()}
        if name not in found:
            raise NotFound("notebook", name, found)
        return found[name]

    def text(self, name: str) -> str:
        """Its percent text; raises NotFound, or Refused when it was changed since it was registered."""
        return self._trusted(name).text

    def views(self) -> tuple[str, ...]:
        """The views that can be opened as a notebook."""
        return tuple(self._views.entries())

    def open_as(self, what: str, said: Mapping[str, Any]) -> str:
        """Make a notebook that rebuilds a view, or of another notebook, with these values; gives its name."""
        if what in self._views.entries():
            return self._made.make(what, self._views.trusted(what), said)
        try:
            return self._made.make(what.rsplit("-", 1)[0], self._trusted(what), said)
        except NotFound as unknown:
            if unknown.what != "notebook":
                raise
            known = [*self._views.entries(), *(one.name for one in self.listed())]
            raise NotFound("notebook or view", what, known) from None

    def asks(self, view: str) -> tuple[str, ...]:
        """The names of a view's parameters; raises NotFound."""
        return tuple(one.name for one in self._views.trusted(view).parameters)

    def run(
        self,
        name: str,
        said: Mapping[str, Any] | None = None,
        progress: Progress = silent,
        limits: Limits | None = None,
    ) -> RunHead:
        """Run a notebook with these values and keep what it shows; a cell that fails ends it with one line.

        Raises what `progress` raises, such as Stopped, after the child process has gone.
        """
        notebook = self._trusted(name)
        values = checked(notebook.parameters, said or {})
        ran, began = running.prepared(notebook.with_values(values)), datetime.now(UTC)
        started = monotonic()
        try:
            running.run(ran, self._store.root, self._now.isoformat(), self._store.tmp, progress, limits or Limits())
        except (Stopped, KeyboardInterrupt):
            ran.state, ran.message = "stopped", "It was stopped."
            raise
        except InsightError as fault:
            ran.state, ran.message = "failed", str(fault)
            raise
        finally:
            head = RunHead(
                uuid4().hex[:12], name, notebook.title, notebook.digest,
                {key: value if isinstance(value, (bool, int, float, str, list)) or value is None else str(value)
                 for key, value in values.items()},
                ran.state, ran.message, ran.network, self._now.isoformat(),
                began.isoformat(timespec="seconds"), round(monotonic() - started, 2),
            )  # fmt: skip
            self._runs.keep(head, [asdict(cell) for cell in ran.cells])
        return head

    def runs(self, name: str | None = None) -> list[RunHead]:
        """What was run, newest first."""
        return [one for one in self._runs.heads() if name in (None, one.notebook)]

    def shown(self, run: str) -> RunShown:
        """A run with everything that it shows; raises NotFound."""
        return self._runs.shown(run)

    def carried(self, run: str, ending: str) -> bytes:
        """A run as a file to carry away: `html` that needs nothing else, `ipynb` with outputs, or percent `py`."""
        return carried(self._runs.shown(run), ending)

    def export(self, run: str, to: Path) -> Path:
        """Write a run to a file by its ending; raises UserError for another ending."""
        ending = self.ending(to)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(self.carried(run, ending))
        return to

    @staticmethod
    def ending(to: Path) -> str:
        """What a file of that name would be written as; raises UserError when a run cannot be."""
        ending = to.suffix.removeprefix(".").lower()
        if ending not in ENDINGS:
            raise UserError(f"A notebook is written as {', '.join(ENDINGS)}, not as {to.name}.")
        return ending

    def drop(self, name: str) -> None:
        """Let a made notebook go, and its runs."""
        if any(one.name == name and one.origin == "shipped" for one in self.listed()):
            raise Refused(f"The notebook {name} is shipped with the workbench and stays.")
        self._made.drop(name)
        for one in self.runs(name):
            self._runs.drop(one.run)

    def forget(self) -> int:
        """Let every run and every made notebook go, for they may name or show an erased person; gives how many."""
        made = list(self._made.registered())
        for name in made:
            self._made.drop(name)
        return self._runs.drop_all() + len(made)

    def _trusted(self, name: str) -> Notebook:
        if name in self._shipped.entries():
            return self._shipped.trusted(name)
        try:
            return self._made.trusted(name)
        except NotFound:
            raise NotFound("notebook", name, (one.name for one in self.listed())) from None

    def _state(self, name: str) -> tuple[bool, Any]:
        try:
            return True, self._trusted(name).parameters
        except Refused:
            return False, ()
