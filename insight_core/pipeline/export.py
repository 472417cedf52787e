"""Export: what the purpose may see, in the form that people or programs read."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from insight_core import quality
from insight_core.catalogue import purpose as known_purpose
from insight_core.compliance import Gate
from insight_core.compliance.seen import seen_sql
from insight_core.errors import NotFound
from insight_core.pipeline import made_cards, used_cards
from insight_core.publish import CONTACT_FIELDS, audience_table, cards_table, profiles_table, with_keys, write
from insight_core.records.clock import epoch
from insight_core.records.progress import Progress, silent
from insight_core.records.results import ExportReport
from insight_core.store import Store
from insight_core.store.sql import rows_in, text

KINDS = ("profiles", "recommendations", "audience")


def export(
    store: Store, gate: Gate, con: Any, what: str, purpose: str, to: Path, now: datetime,
    progress: Progress = silent,
) -> ExportReport:  # fmt: skip
    """Write one of KINDS to a file whose ending says the format; raises NotFound for another kind or ending."""
    if what not in KINDS:
        raise NotFound("export", what, KINDS)
    opened = gate.base(con, purpose)
    told = (sum(opened.withheld.values()), opened.withheld, opened.receipt)
    if what == "profiles":
        everybody = quality.with_tenure_expr(opened.table, quality.clock_at(now))
        rows = write(with_keys(profiles_table(everybody, purpose), _keys(store, con.con)), to)
        return ExportReport(str(to), rows, *told)
    made = made_cards.make(store, purpose, now, progress)
    progress(f"write {what}", 0, None)
    rows = write(_stream(made, store, purpose, now, what, _keys(store, con.con)), to)
    abstained = made.abstained if what == "recommendations" else 0
    return ExportReport(str(to), rows, *told, abstained=abstained)


def _keys(store: Store, con: Any) -> pa.Table:
    """Under what the sources know every customer: customer, and keys as JSON."""
    if not store.lake.listed("links"):
        return pa.table({"customer": pa.array([], pa.string()), "keys": pa.array([], pa.string())})
    parties, links = rows_in(store.lake.paths("parties")), store.lake.rows("links")
    told = f"""
        SELECT customer_id, source || ':' || key AS told FROM (SELECT record_id, key FROM {parties})
        JOIN (SELECT record_id, customer_id, source FROM {links}) USING (record_id)
    """
    # most are known under one key, which needs no list
    query = f"""
        SELECT customer_id AS customer, CASE WHEN min(told) = max(told) THEN '[' || to_json(min(told))::VARCHAR || ']'
            ELSE to_json(list_sort(list_distinct(list(told))))::VARCHAR END AS keys
        FROM ({told}) GROUP BY customer_id ORDER BY customer_id
    """
    return con.cursor().sql(query).to_arrow_table()


def _stream(
    made: made_cards.Made, store: Store, purpose: str, now: datetime, what: str, keys: pa.Table
) -> pa.RecordBatchReader:
    """The rows some thousands at a time, so that a million cards need no more memory than these."""
    used = used_cards.all_used(store)
    shaped = (
        (cards_table(one, used) for one in made.tables())
        if what == "recommendations"
        else _audience(made, store, purpose, now)
    )
    tables = _ahead(with_keys(one, keys) for one in shaped)
    first = next(tables)
    return pa.RecordBatchReader.from_batches(first.schema, _batches(first, tables))


def _ahead(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The same tables, the next one made while one is written."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, tables, None)
        while (table := coming.result()) is not None:
            coming = pool.submit(next, tables, None)
            yield table


def _batches(first: pa.Table, rest: Iterator[pa.Table]) -> Iterator[pa.RecordBatch]:
    yield from first.to_batches()
    for table in rest:
        yield from table.cast(first.schema).to_batches()


def _audience(made: made_cards.Made, store: Store, purpose: str, now: datetime) -> Iterator[pa.Table]:
    con, columns = store.duck(), ("kind", *CONTACT_FIELDS)
    consents = store.lake.rows("consent_states")
    for cards in made.tables():
        ends = pc.min_max(cards["customer"]).as_py()
        where = f"customer_id BETWEEN {text(ends['min'] or '')} AND {text(ends['max'] or '')}"
        snapshot = f"(SELECT * FROM {store.lake.rows('snapshot')} WHERE {where})"
        seen = con.sql(seen_sql(snapshot, consents, known_purpose(purpose), epoch(now), columns)).to_arrow_table()
        yield audience_table(cards, seen)
