"""Rows as CSV text, for what is too small to be a file on this machine: a page's own twin."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Any

from insight_core.publish.formulas import neutral


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV text with a header, quoted and with formulas made harmless as in every exported file.

    The columns are those of all rows, in the order in which they first appear; what is not known is empty, and a
    list or a mapping is JSON text.
    """
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow([neutral(name) for name in columns])
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 only NaN differs from itself
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return value
    if isinstance(value, str):
        return neutral(value)
    return neutral(value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False, default=str))
