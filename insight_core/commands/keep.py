"""That it is whole and stays so: verify, backup, restore."""

from pathlib import Path
from typing import Annotated

import typer

import insight_core as ic
from insight_core.commands.call import Call, command
from insight_core.commands.show import Answer, cell

app = typer.Typer()


@command(app)
def verify(
    call: Call,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="A digest per part, to see where two stores differ.")
    ] = False,
) -> Answer:
    """Check receipts, the lake's digests, that no row is lost, orphans; print the state hash."""
    found = call.workspace().verify(repair=repair, explain=explain)
    head = "all is well" if found["ok"] else "not well"
    parts = tuple(f"  {name} {digest}" for name, digest in (found.get("parts") or {}).items())
    problems = tuple(f"  {cell(one)}" for one in found["problems"])
    return Answer(
        found,
        (f"{head}, state hash {found['state_hash'] or 'unknown: a file cannot be read'}", *problems, *parts),
        ok=bool(found["ok"]),
    )


@command(app)
def backup(call: Call, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> Answer:
    """Write store and lake as they stand at one moment to FILE, also while others load and build."""
    done = call.workspace().backup(file)
    return Answer(done, (f"{done['files']:,} files, {done['bytes'] / 1e6:,.1f} MB, in {done['path']}",))


@command(app)
def restore(call: Call, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> Answer:
    """Make the store anew from a backup; every file is checked. The store's folder must hold none."""
    done = ic.restore(file, call.store)
    return Answer(done, (f"{done['files']:,} files of {done['taken_at']} are back in {done['path']}",))
