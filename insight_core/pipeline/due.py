"""Due: whether a build has anything to do."""

from typing import Any

from sqlmodel import col, func, select

from insight_core.catalogue import catalogue_version
from insight_core.records.ids import digest
from insight_core.store import Store
from insight_core.store.tables import Batch, ConsentEvent, Correction, Customer, Note

_NOTE = "built_from"


def evidence_print(store: Store) -> str:
    """A digest of what there is to build from: batches, corrections, consents and the catalogue."""
    with store.read() as session:
        batches = session.exec(select(Batch.id, Batch.unloaded_at).order_by(col(Batch.id))).all()
        fixes = session.exec(select(Correction.change, Correction.undone_at).order_by(Correction.change)).all()
        consents = session.exec(select(func.count()).select_from(ConsentEvent)).one()
    return digest([tuple(one) for one in batches], [tuple(one) for one in fixes], consents, catalogue_version())


def last_print(store: Store) -> str | None:
    """The digest of the last full build."""
    with store.read() as session:
        note = session.get(Note, _NOTE)
    return note.value if note else None


def keep_print(store: Store, seen: str) -> None:
    """Remember what the build saw; what arrived meanwhile makes the next one differ."""
    with store.write() as session:
        session.merge(Note(name=_NOTE, value=seen))


def anything_due(store: Store, now: int) -> bool:
    """Whether time alone changes a profile, such as a fix that lapses."""
    due: Any = Customer.due_at
    with store.read() as session:
        return bool(session.exec(select(func.count()).select_from(Customer).where(due <= now)).one())


def count_customers(store: Store) -> int:
    """Customers that have a profile."""
    with store.read() as session:
        return int(session.exec(select(func.count()).select_from(Customer)).one())
