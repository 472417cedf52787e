"""Notebooks: list, run, open."""

from pathlib import Path
from typing import Annotated

import typer

from insight_core.commands.call import Call, command
from insight_core.commands.show import Answer, progress, table
from insight_core.errors import BadInput, UserError
from insight_core.records.results import as_json

app = typer.Typer()
notebook = typer.Typer(help="Registered notebooks: list, run, open.")
app.add_typer(notebook, name="notebook")

Name = Annotated[str, typer.Argument(metavar="NAME", help="A notebook (see: insight notebook list).")]
NameOrView = Annotated[str, typer.Argument(metavar="NAME|VIEW", help="A notebook, or a view: home, customers, …")]
Values = Annotated[list[str] | None, typer.Option("-p", "--parameter", metavar="NAME=VALUE", help="Repeat for more.")]
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Ends in .html, .ipynb or .py.")]


@command(notebook, "list")
def list_all(call: Call) -> Answer:
    """The notebooks, what each answers, and its parameters."""
    desk = call.workspace(new=True).notebooks
    found = desk.listed()
    rows = [
        {"name": one.name, "answers": one.answers,
         "parameters": ", ".join(f"{each.name}={each.default}" for each in one.parameters)
         if one.trusted else "changed since it was registered: not run"}
        for one in found
    ]  # fmt: skip
    views = f"Views that open as a notebook: {', '.join(desk.views())}"
    return Answer({"notebooks": as_json(found), "views": desk.views()}, (table(rows, *rows[0]), "", views))


@command(notebook)
def run(call: Call, name: Name, parameter: Values = None, output: Output = None) -> Answer:
    """Run a notebook in a process of its own, without network, and write what it shows."""
    ws = call.workspace(new=True)
    if output:
        ws.notebooks.ending(output)
    with progress() as report:
        done = ws.notebooks.run(name, values(parameter), report)
    to = output or ws.exports / f"{name}-{done.run}.html"
    if done.state != "done":
        raise UserError(f"The notebook {name} did not end well. {done.message}")
    ws.notebooks.export(done.run, to)
    told = {"run": done.run, "output": str(to)} | as_json(done)
    return Answer(told, (f"Run {done.run} of {name} took {done.seconds:.0f} s: {to}",))


@command(notebook, "open")
def open_one(call: Call, name: NameOrView, parameter: Values = None) -> Answer:
    """Make a notebook of a view, or of another notebook, with parameters of your own; the app shows it."""
    ws = call.workspace(new=True)
    made = ws.notebooks.open_as(name, values(parameter))
    one, path = ws.notebooks.get(made), ws.root / "notebooks" / f"{made}.py"
    told = {"name": made, "path": str(path), "notebooks": [as_json(one)], "text": ws.notebooks.text(made)}
    shown = f"{made}: {path}. Run it with `insight notebook run {made}`, or in the app under Notebooks."
    return Answer(told, (shown,))


def values(said: list[str] | None) -> dict[str, str]:
    """`name=value` words as a dictionary; raises BadInput for a word without `=`."""
    found: dict[str, str] = {}
    for one in said or []:
        name, mark, value = one.partition("=")
        if not mark or not name:
            raise BadInput(f"A parameter is name=value, not {one!r}.")
        found[name.strip()] = value
    return found
