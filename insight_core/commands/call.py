"""What every command has in common: --store, --now, --json, and one way to answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any

import typer

import insight_core as ic
from insight_core.commands.faults import nothing_unexpected
from insight_core.commands.show import Answer, show
from insight_core.errors import NotFound
from insight_core.records.clock import parse_instant
from insight_core.settings import read_settings

StoreOption = Annotated[
    Path | None, typer.Option("--store", metavar="DIR", help="The store's folder [INSIGHT_STORE, data/store].")
]
NowOption = Annotated[
    str | None, typer.Option("--now", metavar="T", help="An ISO date or instant that stands in for the clock.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]

Work = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one command: where the store is, what time it is, and for whom to print."""

    store: Path
    now: datetime | None
    json: bool

    def workspace(self, *, new: bool = False) -> ic.Workspace:
        """The workspace over the store; raises NotFound where there is none, unless a `new` one may begin."""
        if not new and not self.store.is_dir():
            beside = [str(one.parent) for one in self.store.parent.glob("*/profile.db")]
            raise NotFound("store", str(self.store), beside, "`insight demo` makes one, and so does `insight load`.")
        return ic.open_store(self.store, now=self.now, door="cli")

    def at(self, moment: datetime) -> "Call":
        """The same call at that moment, unless it states another itself."""
        return self if self.now else replace(self, now=moment)


def new_call(store: Path | None, now: str | None, json: bool, group: Call | None = None) -> Call:
    """A call: a command's own option wins over the group's, and that over the environment."""
    if group is not None:
        return Call(store or group.store, parse_instant(now) if now else group.now, json or group.json)
    settings = read_settings()
    said = now or (settings.now and settings.now.isoformat())
    return Call(store or settings.store, parse_instant(said) if said else None, json)


def command(app: typer.Typer, name: str | None = None) -> Callable[[Work], Work]:
    """Make `work(call, ...)` a command of the app; it gains the common options, and its answer is shown.

    Exits with status 1 when the answer says that something is not well.
    """

    def register(work: Work) -> Work:
        @wraps(work)
        def run(context: typer.Context, store: Path | None, now: str | None, json: bool, **words: Any) -> None:
            call = new_call(store, now, json, context.obj)
            with nothing_unexpected(call.store):
                answer = work(call, **words)
                show(answer, call.json)
            if not answer.ok:
                raise typer.Exit(1)

        own = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in signature(work, eval_str=True).parameters.values()][
            1:
        ]
        parameters = [_parameter("context", typer.Context), *own, *_common()]
        run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        app.command(name)(run)
        return work

    return register


def _common() -> list[Parameter]:
    return [
        _parameter("store", StoreOption, None),
        _parameter("now", NowOption, None),
        _parameter("json", JsonOption, False),
    ]


def _parameter(name: str, annotation: Any, default: Any = Parameter.empty) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
