"""A made-up world: world, demo."""

import json
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from insight_core import Workspace
from insight_core.commands.call import Call, command
from insight_core.commands.serve import Port, free_port, serve
from insight_core.commands.show import Answer, progress, table
from insight_core.demo import Params, params_json, read_params, write_world
from insight_core.demo.settle import claim, load_world
from insight_core.demo.world import Written
from insight_core.errors import BadInput
from insight_core.records.progress import Progress as Report

app = typer.Typer()

Customers = Annotated[int, typer.Option("--customers", metavar="N", min=10, help="How many customers.")]
Seed = Annotated[int, typer.Option("--seed", metavar="S", min=0, help="The same seed makes the same world.")]

# What the demonstration hands out: what, for which purpose, in which form.
EXPORTS = (
    ("profiles", "analytics", "parquet"),
    ("recommendations", "marketing", "csv"),
    ("recommendations", "marketing", "xlsx"),
)


@command(app)
def world(
    _call: Call,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the files go.")] = None,
    customers: Customers = 2000,
    seed: Seed = 1,
    params: Annotated[Path | None, typer.Option("--params", metavar="FILE", help="Rates that differ, as JSON.")] = None,
    print_params: Annotated[bool, typer.Option("--print-params", help="Print every rate, as FILE takes them.")] = False,
) -> Answer:
    """Write a made-up company's extracts, and the truth about its customers beside them."""
    rates = read_params(params) if params else Params()
    if print_params:
        text = params_json(rates)
        return Answer(json.loads(text), (text.rstrip(),))
    if out is None:
        raise BadInput("Say where the world goes: --out DIR.")
    with progress() as report:
        report("make a world", 0, None)
        made = write_world(out, customers=customers, seed=seed, params=rates)
    told = {"files": made.files, "truth": str(made.truth), "now": made.clock.isoformat()}
    return Answer(told, (table(made.files, "path", "source", "recipe"), f"the truth is in {made.truth}"))


@command(app)
def demo(
    call: Call,
    customers: Customers = 2000,
    seed: Seed = 1,
    world: Annotated[Path | None, typer.Option("--world", metavar="DIR", help="Where its files go.")] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Do not open the app afterwards.")] = False,
    port: Port = None,
) -> Answer:
    """Make a world, load, build, recommend and export it; then open the app."""
    started = perf_counter()
    door = None if no_serve else free_port(port)
    claim(call.workspace(new=True), customers, seed)
    with progress() as report:
        report("make a world", 0, None)
        made = write_world(world or call.store.parent / "world", customers=customers, seed=seed)
        # Made-up lives stop at the world's end: seen from any later day everything in it looks stale.
        call = call.at(made.clock)
        told = _whole_job(call.workspace(), made, report)
    told |= {"now": made.clock.isoformat(), "truth": str(made.truth), "seconds": round(perf_counter() - started, 1)}
    return Answer(told, tuple(_said(told)), then=None if door is None else lambda: serve(call, door))


def _whole_job(workspace: Workspace, made: Written, report: Report) -> dict[str, Any]:
    load_world(workspace, made, report)
    built = workspace.build(progress=report)
    report("recommend", 0, None)
    cards = workspace.make_cards(purpose="marketing", progress=report)
    exports: list[dict[str, Any]] = []
    for what, purpose, ending in EXPORTS:
        report(f"export {what}", len(exports), len(EXPORTS))
        done = workspace.export(what, purpose, workspace.exports / f"{what}-{purpose}.{ending}")
        exports.append({"path": done.path, "rows": done.rows, "told": done.told})
    loaded = {one["dataset"]: 0 for one in workspace.batches()}
    for one in workspace.batches():
        loaded[one["dataset"]] += one["accepted"]
    return {
        "customers": built.customers,
        "records": loaded["parties"],
        "interactions": loaded["interactions"],
        "cards": cards["cards"],
        "abstained": cards["abstained"],
        "exports": exports,
    }


def _said(told: dict[str, Any]) -> Iterator[str]:
    yield f"{told['customers']:,} customers from {told['records']:,} records and {told['interactions']:,} interactions"
    yield f"{told['cards']:,} interaction cards, in {told['seconds']:.0f} s"
    yield from (f"  {one['told']}" for one in told["exports"])
    yield f"The truth about this world is in {told['truth']}."
    yield f"Its clock stands at {told['now'][:10]}: say --now {told['now'][:10]} to look from there."
