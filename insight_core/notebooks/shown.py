"""What a cell shows, as bundles by media type: figures and tables as data, everything else as text."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from insight_core.records.results import as_json, is_record

FIGURE = "application/vnd.plotly.v1+json"
TABLE = "application/vnd.insight.table+json"
TEXT = "text/plain"

_NUM = ' class="num"'
_MOST_ROWS = 1000

Bundle = dict[str, Any]


def bundle(value: Any, text_bytes: int) -> Bundle:
    """The bundle of a value: a plotly figure, a table (a frame, or rows), or its text."""
    if hasattr(value, "to_plotly_json"):
        return {FIGURE: json.loads(value.to_json()), TEXT: "a figure"}
    rows = _rows(value)
    if rows is not None:
        return table(rows)
    if is_record(value):
        value = as_json(value)
    told = value if isinstance(value, str) else repr(value)
    return {TEXT: cut(told, text_bytes)}


def table(rows: Sequence[Mapping[str, Any]]) -> Bundle:
    """Rows as a table, its first thousand."""
    columns = list(dict.fromkeys(str(name) for row in rows for name in row))
    cells = [[_plain(row.get(name)) for name in columns] for row in rows[:_MOST_ROWS]]
    data = {"columns": columns, "rows": cells, "total": len(rows)}
    return {TABLE: data, TEXT: f"a table of {len(rows):,} rows"}


def table_html(data: Mapping[str, Any]) -> str:
    """A table bundle as HTML, every cell as text."""
    figures = [_all_figures([row[at] for row in data["rows"]]) for at in range(len(data["columns"]))]
    heads = "".join(
        f'<th scope="col"{_NUM * figure}>{escape(str(one))}</th>'
        for one, figure in zip(data["columns"], figures, strict=True)
    )
    body = "".join("<tr>" + "".join(_cell(one) for one in row) + "</tr>" for row in data["rows"])
    left = data["total"] - len(data["rows"])
    more = f"<caption>The first {len(data['rows']):,} of {data['total']:,} rows</caption>" if left else ""
    return f"<table>{more}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _all_figures(cells: Sequence[Any]) -> bool:
    """Whether a column holds figures, which stand to the right, and its name above them."""
    told = [one for one in cells if one is not None]
    return bool(told) and all(_is_figure(one) for one in told)


def _is_figure(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _cell(value: Any) -> str:
    number = _is_figure(value)
    told = "" if value is None else f"{value:,}" if number else str(value)
    return f"<td{_NUM}>{told}</td>" if number else f"<td><bdi>{escape(told)}</bdi></td>"


def cut(told: str, most: int) -> str:
    """A text of at most so many letters, which says when there was more."""
    return told if len(told) <= most else f"{told[:most]}\n… and {len(told) - most:,} letters more"


def _rows(value: Any) -> list[dict[str, Any]] | None:
    """Rows of a pandas frame or series, of an Arrow table, or of a list of records; None for anything else."""
    if hasattr(value, "to_frame") and hasattr(value, "index"):
        value = value.to_frame().reset_index()
    if hasattr(value, "to_pylist"):
        return list(value.to_pylist())
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        return list(value.to_dict("records"))
    records = isinstance(value, (list, tuple)) and all(isinstance(one, Mapping) or is_record(one) for one in value)
    if records and value:
        return [dict(as_json(one)) for one in value]
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple, set)):
        return ", ".join(str(_plain(one)) for one in value)
    if value is None or value != value:  # noqa: PLR0124 not a number is not itself
        return None
    if isinstance(value, (bool, int, float, str)):
        return value
    if hasattr(value, "item"):
        return _plain(value.item())
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)
