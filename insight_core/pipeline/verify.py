"""Verify: is everything that is listed there, unbroken and accounted for; and the hash that proves equality."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, func, select

from insight_core import quality
from insight_core.catalogue import FACETS, catalogue_version
from insight_core.compliance.receipts import broken_links
from insight_core.pipeline.cards import of_everybody
from insight_core.pipeline.losses import lost, told
from insight_core.pipeline.repair import repair as repair_store
from insight_core.recommend import model_version
from insight_core.records.clock import epoch
from insight_core.store import Store
from insight_core.store.disk import GRACE_SECONDS
from insight_core.store.facet_tables import FACET_TABLES
from insight_core.store.sql import table_of
from insight_core.store.tables import Batch, ConsentState, Customer, Link, Receipt

_SKIPPED = {"due_at"}


def verify(store: Store, now: datetime, repair: bool) -> dict[str, Any]:
    """`ok`, `problems` in words, `notes`, the digest of each part, and the state hash over all of them.

    Where a listed file cannot be read there are no parts, and the hash is None.
    """
    did = repair_store(store, epoch(now)) if repair else []
    unread = [f"{_first_small(found.what)} {found.how}" for _, found in store.lake.broken()]
    with store.read() as session:
        problems = [*unread, *map(told, lost(store)), *_rows(session), *_orphans(session)]
        problems += broken_links(session.exec(select(Receipt).order_by(col(Receipt.id))))
        parts = {} if unread else {name: _digest(lines) for name, lines in _parts(store, session, now)}
    return {
        "ok": not problems,
        "problems": problems,
        "notes": did + [f"{name}: not listed" for name in store.lake.unlisted(GRACE_SECONDS)],
        "parts": parts,
        "state_hash": _whole(parts) if parts else None,
    }


def _whole(parts: dict[str, str]) -> str:
    return sha256("\n".join(f"{name}={value}" for name, value in sorted(parts.items())).encode()).hexdigest()


def _first_small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _rows(session: Session) -> Iterator[str]:
    for one in session.exec(select(Batch).order_by(col(Batch.id))):
        if one.read != one.accepted + one.duplicate + one.quarantined:
            yield f"batch {one.id}: {one.read} rows read are not {one.accepted} + {one.duplicate} + {one.quarantined}"


def _orphans(session: Session) -> Iterator[str]:
    customers = session.exec(select(func.count()).select_from(Customer)).one()
    for facet, table in FACET_TABLES.items():
        rows = session.exec(select(func.count()).select_from(table)).one()
        if rows != customers:
            yield f"{facet} has {rows} rows for {customers} customers"
    lost = select(func.count()).select_from(Link).where(col(Link.customer_id).not_in(select(Customer.customer_id)))
    if count := session.exec(lost).one():
        yield f"{count} links lead to customers that are not there"


def _parts(store: Store, session: Session, now: datetime) -> Iterator[tuple[str, Iterator[str]]]:
    yield "links", _table(session, Link, Link.record_id)
    yield "customers", _table(session, Customer, Customer.customer_id)
    for facet in FACETS:
        table: Any = FACET_TABLES[facet]
        yield facet, _table(session, table, table.customer_id)
    yield (
        "consents",
        _table(session, ConsentState, ConsentState.customer_id, ConsentState.purpose, ConsentState.channel),
    )
    yield "scores", _scores(store, now)
    yield "cards", _cards(store, now)
    yield "versions", iter([catalogue_version(), model_version()])


def _table(session: Session, table: Any, *key: Any) -> Iterator[str]:
    names = [one.name for one in table.__table__.columns if one.name not in _SKIPPED]
    columns = [table.__table__.c[name] for name in names]
    rows = session.connection().execution_options(yield_per=10_000).execute(select(*columns).order_by(*key))
    return (repr(tuple(row)) for row in rows)


def _scores(store: Store, now: datetime) -> Iterator[str]:
    con = store.ibis()
    if not store.lake.listed("snapshot"):
        return
    snapshot = table_of(con, store.lake.rows("snapshot"))
    table = quality.score_every(snapshot, now).order_by("customer_id").to_pyarrow()
    for row in table.to_pylist():
        yield repr(tuple(row.values()))


def _cards(store: Store, now: datetime) -> Iterator[str]:
    if store.lake.listed("snapshot"):
        for table in of_everybody(store, "marketing", now):
            yield from (repr(tuple(row.values())) for row in table.to_pylist())


def _digest(lines: Iterator[str]) -> str:
    digest = sha256()
    for line in lines:
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()
