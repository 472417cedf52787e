"""Speed beside a bare reference: bench."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from insight_core.bench import run
from insight_core.commands.call import Call, command
from insight_core.commands.show import Answer, progress, table
from insight_core.errors import NotYet
from insight_core.records.results import as_json

app = typer.Typer()


@command(app)
def bench(
    _call: Call,
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME...", help="load, build, many, incremental, profile, timeline, export, recommend."),
    ],
    customers: Annotated[int, typer.Option("--customers", metavar="N", min=1000)] = 100_000,
    interactions: Annotated[int, typer.Option("--interactions", metavar="M", min=1000)] = 1_000_000,
    runs: Annotated[int, typer.Option("--runs", metavar="R", min=1, help="How often each is run.")] = 3,
    chosen_set: Annotated[
        str | None, typer.Option("--set", metavar="S", help="A real set: not part of this release yet.")
    ] = None,
) -> Answer:
    """Measure the work beside a bare reference in the same run; status 1 when over a limit."""
    if chosen_set is not None:
        raise NotYet(f"bench {' '.join(names)} --set")
    with progress() as report, TemporaryDirectory(prefix="insight-bench-") as folder:
        figures = run(names, customers, interactions, runs, Path(folder), report)
    rows = as_json(figures)
    told = {"figures": rows, "customers": customers, "interactions": interactions}
    shown = table(rows, "name", "ours_s", "reference_s", "ratio", "limit", "processor_s", "peak_mb", "reference")
    return Answer(told, (shown,), ok=not any(one.over for one in figures))
