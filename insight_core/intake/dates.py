"""Dates: the format of a column for which the recipe states none, settled by its values or refused."""

import re
from dataclasses import replace
from itertools import combinations

import duckdb

from insight_core.errors import BadInput
from insight_core.intake import values as v
from insight_core.intake.examples import by_example
from insight_core.intake.reasons import Reason
from insight_core.intake.recipe import Recipe, Spec
from insight_core.intake.scan import scan
from insight_core.intake.table import Table
from insight_core.intake.targets import kind_of
from insight_core.records.datasets import payload

_ISO = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([T ].*)?|\d{8}")
_DAYS = (
    "%d{0}%m{0}%Y", "%m{0}%d{0}%Y", "%Y{0}%m{0}%d", "%d{0}%m{0}%y", "%m{0}%d{0}%y", "%y{0}%m{0}%d",
    "%d{0}%b{0}%Y", "%d{0}%B{0}%Y", "%d{0}%b{0}%y", "%b{0}%d, %Y", "%B{0}%d, %Y", "%d.{0}%B{0}%Y",
)  # fmt: skip
_TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %H:%M:%S.%f")


def with_formats(engine: duckdb.DuckDBPyConnection, recipe: Recipe, table: Table) -> Recipe:
    """The recipe with a format for every date that states none and is not ISO; raises BadInput when ambiguous."""
    columns, clocks = dict(recipe.columns), recipe.clocks
    for name, spec in (clocks | columns).items():
        kind = kind_of(recipe.dataset, name)[0] if name in payload(recipe.dataset) else ""
        if kind in ("date", "instant") and spec.column and not spec.format:
            formats = settled_formats(engine, table, spec, recipe.nulls)
            if formats:
                made = replace(spec, format=formats)
                columns |= {name: made} if name in columns else {}
                clocks |= {name: made} if name in clocks else {}
    return replace(
        recipe, columns=columns, observed_at=clocks.get("observed_at"), verified_at=clocks.get("verified_at")
    )


def settled_formats(
    engine: duckdb.DuckDBPyConnection, table: Table, spec: Spec, nulls: tuple[str, ...]
) -> tuple[str, ...]:
    """The formats that read the whole column, () for ISO 8601; raises BadInput when two read it differently."""
    column = spec.column or ""
    sample = [text.strip() for text in table.column(table.columns.index(column)) if text.strip() not in nulls]
    if all(iso(text) for text in sample):
        return ()
    candidates = list(likely_formats(engine, sample))
    if len(candidates) < 2:
        return tuple(candidates)
    counts = _counts(engine, table, column, candidates, nulls)
    return _choice(table.name, column, candidates, counts, sample[0])


def iso(text: str) -> bool:
    """Whether a text is an ISO 8601 date, which needs no format."""
    return bool(_ISO.fullmatch(text))


def likely_formats(engine: duckdb.DuckDBPyConnection, sample: list[str]) -> dict[str, int]:
    """The formats that read at least one of the texts, and how many each reads."""
    marks = {mark for text in sample for mark in "/.- " if mark in text}
    formats = [day.format(mark) + time for mark in sorted(marks) for day in _DAYS for time in _TIMES]
    if not formats:
        return {}
    counts = ", ".join(f"count({_read('x', one)})" for one in formats)
    found = engine.execute(f"SELECT {counts} FROM (SELECT unnest(?) AS x)", [sample]).fetchall()[0]
    return {one: count for one, count in zip(formats, found, strict=True) if count}


def _counts(
    engine: duckdb.DuckDBPyConnection, table: Table, column: str, formats: list[str], nulls: tuple[str, ...]
) -> dict[tuple[str, ...], int]:
    """How many values each format reads, any format reads (), and each pair reads differently."""
    parsed = ", ".join(f"{_read('x', one)} AS f{number}" for number, one in enumerate(formats))
    asked: dict[tuple[str, ...], str] = {(one,): f"count(f{number})" for number, one in enumerate(formats)}
    asked[()] = f"count(coalesce({', '.join(f'f{number}' for number in range(len(formats)))}))"
    for left, right in combinations(range(len(formats)), 2):
        asked[formats[left], formats[right]] = f"count(*) FILTER (f{left} <> f{right})"
    cell = f"(SELECT {v.known(v.bare(table.cells()[column]), nulls)} AS x FROM {table.relation})"
    found = scan(engine, table, f"SELECT {', '.join(asked.values())} FROM (SELECT {parsed} FROM {cell})")[0]
    return dict(zip(asked, found, strict=True))


def _choice(
    name: str, column: str, formats: list[str], counts: dict[tuple[str, ...], int], example: str
) -> tuple[str, ...]:
    rivals = [pair for pair, count in counts.items() if len(pair) == 2 and count]
    if not rivals:
        return tuple(formats)
    best = max(formats, key=lambda one: counts[one,])
    beaten = all(counts[one,] < counts[best,] for pair in rivals if best in pair for one in pair if one != best)
    if counts[best,] == counts[()] and beaten:
        return (best,)
    shown = by_example(sorted({one for pair in rivals for one in pair})[:3])
    message = (
        f"{name}: the dates in column {column!r}, such as {example!r}, can be read as {shown}. "
        f"State which in the recipe: {{column = {column!r}, format = {formats[0]!r}}}."
    )
    raise BadInput(message, Reason.AMBIGUOUS_DATE)


def _read(text: str, form: str) -> str:
    return v.sane(f"try_strptime({text}, {v.quoted(form)})", f"try_strptime({text}, {v.quoted(form)})")
