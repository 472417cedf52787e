"""What the notebook room gives back."""

from dataclasses import dataclass
from typing import Any

from insight_core.notebooks.parameters import Parameter


@dataclass(frozen=True, slots=True)
class Listed:
    """A notebook that may be run: `origin` is shipped or made; `view` is what a made one rebuilds.

    `trusted` is False when its text is no longer the registered one: then it is not run.
    """

    name: str
    title: str
    answers: str
    origin: str
    trusted: bool
    parameters: tuple[Parameter, ...] = ()
    view: str | None = None
    made_at: str | None = None


@dataclass(frozen=True, slots=True)
class RunHead:
    """A run as a line of a list. `state` is done, failed or stopped; times are of the wall clock."""

    run: str
    notebook: str
    title: str
    sha256: str
    parameters: dict[str, Any]
    state: str
    message: str
    network: str
    now: str
    began_at: str
    seconds: float


@dataclass(frozen=True, slots=True)
class RunShown(RunHead):
    """A run with its cells: `kind`, `source`, `outputs` (bundles by media type, or an error), `seconds`."""

    cells: tuple[dict[str, Any], ...]
