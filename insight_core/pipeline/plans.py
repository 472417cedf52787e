"""Plans: a step's expression as SQL, worked out once.

Turning a wide Ibis expression into SQL takes longer than running it on a small base, and the
result depends on nothing but the code and the columns. So it is kept, under a name that changes
when either does.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import ibis
from ibis import Table

from insight_core.pipeline.said_once import said_once
from insight_core.records.ids import digest

_ROOMS = ("catalogue", "compliance", "facets", "fold", "market", "pipeline", "pipeline/kept", "quality", "records")
_TYPES = {
    "VARCHAR": "string",
    "BIGINT": "int64",
    "INTEGER": "int32",
    "HUGEINT": "decimal(38, 0)",
    "DOUBLE": "float64",
    "DATE": "date",
    "BOOLEAN": "boolean",
    "VARCHAR[]": "array<string>",
    "BIGINT[]": "array<int64>",
}

Columns = Mapping[str, str]
_known: dict[str, str] = {}


def plan(
    folder: Path,
    name: str,
    expression: Callable[..., Table],
    inputs: Mapping[str, Columns],
    dialect: str = "duckdb",
) -> str:
    """SQL of the expression over the named relations, whose columns are given with DuckDB's types."""
    over = (f"{relation}({dict(columns)})" for relation, columns in inputs.items())
    said = getattr(expression, "__name__", "")
    key = digest(name, said, dialect, code_print(), *over)[:32]
    if key not in _known:
        path = folder / f"{name}-{key}.sql"
        known = path.read_text(encoding="utf-8") if path.exists() else None
        _known[key] = known or _kept(path, _sql(expression, inputs, dialect))
    return _known[key]


def _sql(expression: Callable[..., Table], inputs: Mapping[str, Columns], dialect: str) -> str:
    tables = [ibis.table(ibis_types(columns), name=relation) for relation, columns in inputs.items()]
    # only here: whoever finds a kept plan need not wait for the compilers of every database
    from ibis.backends.sql import compilers

    compiler = getattr(compilers, dialect).compiler
    # indented it would be three times as long to parse
    return str(said_once(compiler.to_sqlglot(expression(*tables))).sql(dialect=compiler.dialect))


def ibis_types(columns: Columns) -> ibis.Schema:
    """The columns with the types that expressions see."""
    return ibis.schema({name: _TYPES[kind] for name, kind in columns.items()})


def _kept(path: Path, sql: str) -> str:
    # a home that cannot be written costs seconds, not the build
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{uuid4().hex}")
        draft.write_text(sql, encoding="utf-8")
        draft.replace(path)
    return sql


@cache
def code_print() -> str:
    """A digest of the code that makes expressions, and of the library that turns them into SQL."""
    seen = sha256(version("ibis-framework").encode())
    for room in _ROOMS:
        sources = sorted(files("insight_core").joinpath(room).iterdir(), key=lambda one: one.name)
        for source in sources:
            if source.is_file():
                seen.update(source.read_bytes())
    return seen.hexdigest()
