"""Narrow: the cells worth fixing of a few fields, out of the whole base.

What is kept of a bucket are the best cells of all fields together: of a field whose cells are all
worth less than those it says nothing. Then that field alone is judged anew, for everybody.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from insight_core.catalogue import by_facet, field, purpose
from insight_core.pipeline.kept.count import batches
from insight_core.pipeline.kept.judge import everyone, worth_sql
from insight_core.pipeline.kept.looked import everybody
from insight_core.pipeline.kept.prints import listed
from insight_core.quality import shares
from insight_core.store import Store
from insight_core.store.buckets import BUCKETS
from insight_core.store.sql import text

_FEW = 3
_CELL = "loss, customer_id, field, problem, broken, days, bounced"


def narrowed_to(why: str, facet: str | None, name: str | None) -> list[str]:
    """The fields of the purpose's worklist that are in a facet and of a name; raises NotFound for one not known."""
    named = {field(name).name} if name is not None else None
    inside = {one.name for one in by_facet(facet)} if facet is not None else None
    return [one for one in shares.fixable(why) if one in (named or [one]) and one in (inside or [one])]


def narrowed(
    store: Store, why: str, now: datetime, limit: int, wanted: Sequence[int], names: Sequence[str], source: str | None
) -> list[list[Any]]:
    """The best cells of these fields, of some problems, whose value comes from one source (None: from any)."""
    if not names:
        return []
    files, few = listed(store), len(names) <= _FEW
    rows = sum(one.rows for one in files["snapshot"])
    best: list[list[Any]] = []
    for buckets in [range(BUCKETS)] if few else batches(rows, range(BUCKETS)):
        con = store.duck()
        try:
            everyone(con, purpose(why), now, everybody(store, files, buckets), buckets, few=few)
            best += _best(con, why, limit, wanted, names, source)
        finally:
            con.close()
    return sorted(best, key=itemgetter(slice(3)))[:limit]


def _best(
    con: Any, why: str, limit: int, wanted: Sequence[int], names: Sequence[str], source: str | None
) -> Iterator[list[Any]]:
    """The best cells of those who are in the relation `judged`."""
    worth = worth_sql(con, why, names)
    con.execute(f"CREATE OR REPLACE TEMP TABLE worth AS SELECT * FROM ({worth}) WHERE problem IN ({_in(wanted)})")
    query = f"SELECT {_CELL} FROM worth"
    if source is not None:
        told = " ".join(f"WHEN {text(one)} THEN {one}__source" for one in names)
        query += f" JOIN snapshot USING (customer_id) WHERE CASE field {told} END = {text(source)}"
    rows = con.execute(f"{query} ORDER BY loss, customer_id, field LIMIT {limit:d}").fetchall()
    return (list(row) for row in rows)


def _in(numbers: Sequence[int]) -> str:
    return ", ".join(str(int(one)) for one in numbers)
