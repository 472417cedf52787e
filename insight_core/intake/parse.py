"""Parse: files and a recipe become good rows, in an engine's table, and quarantined rows, in a Parquet file."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from insight_core.errors import BadInput
from insight_core.intake.check import check_recipe, fitted
from insight_core.intake.compile import select
from insight_core.intake.dates import with_formats
from insight_core.intake.open import open_tables
from insight_core.intake.reasons import Reason
from insight_core.intake.recipe import Recipe
from insight_core.intake.scan import connected, stream
from insight_core.intake.stacks import ROWS, Stacks, Together
from insight_core.intake.table import Table
from insight_core.records.progress import Progress
from insight_core.store.sql import text

# Given a SELECT of a dataset's rows, one that says more of them: what is made along the way is not read again.
Also = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What intake made of some files: `read` = rows in `rows` + `quarantined`.

    `rows` is a relation in `engine`, which whoever asked must close, and `of_buckets` gives SQL for those that lie in
    some buckets, or for all; `quarantine` is a Parquet file. `blank` names
    columns in which no row says anything. `reasons` counts quarantined rows by code; a row with several faults counts
    under each. `files` says of every file its format, encoding, rows, what was noticed, and which columns the recipe
    leaves unused.
    """

    dataset: str
    engine: duckdb.DuckDBPyConnection
    rows: str
    of_buckets: Callable[[Sequence[int] | None], str]
    quarantine: Path
    blank: frozenset[str]
    read: int
    quarantined: int
    reasons: dict[str, int]
    files: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Part:
    table: Table
    stacks: Stacks


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
            said = also(query) if also else query
            parts.append(_Part(table, _put_down(engine, table, said, staging, progress)))
        return _gathered(engine, parts, recipe, staging)
    except BaseException:
        engine.close()
        raise


def _put_down(
    engine: duckdb.DuckDBPyConnection, table: Table, rows: str, staging: Path, progress: Progress | None
) -> Stacks:
    """The rows of one table in stacks, refused ones apart."""
    folder = staging / f"stacks-{uuid4().hex}"
    made = stream(engine, table, rows, lambda reader: Stacks(folder, reader), ROWS, progress)
    if not made.good + made.bad:
        raise BadInput(f"{table.name} is empty: it holds no rows.", Reason.EMPTY)
    return made


def _gathered(engine: duckdb.DuckDBPyConnection, parts: list[_Part], recipe: Recipe, staging: Path) -> Parsed:
    """The rows of all tables: good ones here, one line for each fault there."""
    stacks = Together(engine, (part.stacks for part in parts))
    engine.execute(f"CREATE TEMP VIEW good AS {stacks.good()}")
    quarantine = staging / "quarantine.parquet"
    faulty = f"SELECT file, line, raw, unnest(faults) AS fault {stacks.refused()}"
    shown = (
        "file, line, fault.column AS column, fault.value AS value, fault.code AS code, fault.message AS message, raw"
    )
    engine.execute(f"COPY (SELECT {shown} FROM ({faulty})) TO {text(str(quarantine))} (FORMAT parquet)")
    codes = f"SELECT unnest(list_distinct([fault.code FOR fault IN faults])) AS code {stacks.refused()}"
    reasons = dict(engine.execute(f"SELECT code, count(*) FROM ({codes}) GROUP BY code ORDER BY code").fetchall())
    bad = sum(part.stacks.bad for part in parts)
    told = sum((part.stacks.told for part in parts), Counter())
    return Parsed(
        dataset=recipe.dataset,
        engine=engine,
        rows="good",
        of_buckets=stacks.good,
        quarantine=quarantine,
        blank=frozenset(engine.table("good").columns) - told.keys(),
        read=bad + sum(part.stacks.good for part in parts),
        quarantined=bad,
        reasons=reasons,
        files=[_described(part, recipe) for part in parts],
    )


def _described(part: _Part, recipe: Recipe) -> dict[str, Any]:
    table, used = part.table, set(recipe.inputs)
    about = {name: getattr(table, name) for name in ("format", "encoding", "delimiter", "sheet")}
    about |= {"notes": list(table.notes), "unused": [name for name in table.columns if name not in used]}
    return {"file": table.name, **about, "read": part.stacks.good + part.stacks.bad, "quarantined": part.stacks.bad}
