"""Proof that it is whole: verify."""

from typing import Annotated

import typer

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
    return Answer(found, (f"{head}, state hash {found['state_hash']}", *problems, *parts), ok=bool(found["ok"]))
