"""Parse: files and a recipe become good rows, in an engine's table, and quarantined rows, in a Parquet file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from insight_core.errors import BadInput
from insight_core.intake.check import check_recipe, fitted
from insight_core.intake.compile import select
from insight_core.intake.dates import with_formats
from insight_core.intake.open import open_tables
from insight_core.intake.reasons import Reason
from insight_core.intake.recipe import Recipe
from insight_core.intake.scan import connected, scan
from insight_core.intake.table import Table
from insight_core.records.progress import Progress
from insight_core.store.sql import rows_in, text, texts

# Given a SELECT of a dataset's rows, one that says more of them: what is made along the way is not read again.
Also = Callable[[str], str]
_EVERYTHING = "parsed"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What intake made of some files: `read` = rows in `rows` + `quarantined`.

    `rows` is a relation in `engine`, which whoever asked must close; `quarantine` is a Parquet file. `blank` names
    columns in which no row says anything. `reasons` counts quarantined rows by code; a row with several faults counts
    under each. `files` says of every file its format, encoding, rows, what was noticed, and which columns the recipe
    leaves unused.
    """

    dataset: str
    engine: duckdb.DuckDBPyConnection
    rows: str
    quarantine: Path
    blank: frozenset[str]
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
    paths: Sequence[Path],
    recipe: Recipe,
    source: str,
    staging: Path,
    now: int,
    progress: Progress | None = None,
    also: Also | None = None,
) -> Parsed:
    """Read the files by the recipe, with room for work in `staging`; raises BadInput for one that cannot be read.

    `now` is the clock in epoch seconds: what has happened cannot lie ahead of it. With `also`, each row is handed on
    with what that says of it instead of its keys.
    """
    check_recipe(recipe)
    staging.mkdir(parents=True, exist_ok=True)
    tables = [table for path in paths for table in open_tables(Path(path), recipe, staging)]
    if not tables:
        raise BadInput("No file was named.", Reason.EMPTY)
    for table in tables:
        fitted(recipe, table)
    engine = connected(staging)
    try:
        parts: list[_Part] = []
        for table in tables:
            query = select(with_formats(engine, recipe, table), source, table.name, table.layout(), now)
            path = staging / f"{_EVERYTHING}-{len(parts)}.parquet"
            parts.append(_part(engine, table, also(query) if also else query, path, progress))
        return _gathered(engine, parts, recipe, staging)
    except BaseException:
        engine.close()
        raise


def _part(engine: duckdb.DuckDBPyConnection, table: Table, rows: str, path: Path, progress: Progress | None) -> _Part:
    """The rows of one table as a file, faulty ones among the good ones."""
    # Small groups take little memory while they are written, and while they are put in order. A text of which a group
    # has many is written as it is, without a dictionary that nobody gains by.
    groups = "ROW_GROUP_SIZE 20480, DICTIONARY_SIZE_LIMIT 500"
    # It is read a few times and thrown away: nobody looks up one value in it.
    options = f"FORMAT parquet, PARQUET_VERSION V2, COMPRESSION snappy, WRITE_BLOOM_FILTER false, {groups}"
    # Rows are told apart by a truth value many times, and a list is dear to read even where there is none.
    told = f"SELECT *, faults IS NOT NULL AS bad FROM ({rows})"
    scan(engine, table, f"COPY ({told}) TO {text(str(path))} ({options})", progress)
    read, bad = engine.execute(f"SELECT count(*), count(*) FILTER (bad) FROM {rows_in(path)}").fetchall()[0]
    if not read:
        raise BadInput(f"{table.name} is empty: it holds no rows.", Reason.EMPTY)
    return _Part(table, path, read, bad)


def _gathered(engine: duckdb.DuckDBPyConnection, parts: list[_Part], recipe: Recipe, staging: Path) -> Parsed:
    """The rows taken apart: good ones here, one line for each fault there."""
    engine.execute(f"CREATE TEMP VIEW {_EVERYTHING} AS FROM {rows_in(part.path for part in parts)}")
    quarantine = staging / "quarantine.parquet"
    faulty = f"SELECT file, line, raw, unnest(faults) AS fault FROM {_EVERYTHING} WHERE bad"
    shown = (
        "file, line, fault.column AS column, fault.value AS value, fault.code AS code, fault.message AS message, raw"
    )
    engine.execute(f"COPY (SELECT {shown} FROM ({faulty})) TO {text(str(quarantine))} (FORMAT parquet)")
    codes = f"unnest(list_distinct([fault.code FOR fault IN faults])) AS code FROM {_EVERYTHING}"
    counted = f"SELECT code, count(*) FROM (SELECT {codes} WHERE bad) GROUP BY code ORDER BY code"
    reasons = dict(engine.execute(counted).fetchall())
    bad, read = sum(part.bad for part in parts), sum(part.read for part in parts)
    good = f"SELECT * EXCLUDE (faults, raw, bad) FROM {_EVERYTHING} {'WHERE NOT bad' if bad else ''}"
    engine.execute(f"CREATE TEMP VIEW good AS {good}")
    files = [_described(part, recipe) for part in parts]
    return Parsed(recipe.dataset, engine, "good", quarantine, _blank(engine, parts), read, bad, reasons, files)


def _blank(engine: duckdb.DuckDBPyConnection, parts: list[_Part]) -> frozenset[str]:
    """The columns of which the files' own counts say that they hold nothing."""
    query = f"""SELECT path_in_schema FROM parquet_metadata([{texts(str(part.path) for part in parts)}])
        GROUP BY path_in_schema HAVING sum(stats_null_count) = sum(num_values)"""
    return frozenset(row[0] for row in engine.execute(query).fetchall())


def _described(part: _Part, recipe: Recipe) -> dict[str, Any]:
    table, used = part.table, set(recipe.inputs)
    about = {name: getattr(table, name) for name in ("format", "encoding", "delimiter", "sheet")}
    about |= {"notes": list(table.notes), "unused": [name for name in table.columns if name not in used]}
    return {"file": table.name, **about, "read": part.read, "quarantined": part.bad}
