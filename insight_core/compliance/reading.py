"""Reading: the store's and the lake's rows behind one customer, for the gate alone."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import col, select

from insight_core.catalogue import Purpose, field
from insight_core.compliance.seen import seen_sql
from insight_core.records.datasets import payload
from insight_core.records.ids import record_id
from insight_core.store import Store
from insight_core.store.buckets import bucket_of
from insight_core.store.facet_tables import FACET_TABLES
from insight_core.store.sql import dicts, folded, folded_column, rows_in, texts
from insight_core.store.tables import Batch, Customer, Link

KEY = "key"
_CONTACT_POINTS = ("email", "phone")
# names in one statement: databases take only so many parameters
_AT_ONCE = 500

_EVENTS = {
    "interactions": """channel, direction, topic, outcome, NULL AS amount, NULL AS category,
        interaction_id AS reference, counterpart_id IS NOT NULL AS with_customer""",
    "usage": """channel, NULL AS direction, kind AS topic, NULL AS outcome, amount, category, usage_id AS reference,
        FALSE AS with_customer""",
}


def sources_of(store: Store) -> list[str]:
    """Every source that has a batch in."""
    with store.read() as session:
        return sorted(session.exec(select(Batch.source).where(col(Batch.unloaded_at).is_(None)).distinct()).all())


def records_keyed(store: Store, key: str) -> list[str]:
    """The ids that records have whom some source keeps under this key, whether there are any or not."""
    return [record_id(source, key) for source in sources_of(store)]


def rows_of(store: Store, dataset: str, records: Sequence[str]) -> str | None:
    """FROM and WHERE for the dataset's rows of these records, of only their buckets; None when there are no files."""
    paths = store.lake.near(dataset, {bucket_of(one) for one in records})
    return f"FROM {rows_in(paths)} WHERE record_id IN ({texts(records)})" if paths else None


def events_of(
    store: Store, con: Any, records: Sequence[str], datasets: Sequence[str], limit: int
) -> list[dict[str, Any]]:
    """The newest interactions and usages of these records."""
    parts = []
    for name in datasets:
        rows = rows_of(store, name, records)
        if rows:
            parts.append(f"SELECT '{name}' AS dataset, occurred_at, source, evidence, {_EVENTS[name]} {rows}")
    if not parts:
        return []
    query = f"{' UNION ALL '.join(parts)} ORDER BY occurred_at DESC, evidence LIMIT {int(limit)}"
    return dicts(con, query)


def party_rows_of(store: Store, con: Any, records: Sequence[str]) -> list[dict[str, Any]]:
    """Every party row of these records, newest first."""
    rows = rows_of(store, "parties", records)
    if rows is None:
        return []
    names = ", ".join(("record_id", "evidence", "batch", "source", "recorded_at", *payload("parties")))
    query = f"SELECT {names} {rows} ORDER BY observed_at DESC NULLS LAST, record_id, evidence"
    return dicts(con, query)


def consent_rows_of(store: Store, con: Any, records: Sequence[str]) -> list[dict[str, Any]]:
    """Every word on consent of these records that came in a file, newest first."""
    rows = rows_of(store, "consents", records)
    if rows is None:
        return []
    names = """purpose, coalesce(channel, '*') AS channel, status AS state, decided_at AS "at", source,
        wording AS evidence"""
    query = f"SELECT {names} {rows} ORDER BY decided_at DESC, record_id, 1, 2"
    return dicts(con, query)


def cells_of(
    store: Store, cells: Sequence[tuple[str, str]]
) -> tuple[dict[str, tuple[str | None, str | None]], dict[tuple[str, str], Any]]:
    """Name and kind by customer, and the stored value by customer and field."""
    by_facet: dict[str, dict[str, list[str]]] = {}
    for customer, name in cells:
        by_facet.setdefault(field(name).facet, {}).setdefault(name, []).append(customer)
    everybody = sorted({customer for customer, _ in cells})
    heads: dict[str, tuple[str | None, str | None]] = {}
    values: dict[tuple[str, str], Any] = {}
    with store.read() as session:
        for some in _in_parts(everybody):
            head = select(Customer.customer_id, Customer.name, Customer.kind)
            for customer, called, kind in session.exec(head.where(col(Customer.customer_id).in_(some))).all():
                heads[customer] = (called, kind)
        for facet, wanted in by_facet.items():
            table: Any = FACET_TABLES[facet]
            columns = [getattr(table, name) for name in wanted]
            for some in _in_parts(sorted({customer for those in wanted.values() for customer in those})):
                query = select(table.customer_id, *columns).where(table.customer_id.in_(some))
                for customer, *row in session.exec(query).all():
                    values |= {(customer, name): value for name, value in zip(wanted, row, strict=True)}
    return heads, values


def _in_parts(customers: Sequence[str]) -> Iterator[Sequence[str]]:
    return (customers[start : start + _AT_ONCE] for start in range(0, len(customers), _AT_ONCE))


def search(
    store: Store,
    con: Any,
    text: str,
    field: str | None,
    record_ids: Sequence[str],
    limit: int,
    within: tuple[Purpose, int],
) -> list[tuple[str, str]]:
    """(customer_id, what matched) for an id, a source's key, a contact point or words of the name, accents apart.

    With a `field` it looks in that alone; `KEY` stands for the keys of sources. Values are looked in only as far as the
    purpose may see them at the instant, both in `within`.
    """
    named = {None: [text, *record_ids], KEY: record_ids}.get(field, [])
    with store.read() as session:
        by_link = session.exec(select(Link).where(col(Link.record_id).in_(named))).all()
    found = [(one.customer_id, f"key in {one.source}") for one in by_link]
    if text and field != KEY and store.lake.listed("snapshot"):
        found += con.execute(*_looked_for(_people(store, field, within), text, field, limit)).fetchall()
    unique: dict[str, str] = {}
    for customer, matched in found:
        unique.setdefault(customer, matched)
    return list(unique.items())[:limit]


def _people(store: Store, field: str | None, within: tuple[Purpose, int]) -> str:
    """A relation of everybody that is looked among."""
    everybody = store.lake.rows("snapshot")
    columns = [field] if field not in (None, "name") else [] if field else list(_CONTACT_POINTS)
    return f"({seen_sql(everybody, store.lake.rows('consent_states'), *within, columns)})"


def _looked_for(people: str, text: str, field: str | None, limit: int) -> tuple[str, list[Any]]:
    """Contact points first, then names in their order; one pass over the columns that are looked in."""
    exact = [] if field == "name" else [field] if field else list(_CONTACT_POINTS)
    words = text.split() if field in (None, "name") else []
    here = " OR ".join(f"lower({name}) = lower(?)" for name in exact) or "FALSE"
    named = " AND ".join(f"contains({folded_column('name')}, {folded('?')})" for _ in words) or "FALSE"
    query = f"""
        SELECT customer_id, CASE WHEN {here} THEN ? WHEN {named} THEN 'name' END AS matched FROM {people}
        WHERE matched IS NOT NULL ORDER BY matched = 'name', if(matched = 'name', name, NULL), customer_id LIMIT ?
    """
    return query, [*[text] * len(exact), field or "contact point", *words, limit]
