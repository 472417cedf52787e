"""Meanings: what the single values of a column stand for, each with how often it comes, for a person to settle."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from insight_core.intake import values as v
from insight_core.intake.open import open_tables
from insight_core.intake.recipe import Recipe, Spec
from insight_core.intake.scan import connected, scan
from insight_core.intake.table import Table
from insight_core.intake.targets import kind_of

# A column of more different values than this is no choice.
_MOST = 40
LOOKED_AT = 200_000
_BOOLEAN = ("true", "false")


def meanings(paths: Sequence[Path], recipe: Recipe) -> list[dict[str, Any]]:
    """For every field of a few values that a column fills: field, column, allowed, and the values as they come.

    Each value has value, rows (how many of the first LOOKED_AT of each table hold it) and means: one of the allowed,
    "" for nothing known, or None when it cannot be read.
    """
    chosen = {name: spec for name, spec in recipe.columns.items() if spec.column and _allowed(recipe, name)}
    counts = _counted(paths, recipe, sorted({str(spec.column) for spec in chosen.values()}))
    return [
        {
            "field": name,
            "column": spec.column,
            "allowed": list(_allowed(recipe, name)),
            "values": [
                {"value": one, "rows": rows, "means": _means(recipe, name, spec, one)}
                for one, rows in counts[str(spec.column)].most_common()
            ],
        }
        for name, spec in chosen.items()
        if 0 < len(counts[str(spec.column)]) <= _MOST
    ]


def translated(recipe: Recipe, told: Mapping[str, Mapping[str, str]]) -> Recipe:
    """The recipe with what a person told of values, by field; what is read so by itself needs no line."""
    columns = dict(recipe.columns)
    for name, values in told.items():
        bare = Spec(column=columns[name].column)
        needed = {one: to for one, to in values.items() if _means(recipe, name, bare, one) != to}
        columns[name] = replace(columns[name], map=needed)
    return replace(recipe, columns=columns)


def _allowed(recipe: Recipe, target: str) -> tuple[str, ...]:
    kind, values = kind_of(recipe.dataset, target)
    return _BOOLEAN if kind == "boolean" else values if kind == "choice" else ()


def _means(recipe: Recipe, target: str, spec: Spec, value: str) -> str | None:
    """What the compiled recipe makes of a value; a test holds the two together."""
    lower = {one.lower(): to for one, to in list(spec.map.items())[::-1]}
    told, known = spec.map.get(value, lower.get(value.lower(), value)), _allowed(recipe, target)
    if told == "" or told in known:
        return told
    if known == _BOOLEAN:
        return "true" if told.lower() in v.YES else "false" if told.lower() in v.NO else None
    plain = told.lower().replace(" ", "_").replace("-", "_")
    return plain if plain in known else None


def _counted(paths: Sequence[Path], recipe: Recipe, columns: Sequence[str]) -> dict[str, Counter[str]]:
    """How often each value comes in these columns, over all the files; of each one value more than would do."""
    found: dict[str, Counter[str]] = {name: Counter() for name in columns}
    if columns:
        with TemporaryDirectory() as unpacked, connected() as engine:
            for path in paths:
                for table in open_tables(path, recipe, Path(unpacked)):
                    here = [name for name in columns if name in table.columns]
                    for at, value, rows in scan(engine, table, _tally(table, here, recipe)) if here else ():
                        found[here[at]][value] += rows
    return found


def _tally(table: Table, columns: Sequence[str], recipe: Recipe) -> str:
    """SQL for (place of the column, value, rows), in one pass."""
    layout = table.layout()
    cells = ", ".join(layout.cells[name] if layout.clean else v.bare(layout.cells[name]) for name in columns)
    places = ", ".join(map(str, range(len(columns))))
    known = "cell" if layout.clean else v.known("cell", recipe.nulls)
    return f"""
        SELECT place, {known} AS told, count(*) AS rows FROM (
            SELECT unnest([{places}]) AS place, unnest([{cells}]) AS cell
            FROM (SELECT * FROM {layout.relation} LIMIT {LOOKED_AT})
        ) WHERE told IS NOT NULL GROUP BY place, told
        QUALIFY row_number() OVER (PARTITION BY place ORDER BY rows DESC, told) <= {_MOST + 1} ORDER BY rows DESC, told
    """
