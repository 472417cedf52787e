"""The command line: `insight`. Its words are in the rooms of `insight_core.commands`."""

import sys
from collections.abc import Sequence
from importlib.metadata import version

import typer

from insight_core.commands import advise, bench, gather, keep, later, look, notebook, serve, steward, world
from insight_core.commands.call import JsonOption, NowOption, StoreOption, new_call
from insight_core.commands.faults import guarded

app = typer.Typer(
    name="insight",
    help="Customer profiles from evidence: up to date, accurate, and used only for a stated purpose.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for room in (world, gather, look, steward, advise, keep, bench, serve, notebook, later):
    app.add_typer(room.app)


@app.callback(invoke_without_command=True)
def insight(
    context: typer.Context,
    store: StoreOption = None,
    now: NowOption = None,
    json: JsonOption = False,
    show_version: bool = typer.Option(False, "--version", help="Print the version."),
) -> None:
    context.obj = new_call(store, now, json)
    if show_version:
        typer.echo(version("insight-workbench"))
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main(words: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    sys.exit(guarded(lambda: app(words, prog_name="insight", standalone_mode=False)))
