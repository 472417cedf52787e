"""Parse: files and a recipe become good rows and quarantined rows, in two Parquet files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from insight_core.errors import BadInput
from insight_core.intake import values as v
from insight_core.intake.check import check_recipe, fitted
from insight_core.intake.compile import select
from insight_core.intake.dates import with_formats
from insight_core.intake.open import open_tables
from insight_core.intake.reasons import Reason
from insight_core.intake.recipe import Recipe
from insight_core.intake.scan import Progress, connected, scan
from insight_core.intake.table import Table


@dataclass(frozen=True, slots=True)
class Parsed:
    """What intake made of some files: `read` = rows in `rows` + `quarantined`.

    `rows` and `quarantine` are Parquet files. `reasons` counts quarantined rows by code; a row with several
    faults counts under each. `files` says of every file its format, encoding, rows and what was noticed.
    """

    dataset: str
    rows: Path
    quarantine: Path
    read: int
    quarantined: int
    reasons: dict[str, int]
    files: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Part:
    table: Table
    path: Path
    read: int
    bad: int


def parse(
    paths: Sequence[Path], recipe: Recipe, source: str, staging: Path, progress: Progress | None = None
) -> Parsed:
    """Read the files by the recipe into `staging`; raises BadInput for a file that cannot be read as a whole."""
    check_recipe(recipe)
    staging.mkdir(parents=True, exist_ok=True)
    tables = [table for path in paths for table in open_tables(Path(path), recipe, staging)]
    if not tables:
        raise BadInput("No file was named.", Reason.EMPTY)
    for table in tables:
        fitted(recipe, table)
    with connected() as engine:
        parts = []
        for number, table in enumerate(tables):
            parts.append(_part(engine, table, recipe, source, staging / f"part-{number}.parquet", progress))
        return _gathered(engine, parts, recipe, staging)


def _part(
    engine: duckdb.DuckDBPyConnection, table: Table, recipe: Recipe, source: str, path: Path, progress: Progress | None
) -> _Part:
    """One table written typed, faulty rows among the good ones."""
    suited = with_formats(engine, recipe, table)
    scan(engine, table, _copy(select(suited, source, table.name, table.layout()), path), progress)
    read, bad = engine.execute(f"SELECT count(*), count(faults) FROM {_file(path)}").fetchall()[0]
    if not read:
        raise BadInput(f"{table.name} is empty: it holds no rows.", Reason.EMPTY)
    return _Part(table, path, read, bad)


def _gathered(engine: duckdb.DuckDBPyConnection, parts: list[_Part], recipe: Recipe, staging: Path) -> Parsed:
    """The parts put together and taken apart again: good rows here, one line for each fault there."""
    rows, quarantine = staging / "rows.parquet", staging / "quarantine.parquet"
    everything = f"read_parquet([{', '.join(v.quoted(str(part.path)) for part in parts)}])"
    faulty = f"SELECT file, line, raw, unnest(faults) AS fault FROM {everything} WHERE faults IS NOT NULL"
    shown = (
        "file, line, fault.column AS column, fault.value AS value, fault.code AS code, fault.message AS message, raw"
    )
    engine.execute(_copy(f"SELECT {shown} FROM ({faulty}) ORDER BY file, line, fault.column, fault.code", quarantine))
    counted = f"SELECT code, count(DISTINCT (file, line)) FROM {_file(quarantine)} GROUP BY code ORDER BY code"
    reasons = dict(engine.execute(counted).fetchall())
    if len(parts) == 1 and not parts[0].bad:
        # A clean file is not written twice: its rows keep two columns that are NULL throughout.
        parts[0].path.replace(rows)
    else:
        engine.execute(_copy(f"SELECT * EXCLUDE (faults, raw) FROM {everything} WHERE faults IS NULL", rows))
    for part in parts:
        part.path.unlink(missing_ok=True)
    bad, read = sum(part.bad for part in parts), sum(part.read for part in parts)
    files = [_described(part) for part in parts]
    return Parsed(recipe.dataset, rows, quarantine, read, bad, reasons, files)


def _copy(query: str, path: Path) -> str:
    return f"COPY ({query}) TO {v.quoted(str(path))} (FORMAT parquet)"


def _file(path: Path) -> str:
    return f"read_parquet({v.quoted(str(path))})"


def _described(part: _Part) -> dict[str, Any]:
    table = part.table
    about = {name: getattr(table, name) for name in ("format", "encoding", "delimiter", "sheet")}
    return {"file": table.name, **about, "read": part.read, "quarantined": part.bad, "notes": list(table.notes)}
