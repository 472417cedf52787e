"""Due: what there was to build from when everything was last built, and whether there is anything new."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, func, select

from insight_core.catalogue import catalogue_version
from insight_core.identity import rules_version
from insight_core.pipeline.known_keys import Listing, told_whole
from insight_core.records.ids import digest
from insight_core.store import Store
from insight_core.store.tables import Batch, ConsentEvent, Correction, Customer, LakeFile, Note

_NOTE, _BUILT_AT, _OBSERVED = "built_from", "built_at", "observed_to"
_SHELVES = 64


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to build from: batches that are in, a digest for each shelf of corrections, the last consent.

    And by what: the versions of the catalogue and of the rules of identity.
    """

    batches: tuple[int, ...]
    fixes: tuple[str, ...]
    consents: int
    catalogue: str


def shelf_of(change: str) -> int:
    """The shelf on which a correction stands: what changed is looked for on shelves whose digest differs."""
    return sha256(change.encode()).digest()[0] % _SHELVES


def evidence_seen(store: Store) -> Seen:
    """What there is to build from now."""
    with store.read() as session:
        batches = session.exec(select(Batch.id).where(col(Batch.unloaded_at).is_(None)).order_by(col(Batch.id))).all()
        newest = session.exec(select(func.max(ConsentEvent.id))).one()
        shelves = _shelves(session)
    return Seen(
        tuple(one for one in batches if one is not None),
        shelves,
        newest or 0,
        f"{catalogue_version()} {rules_version()}",
    )


def _shelves(session: Session) -> tuple[str, ...]:
    shelves: list[list[Any]] = [[] for _ in range(_SHELVES)]
    for change, undone in session.exec(select(Correction.change, Correction.undone_at).order_by(Correction.change)):
        shelves[shelf_of(change)].append((change, undone))
    return tuple(digest(shelf)[:16] if shelf else "" for shelf in shelves)


def last_seen(store: Store) -> Seen | None:
    """What the last build saw; None before the first, and for what an older release kept."""
    text = _note(store, _NOTE)
    if text is None or not text.startswith("{"):
        return None
    told = json.loads(text)
    return Seen(tuple(told["batches"]), tuple(told["fixes"]), told["consents"], told["catalogue"])


def keep_seen(store: Store, seen: Seen, observed: int | None, dirty: Sequence[LakeFile], keys: Listing | None) -> None:
    """Remember what the build saw; what arrived meanwhile makes the next one differ.

    `observed` is the newest use in the whole base; `dirty` are the lists of what went that are built now, and `keys`
    what makes those of all records whole, None where they are not.
    """
    new, old = keys or Listing()
    with store.write(quiet=True) as session:
        session.merge(Note(name=_NOTE, value=told(seen)))
        session.merge(Note(name=_OBSERVED, value=json.dumps(observed)))
        store.lake.relist(session, new, [*dirty, *old])
        if keys is not None:
            told_whole(session, told(seen))
    store.lake.unlink([*dirty, *old])


def told(seen: Seen) -> str:
    """As it is kept."""
    return json.dumps(asdict(seen))


def last_observed(store: Store) -> int | None:
    """The newest use in the whole base when it was last built."""
    told: int | None = json.loads(_note(store, _OBSERVED) or "null")
    return told


def built_at(store: Store) -> int | None:
    """The clock of the last build."""
    told = _note(store, _BUILT_AT)
    return int(told) if told else None


def _note(store: Store, name: str) -> str | None:
    with store.read() as session:
        note = session.get(Note, name)
    return note.value if note else None


def due_customers(store: Store, now: int, among: Sequence[str] | None = None) -> list[str]:
    """Customers whose profile time alone changes, such as by a fix that lapses or a birthday; of a few, or of all."""
    due: Any = Customer.due_at
    with store.read() as session:
        found = session.exec(select(Customer.customer_id).where(due <= now)).all()
    # those that fall due are few beside those that are looked at
    return list(found if among is None else set(found).intersection(among))


def count_customers(store: Store) -> int:
    """Customers that have a profile."""
    with store.read() as session:
        return int(session.exec(select(func.count()).select_from(Customer)).one())
