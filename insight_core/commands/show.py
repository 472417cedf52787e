"""Answers: one JSON object for a program, a few lines and tables for a person; progress on stderr."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from insight_core.records.progress import Progress as Report
from insight_core.records.results import as_json

UNKNOWN = "-"
FILE_WIDTH = 140


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command gives: `data` for a program, `text` for a person.

    `then` runs after the answer is shown, for a front door that stays open.
    """

    data: Mapping[str, Any]
    text: tuple[RenderableType, ...] = ()
    ok: bool = True
    then: Callable[[], None] | None = None


def show(answer: Answer, as_object: bool) -> None:
    """Print the answer on stdout, then do what comes after it."""
    if as_object:
        print(json.dumps(as_json(answer.data), ensure_ascii=False, default=str), flush=True)  # noqa: T201 stdout is the contract
    else:
        console = Console(width=None if sys.stdout.isatty() else FILE_WIDTH)
        for part in answer.text:
            console.print(part, highlight=False, soft_wrap=isinstance(part, str))
    if answer.then is not None:
        answer.then()


def table(rows: Iterable[Mapping[str, Any]], *columns: str, title: str | None = None) -> Table:
    """Rows as a table; unknown is a dash. The first column holds what people copy, and is never broken."""
    made = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(columns):
        made.add_column(name.replace("_", " "), no_wrap=number == 0, overflow="fold")
    for row in rows:
        made.add_row(*(cell(row.get(name)) for name in columns))
    return made


def cell(value: Any) -> str:
    """A value as a person reads it."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:.2g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(cell(one) for one in value) or UNKNOWN
    if isinstance(value, Mapping):
        return " ".join(cell(one) for one in value.values())
    return escape(str(value))


@contextmanager
def progress() -> Iterator[Report]:
    """A function that takes (step, done, total) and moves a bar on a terminal; elsewhere it is silent."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("starting", total=None)

        def report(step: str, done: int, total: int | None) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield report
