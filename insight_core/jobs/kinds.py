"""Kinds of jobs: what each is called, what it does, and how its result is told.

A kind is a function `work(task, **arguments)` under the decorator `kind`. Its arguments and
its result are plain JSON. It calls `task.report` as it goes along, where a stop reaches it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any

from insight_core.errors import BadInput, NotFound
from insight_core.workspace import Progress, Workspace

Result = dict[str, Any]
Work = Callable[..., Result]


@dataclass(frozen=True, slots=True)
class Task:
    """What a job works with: the workspace at the job's clock, and the ways to say how far it is.

    `keep` notes what is done already and stays, whatever becomes of the rest.
    """

    ws: Workspace
    report: Progress
    keep: Callable[[Result], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job. Of those that write evidence only one works at a time in a store."""

    name: str
    title: str
    work: Work
    told: Callable[[Result], str]
    writes: bool

    def check(self, arguments: dict[str, Any]) -> None:
        """Raises BadInput when the arguments are not the kind's."""
        try:
            signature(self.work).bind(None, **arguments)
        except TypeError as wrong:
            raise BadInput(f"The job {self.name!r} cannot be started: {wrong}.") from None


KINDS: dict[str, Kind] = {}


def kind(name: str, title: str, told: Callable[[Result], str], writes: bool = False) -> Callable[[Work], Work]:
    """Register the function as a kind of job; `told` makes one sentence of its result, even of a part of it."""

    def register(work: Work) -> Work:
        KINDS[name] = Kind(name, title, work, told, writes)
        return work

    return register


def kind_called(name: str) -> Kind:
    """The kind of that name; raises NotFound."""
    if name not in KINDS:
        raise NotFound("kind of job", name, KINDS)
    return KINDS[name]
