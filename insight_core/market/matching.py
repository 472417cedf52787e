"""Keys that meet in spite of spelling, and the first row of a group."""

from collections.abc import Sequence

import ibis
from ibis import Deferred, _
from ibis.expr.types import Column, StringValue, Table

from insight_core.records.letters import lowered


def plain(text: StringValue | Deferred) -> StringValue:
    """Letters and digits in lower case, so that spellings of one key meet; null when nothing is left."""
    return lowered(text).re_replace(r"[^\p{L}\p{N}]+", "").nullif("")


def first_rows(table: Table, by: str | Sequence[str], order: Sequence[Column | Deferred]) -> Table:
    """One row per group, the first in the given order, which must break every tie."""
    numbered = table.mutate(nth=ibis.row_number().over(group_by=by, order_by=order))
    return numbered.filter(_.nth == 0).drop("nth")
