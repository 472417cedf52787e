"""Evidence in and out: load, unload, drop-source, quarantine, build."""

import sys
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import typer

from insight_core import Workspace
from insight_core.commands.call import Call, command
from insight_core.commands.show import Answer, cell, progress, show, table
from insight_core.commands.words import DryRun
from insight_core.errors import BadInput
from insight_core.records.results import LoadPreview, LoadReport, as_json

app = typer.Typer()

_NAMED = 20  # columns that are not used

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Any supported files of one layout.")]
Source = Annotated[str, typer.Option("--source", metavar="NAME", help="Who says so.")]
RecipeName = Annotated[
    str | None, typer.Option("--recipe", metavar="NAME|FILE", help="How to read it; recognised when left out.")
]


Propose = Annotated[
    Path | None, typer.Option("--propose", metavar="FILE.toml", help="Write the mapping that fits, and load nothing.")
]
Preview = Annotated[bool, typer.Option("--preview", help="Only say what would be new, changed and conflicting.")]


@command(app)
def load(
    call: Call,
    files: Files,
    source: Source,
    recipe: RecipeName = None,
    preview: Preview = False,
    propose: Propose = None,
) -> Answer:
    """Load files: CSV, TSV, XLSX, JSON, JSON lines, Parquet, and gz or zip of these."""
    workspace = call.workspace(new=True)
    if propose is not None:
        return _proposed(workspace, files[0], propose)
    if recipe is None and workspace.recognised(files[0]) is None:
        recipe = _confirmed(call, files[0])
    with progress() as report:
        if preview:
            return _previewed(workspace.preview(files, source, recipe=recipe, progress=report))
        done = workspace.load(files, source, recipe=recipe, progress=report)
    batch = "nothing new" if done.batch is None else f"batch {done.batch}"
    fates = f"{done.accepted:,} accepted, {done.duplicate:,} duplicate, {done.quarantined:,} quarantined"
    line = f"{batch}: {done.read:,} read = {fates}"
    return Answer(as_json(done), (line, *_reasons(done.reasons), *_where(done), *_unused(done)))


def _confirmed(call: Call, file: Path) -> str:
    """The proposed mapping, once a person at a terminal has said yes to it; anybody else is told how to."""
    workspace = call.workspace()
    known = workspace.proposed(file)
    path, recipe = known or _new(workspace, file)
    line = f"{recipe.title} ({recipe.dataset}) is in {path} since an earlier load, and is taken as it is there"
    show(_mapped(workspace, file, recipe, path, line if known else _line(recipe, path)), call.json)
    if call.json or not sys.stdin.isatty():
        raise BadInput(
            f"No recipe knows this layout. If the proposed mapping is right, load again with --recipe {path}"
        )
    typer.confirm("Load with this mapping?", default=True, abort=True)
    return str(path)


def _new(workspace: Workspace, file: Path) -> tuple[Path, Any]:
    """A mapping that is proposed now; its file stands beside one of the same name that is of another layout."""
    recipe, folder = workspace.suggest(file), workspace.proposals
    folder.mkdir(parents=True, exist_ok=True)
    names = (recipe.name if number == 1 else f"{recipe.name}-{number}" for number in count(1))
    path = next(folder / f"{one}.toml" for one in names if not (folder / f"{one}.toml").exists())
    _put(recipe.text(), path)
    return path, recipe


def _proposed(workspace: Workspace, file: Path, to: Path) -> Answer:
    recipe = workspace.suggest(file)
    _put(recipe.text(), to)
    return _mapped(workspace, file, recipe, to, _line(recipe, to))


def _line(recipe: Any, to: Path) -> str:
    return f"{recipe.title} ({recipe.dataset}) is in {to}: read it, mend it, then load with --recipe {to}"


def _put(text: str, to: Path) -> None:
    """Write a new file; one that is there may be what a person has mended, and is never replaced."""
    try:
        with to.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise BadInput(f"{to} is there already: name another file, or load with --recipe {to}.") from None
    except OSError as fault:
        raise BadInput(f"{to} cannot be written: {fault.strerror}. Name a file in a folder of yours.") from None


def _mapped(workspace: Workspace, file: Path, recipe: Any, to: Path, line: str) -> Answer:
    shown = table(recipe.mapping, "field", "from", "how", "confidence", "reason")
    unused = [one["column"] for one in workspace.columns(file, recipe) if one["column"] not in recipe.inputs]
    told = {"recipe": str(to), "dataset": recipe.dataset, "mapping": recipe.mapping, "unused": unused}
    return Answer(told, (line, shown, *_not_used(unused)))


def _previewed(seen: LoadPreview) -> Answer:
    fates = (
        f"{seen.new:,} new, {seen.changed:,} changed, {seen.conflicting:,} conflicting, {seen.duplicate:,} duplicate"
    )
    line = f"by {seen.recipe}: {seen.read:,} read = {fates}, {seen.quarantined:,} quarantined; nothing was loaded"
    return Answer(as_json(seen), (line, *_reasons(seen.reasons), *_invalid(seen.invalid)))


def _invalid(faults: list[dict[str, Any]]) -> list[str]:
    return [f"  {one['count']:,} {one['field']} {one['reason']}, such as {cell(one['example'])}" for one in faults]


def _unused(done: LoadReport) -> list[str]:
    return _not_used(list(dict.fromkeys(name for file in done.files for name in file["unused"])))


def _not_used(columns: list[str]) -> list[str]:
    """A line that says which columns of a file become nothing, where there are any."""
    more = f" and {len(columns) - _NAMED:,} more" if len(columns) > _NAMED else ""
    return [f"  not used: {', '.join(cell(one) for one in columns[:_NAMED])}{more}"] if columns else []


def _reasons(reasons: dict[str, int]) -> list[str]:
    return [f"  {count:,} {code}" for code, count in sorted(reasons.items())]


def _where(done: LoadReport) -> list[str]:
    """Where to see what was refused, if anything was."""
    return [f"  each with its line and reason: insight quarantine --batch {done.batch}"] if done.quarantined else []


@command(app)
def unload(call: Call, batch: Annotated[int, typer.Argument(metavar="BATCH")], dry_run: DryRun = False) -> Answer:
    """Take a batch back."""
    return _taken(call.workspace().unload(batch, dry_run=dry_run), dry_run)


@command(app, "drop-source")
def drop_source(call: Call, name: Annotated[str, typer.Argument(metavar="NAME")], dry_run: DryRun = False) -> Answer:
    """Take a source back, with everything derived from it."""
    return _taken(call.workspace().drop_source(name, dry_run=dry_run), dry_run)


def _taken(changed: dict[str, Any], dry_run: bool) -> Answer:
    batches = ", ".join(str(one) for one in changed["batches"])
    rows = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in changed["rows"].items())
    line = f"{'would take back' if dry_run else 'took back'} batch {batches}: {rows or 'no rows'}"
    after = f"{changed['changed']:,} of {changed['customers']:,} customers changed" if "changed" in changed else None
    return Answer(changed, (line, *([after] if after else [])))


@command(app)
def quarantine(
    call: Call,
    batch: Annotated[int | None, typer.Option("--batch", metavar="B", help="Of this batch only.")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1)] = 1000,
) -> Answer:
    """What was refused, where and why."""
    rows = call.workspace().quarantine(batch, limit=limit)
    return Answer({"rows": rows}, (table(rows, "batch", "file", "line", "column", "value", "code", "message"),))


@command(app)
def build(
    call: Call,
    full: Annotated[bool, typer.Option("--full", help="Build everything anew.")] = False,
    engine: Annotated[str, typer.Option("--engine", metavar="duckdb|spark")] = "duckdb",
) -> Answer:
    """Resolve who is who, build and score what changed."""
    with progress() as report:
        done = call.workspace().build(full=full, engine=engine, progress=report)
    waiting = f"{done.unattached:,} events wait for the record of their customer: load the customers that they name"
    line = f"{done.customers:,} customers, {done.changed:,} changed, in {done.seconds:.1f} s"
    return Answer(as_json(done), (line, *([waiting] if done.unattached else [])))
