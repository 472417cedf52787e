"""Samples: the first lines of each fate that a load would bring, as a person wants to see them before saying yes."""

from typing import Any

from insight_core.intake import Parsed
from insight_core.records.datasets import payload
from insight_core.store import Store
from insight_core.store.sql import dicts, rows_in, texts

_LINES = 5
_KNOWN = "record_id IN (FROM known_records)"
# What says how a row is known, not what it says.
_ABOUT = {"key", "method", "rank", "basis", "area_key", "counterpart_id"}


def samples(con: Any, store: Store, parsed: Parsed, can_change: bool) -> dict[str, list[dict[str, Any]]]:
    """Lines by fate; needs the tables `asserted` and `known_records`.

    `new` and `duplicate` say all they say, `changed` one field at a time from known to said,
    `quarantined` the cell and the reason.
    """
    changed = _KNOWN if can_change else "false"
    cells = f'SELECT file, line, "column", value, code, message FROM {rows_in(parsed.quarantine)}'
    return {
        "new": [_said(row, parsed.dataset) for row in _rows(con, f"fate = 'new' AND NOT ({changed})")],
        "changed": _changes(con, store, parsed.dataset) if can_change else [],
        "duplicate": [_said(row, parsed.dataset) for row in _rows(con, "fate <> 'new'")],
        "quarantined": dicts(con, f'{cells} ORDER BY file, line, "column", code LIMIT {_LINES}'),
    }


def _said(row: dict[str, Any], dataset: str) -> dict[str, Any]:
    says = {name: row[name] for name in payload(dataset) if row[name] is not None and name not in _ABOUT}
    return {"file": row["file"], "line": row["line"], "says": says}


def _changes(con: Any, store: Store, dataset: str) -> list[dict[str, Any]]:
    rows = _rows(con, f"fate = 'new' AND {_KNOWN}")
    if not rows:
        return []
    shown = texts(str(one["record_id"]) for one in rows)
    newest = "row_number() OVER (PARTITION BY record_id ORDER BY recorded_at DESC, batch DESC, evidence DESC) = 1"
    lake = rows_in(store.lake.paths(dataset))
    found = dicts(con, f"SELECT * FROM {lake} WHERE record_id IN ({shown}) QUALIFY {newest}")
    known = {one["record_id"]: one for one in found}
    return [one for row in rows for one in _differing(row, known[row["record_id"]], dataset)]


def _differing(row: dict[str, Any], known: dict[str, Any], dataset: str) -> list[dict[str, Any]]:
    at = {"file": row["file"], "line": row["line"]}
    names = [name for name in payload(dataset) if name not in _ABOUT and row[name] != known[name]]
    return [at | {"field": name, "known": known[name], "says": row[name]} for name in names]


def _rows(con: Any, where: str) -> list[dict[str, Any]]:
    return dicts(con, f"SELECT * FROM asserted WHERE {where} ORDER BY file, line LIMIT {_LINES}")
