"""Keeping it true: stale, fix, undo, fixes, consent."""

import json
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape

from insight_core.catalogue import CARE
from insight_core.commands.call import Call, command
from insight_core.commands.changes import read_changes
from insight_core.commands.show import Answer, table
from insight_core.commands.words import Customer, DryRun, InputFile, Purpose
from insight_core.errors import BadInput
from insight_core.records.results import Change, as_json

app = typer.Typer()
fixes = typer.Typer(help="Change sets as files.")
app.add_typer(fixes, name="fixes")


@command(app)
def stale(
    call: Call,
    purpose: Purpose = CARE,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1)] = 50,
    state: Annotated[
        list[str] | None, typer.Option("--state", metavar="S", help="Only missing, invalid, conflicting or stale.")
    ] = None,
) -> Answer:
    """The worklist: what is stale, missing, conflicting or invalid, most valuable first."""
    items = as_json(call.workspace().stale(purpose=purpose, limit=limit, states=state or ()))
    shown = table(items, "customer", "name", "field", "value", "state", "impact", "reason")
    return Answer({"items": items}, (shown if items else "nothing to do",))


@command(app)
def fix(call: Call, file: InputFile, dry_run: DryRun = False) -> Answer:
    """Apply a change set: rows of customer, field, action (confirm, correct, choose), value, source."""
    return _changed(call.workspace().fix(read_changes(file), dry_run=dry_run))


@command(app)
def undo(call: Call, change: Annotated[str, typer.Argument(metavar="CHANGE", help="A change's id.")]) -> Answer:
    """Take a change back, or a whole change set."""
    return _changed(call.workspace().undo(change))


@command(app)
def redo(call: Call, change: Annotated[str, typer.Argument(metavar="CHANGE", help="An undone change's id.")]) -> Answer:
    """Make a change again that was taken back."""
    return _changed(call.workspace().redo(change))


@command(fixes, "export")
def fixes_export(
    call: Call, to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="A JSON file.")] = None
) -> Answer:
    """Write every change that stands as a change set that `insight fix` replays; withheld values are left out."""
    workspace = call.workspace()
    told, path = workspace.standing_fixes(), to or workspace.exports / "fixes.json"
    changes, withheld = told["changes"], told["withheld"]
    try:
        path.write_text(json.dumps({"changes": changes}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as fault:
        raise BadInput(f"{path} cannot be written: {fault.strerror}.") from fault
    lines = [f"{len(changes):,} changes written to {escape(str(path))}"]
    lines += [f"{withheld:,} left out: their values are withheld from {CARE}"] if withheld else []
    return Answer({**told, "path": str(path)}, tuple(lines))


def _changed(changes: list[Change]) -> Answer:
    rows = as_json(changes)
    return Answer({"changes": rows}, (table(rows, "change", "customer", "field", "action", "before", "after"),))


@command(app)
def consent(
    call: Call,
    customer: Customer,
    purpose: Purpose,
    state: Annotated[Literal["given", "withdrawn"], typer.Option("--set", help="What the customer decided.")],
    channel: Annotated[str, typer.Option("--channel", metavar="C", help="One channel; * is any.")] = "*",
    evidence: Annotated[str, typer.Option("--evidence", metavar="TEXT", help="How it was given, in words.")] = "",
) -> Answer:
    """Record a consent, or its withdrawal, with its evidence."""
    now = call.workspace().consent(customer, purpose, state, channel=channel, evidence=evidence)
    return Answer(now, (f"{purpose} by {'any channel' if channel == '*' else channel}: {now['state']}",))
