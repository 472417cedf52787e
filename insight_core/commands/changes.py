"""Change sets as files: a JSON list, JSON lines or CSV with customer, field, action, value, source."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

from insight_core.catalogue import fields
from insight_core.errors import BadInput

_NEEDED = ("customer", "field", "action")


def read_changes(path: Path) -> list[dict[str, Any]]:
    """The changes of a file, in its order; raises BadInput with the row that cannot be one."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError) as unreadable:
        raise BadInput(f"{path} cannot be read: {unreadable}.") from None
    rows = _csv(text) if path.suffix.lower() == ".csv" else _json(text, path)
    for number, row in enumerate(rows, start=1):
        _check(row, number, path)
    if not rows:
        raise BadInput(f"{path} holds no change.")
    return rows


def _csv(text: str) -> list[dict[str, Any]]:
    # a quoted value may have a line break in it
    rows = csv.DictReader(StringIO(text, newline=""))
    return [{name: value for name, value in row.items() if value not in (None, "")} for row in rows]


def _json(text: str, path: Path) -> list[Any]:
    try:
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            # a line ends at \n alone: other breaks may stand in a text as they are
            return [json.loads(line) for line in text.split("\n") if line.strip()]
        said = json.loads(text)
    except json.JSONDecodeError as broken:
        raise BadInput(f"{path} is not JSON: {broken}.") from None
    rows = said.get("changes") if isinstance(said, dict) else said
    if not isinstance(rows, list):
        raise BadInput(f'{path} must be a list of changes, or {{"changes": […]}}.')
    return rows


def _check(row: Any, number: int, path: Path) -> None:
    missing = [name for name in _NEEDED if name not in row] if isinstance(row, dict) else list(_NEEDED)
    if missing:
        raise BadInput(f"{path}, change {number}: no {' and no '.join(missing)}.")
    seen = row.get("expects")
    if isinstance(seen, (dict, list)) and row["field"] not in [one.name for one in fields() if one.type == "list"]:
        raise BadInput(f"{path}, change {number}: {row['field']} expects one value, not {json.dumps(seen)}.")
