"""Verify: is everything that is listed there, unbroken and accounted for; and the hash that proves equality."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import file_digest, sha256
from typing import Any

from sqlmodel import Session, col, func, select

from insight_core import quality
from insight_core.catalogue import FACETS, catalogue_version, purpose
from insight_core.compliance.receipts import broken_links
from insight_core.compliance.tables import masked
from insight_core.pipeline.cards import SEED, recommend
from insight_core.recommend import model_version
from insight_core.records.clock import epoch
from insight_core.store import Store
from insight_core.store.facet_tables import FACET_TABLES
from insight_core.store.sql import table_of
from insight_core.store.tables import Batch, ConsentState, Customer, LakeFile, Link, Receipt

_SKIPPED = {"due_at"}


def verify(store: Store, now: datetime, repair: bool) -> dict[str, Any]:
    """`ok`, `problems` in words, `notes`, the digest of each part, and the state hash over all of them."""
    with store.read() as session:
        problems = [*_files(store, session), *_rows(session), *_orphans(session)]
        problems += broken_links(session.exec(select(Receipt).order_by(col(Receipt.id))))
        parts = {name: _digest(lines) for name, lines in _parts(store, session, now)}
    strays = _strays(store, repair)
    whole = sha256("\n".join(f"{name}={value}" for name, value in sorted(parts.items())).encode()).hexdigest()
    return {
        "ok": not problems,
        "problems": problems,
        "notes": strays,
        "parts": parts,
        "state_hash": whole,
    }


def _files(store: Store, session: Session) -> Iterator[str]:
    for one in session.exec(select(LakeFile).order_by(col(LakeFile.path))):
        path = store.lake.root / one.path
        if not path.exists():
            yield f"the lake's file {one.path} is listed but missing"
            continue
        with path.open("rb") as handle:
            if file_digest(handle, "sha256").hexdigest() != one.sha256:
                yield f"the lake's file {one.path} is not what was written"


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


def _strays(store: Store, repair: bool) -> list[str]:
    """Files that are not listed: they do not count, but they may hold personal data."""
    with store.read() as session:
        listed = {one.path for one in session.exec(select(LakeFile))}
    strays = [
        p for p in sorted(store.lake.root.rglob("*.parquet")) if str(p.relative_to(store.lake.root)) not in listed
    ]
    if repair:
        for path in strays:
            path.unlink()
    did = "removed" if repair else "not listed"
    return [f"{path.relative_to(store.lake.root)}: {did}" for path in strays]


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
    paths = store.lake.paths("snapshot")
    if not paths:
        return
    snapshot = table_of(con, paths)
    table = quality.score_every(snapshot, now).order_by("customer_id").to_pyarrow()
    for row in table.to_pylist():
        yield repr(tuple(row.values()))


def _cards(store: Store, now: datetime) -> Iterator[str]:
    con = store.ibis()
    paths = store.lake.paths("snapshot")
    if not paths:
        return
    aim = purpose("marketing")
    seen, _ = masked(con, paths, store.lake.paths("consent_states"), aim, epoch(now))
    for row in recommend(store, con, seen, aim.name, now, SEED).to_pylist():
        yield repr(tuple(row.values()))


def _digest(lines: Iterator[str]) -> str:
    digest = sha256()
    for line in lines:
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()
