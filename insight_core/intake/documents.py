"""Documents: JSON lines and JSON documents opened as tables; a nested value is reached as `outer.inner`."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from insight_core.errors import BadInput
from insight_core.intake import limits
from insight_core.intake import values as v
from insight_core.intake.container import Piece
from insight_core.intake.delimited import real_encoding
from insight_core.intake.dialect import Dialect
from insight_core.intake.elements import Elements
from insight_core.intake.reasons import Reason
from insight_core.intake.recipe import Recipe, template_columns
from insight_core.intake.rows import Rows, schema
from insight_core.intake.sniff import encoding_of
from insight_core.intake.streams import Text
from insight_core.intake.table import Table

_SAMPLE = 500
_LINES = Dialect("\x1f", None, None)
_BATCH = 20_000


def open_lines(piece: Piece, start: bytes, recipe: Recipe | None) -> Table:
    """JSON lines as a table: each line stands for itself."""
    encoding = encoding_of(start)
    lines = start.decode(encoding, errors="replace").splitlines()
    table = _table(piece, "jsonl", encoding, [one for line in lines[: _SAMPLE + 1] if (one := _parsed(line))], recipe)

    def batches() -> Iterator[pa.RecordBatch]:
        with Text(piece.open(), table.encoding or "utf-8", check=table.spoilt) as text:
            rows = Rows(piece.name, 1, _LINES, 1, text.marks, max_cell=limits.MAX_RECORD)
            for batch in rows.batches(text):
                texts = pc.coalesce(batch["c0"], batch["__text"])
                yield pa.RecordBatch.from_arrays([batch["__line"], batch["__fault"], texts], schema=schema(0))

    table.batches = batches
    return table


def open_document(piece: Piece, start: bytes, recipe: Recipe | None) -> Table:
    """A JSON document as a table: an array of objects, or an object that holds one; raises BadInput where it breaks."""
    encoding = encoding_of(start)
    with Text(piece.open(), encoding, check=True) as text:
        sample = [one for _, line in islice(Elements(piece.name, text), _SAMPLE) if (one := _parsed(line))]
    table = _table(piece, "json", encoding, sample, recipe)

    def batches() -> Iterator[pa.RecordBatch]:
        with Text(piece.open(), table.encoding or "utf-8", check=True) as text:
            elements = iter(Elements(piece.name, text))
            while block := list(islice(elements, _BATCH)):
                lines, texts = [line for line, _ in block], [one for _, one in block]
                faults = pa.nulls(len(block), pa.string())
                yield pa.RecordBatch.from_arrays([pa.array(lines), faults, pa.array(texts)], schema=schema(0))

    table.batches = batches
    return table


def _table(piece: Piece, form: Any, encoding: str, sample: list[dict[str, Any]], recipe: Recipe | None) -> Table:
    paths: dict[str, str] = {}
    flat = [_flat(one) for one in sample]
    for one in flat:
        paths |= {name: path for name, (path, _) in one.items()}
    if not paths:
        raise BadInput(f"{piece.name} is JSON but holds no objects with values: it is no table.", Reason.EMPTY)
    if len(paths) > limits.MAX_COLUMNS:
        message = f"{piece.name} has {len(paths):,} columns; at most {limits.MAX_COLUMNS:,} are read."
        raise BadInput(message, Reason.TOO_LARGE)
    paths |= _unseen(recipe, paths)
    samples = [[one[name][1] if name in one else None for name in paths] for one in flat]
    table = Table(piece.name, form, list(paths), samples, paths=paths, encoding=encoding, native=True)
    table.relation = _relation(list(paths.values()))
    table.recover = lambda: _recover(table, piece)
    return table


def _recover(table: Table, piece: Piece) -> None:
    table.encoding, table.spoilt = real_encoding(piece), True
    table.notes.append(f"Bytes that are not UTF-8 were found: read as {table.encoding}.")


def _unseen(recipe: Recipe | None, paths: dict[str, str]) -> dict[str, str]:
    """Columns that the recipe reads and no sampled object has: objects leave out what they do not know.

    Those of the key are not among them: without them the recipe is for another file.
    """
    if recipe is None:
        return {}
    key = template_columns(recipe.key or "")
    missing = [name for name in recipe.inputs if name not in paths and name not in key]
    return {name: "$" + "".join(f".{json.dumps(part)}" for part in name.split(".")) for name in missing}


def _flat(one: dict[str, Any], before: str = "", path: str = "$") -> dict[str, tuple[str, str | None]]:
    made: dict[str, tuple[str, str | None]] = {}
    for key, value in one.items():
        name, place = f"{before}{key}", f"{path}.{json.dumps(key)}"
        if isinstance(value, dict) and value:
            made |= _flat(value, f"{name}.", place)
        else:
            made[name] = (place, _shown(value))
    return made


def _shown(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        made = json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return made if isinstance(made, dict) else None


def _relation(paths: list[str]) -> str:
    """Each line's values by path, in one pass over its text; a line that is no object becomes a fault."""
    listed = ", ".join(v.quoted(one) for one in paths)
    cells = "".join(f"j[{number + 1}] AS c{number}, " for number in range(len(paths)))
    readable = "CASE WHEN __fault IS NULL AND ltrim(__text) LIKE '{%' THEN json_valid(__text) END"
    most = limits.MAX_CELL
    long = f"strlen(__text) > {most} AND list_max(list_transform(j, lambda x: strlen(x))) > {most}"
    spoilt = "contains(__text, '\\u0000') AND contains(array_to_string(j, ''), chr(0))"
    fault = (
        f"CASE WHEN __fault IS NOT NULL THEN __fault WHEN j IS NULL THEN {v.quoted(Reason.BAD_JSON)} "
        f"WHEN {long} THEN {v.quoted(Reason.TOO_LONG)} WHEN {spoilt} THEN {v.quoted(Reason.UNDECODABLE)} END"
    )
    taken = f"CASE WHEN readable THEN json_extract_string(__text, [{listed}]) END AS j"
    read = f"SELECT *, {readable} AS readable FROM stream"
    return f"(SELECT {cells}__line, {fault} AS __fault, __text FROM (SELECT *, {taken} FROM ({read})))"
