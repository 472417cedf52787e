"""Changed: whom a build has to look at again after loads, unloads, fixes, consents and the passing of time.

A customer is looked at when a record or event of theirs, or a contact with them, came or went;
when a record joined or left them, or somebody they were in contact with; when a correction or
consent of theirs is new or undone, or falls due. References, market figures and the catalogue
reach everybody, and so does the end of observation every organisation.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlmodel import col, select

from insight_core.pipeline.dirty import DIRTY, ends_of
from insight_core.pipeline.due import (
    Seen,
    built_at,
    count_customers,
    due_customers,
    evidence_seen,
    last_observed,
    shelf_of,
    told,
)
from insight_core.pipeline.known_keys import whole
from insight_core.pipeline.linked import Linked
from insight_core.pipeline.relink import relink, relinked
from insight_core.pipeline.scope import Scope
from insight_core.pipeline.steps import Steps
from insight_core.pipeline.steward import corrections, lapses_at
from insight_core.store import Store
from insight_core.store.buckets import BUILT
from insight_core.store.tables import Batch, ConsentEvent, Correction

_MOST = 0.2  # of all customers; beyond that everybody is no more work
_REACHES_ALL = {"references", "market"}
_EVENTS = {"interactions", "usage"}


def changed_since(store: Store, steps: Steps, now: int, before: Seen, seen: Seen) -> Scope | None:
    """The customers to look at, with their links as they are to be; None when it is to be everybody."""
    came, went = (_by_dataset(store, batches) for batches in (_lacking(before, seen), _lacking(seen, before)))
    datasets = set(came) | set(went)
    clock = built_at(store)
    if before.catalogue != seen.catalogue or datasets & _REACHES_ALL or clock is None or clock > now:
        return None
    if any(not store.lake.listed(name) for name in BUILT):
        return None
    keys_known = whole(store, told(before))
    if "parties" in datasets and not keys_known:
        return None
    _touched(steps, came)
    moved, keys = relink(store, steps, came.get("parties", ()), went="parties" in went)
    spoken = [*_fixes(store, before, seen, moved), *_consents(store, before)]
    steps.listed("spoken", "record_id", spoken)
    _meet(steps)
    due = set(due_customers(store, now))
    customers = {row[0] for row in steps.rows(_CUSTOMERS)} | due
    observed = _end(steps) if "usage" in datasets or moved else last_observed(store)
    if observed != last_observed(store):
        customers |= _organisations(steps)
    if len(customers) > _MOST * count_customers(store):
        return None
    return Scope(
        tuple(sorted(customers)),
        observed=observed,
        events=bool(datasets & _EVENTS or moved),
        records=bool(datasets - _EVENTS or spoken or _lapsed(store, due, now)),
        relinked=relinked(steps),
        keys=keys if keys_known else None,
        unattached=_unattached(steps, came),
    )


def _lacking(some: Seen, others: Seen) -> set[int]:
    """The batches that only the others have."""
    return set(others.batches) - set(some.batches)


def _lapsed(store: Store, due: Collection[str], now: int) -> bool:
    """Whether a correction of one of these customers has lapsed: of whom else is due, only the age is another."""
    lapses = [(lapses_at(one), one.anchors) for one in corrections(store)] if due else []
    over = [anchor for lapse, anchors in lapses if lapse is not None and lapse <= now for anchor in anchors]
    return not set(due).isdisjoint(Linked(store).of_records(over).values())


def _by_dataset(store: Store, batches: set[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    query = select(Batch.dataset, Batch.id).where(col(Batch.id).in_(sorted(batches))).order_by(col(Batch.id))
    with store.read() as session:
        for dataset, batch in session.exec(query):
            found.setdefault(dataset, []).append(batch or 0)
    return found


def _touched(steps: Steps, came: Mapping[str, Sequence[int]]) -> None:
    """The relation `touched`: records that rows of new batches are about, or rows that went."""
    parts = [f"SELECT record_id FROM ({steps.dataset(DIRTY)})"]
    for name, batches in sorted(came.items()):
        inside = ", ".join(str(one) for one in batches)
        parts.append(ends_of(name, f"SELECT * FROM ({steps.dataset(name)}) WHERE batch IN ({inside})"))
    steps.timed("what came and went", lambda: steps.keep("touched", " UNION ".join(parts)))


def _unattached(steps: Steps, came: Mapping[str, Sequence[int]]) -> int:
    """How many of the events that came are about no record that is loaded."""
    rows = [
        f"SELECT record_id FROM ({steps.dataset(name)}) WHERE batch IN ({', '.join(map(str, batches))})"
        for name, batches in came.items()
        if name in (*_EVENTS, "consents")
    ]
    waiting = f"SELECT count(*) FROM ({' UNION ALL '.join(rows)}) ANTI JOIN links_now USING (record_id)"
    return int(steps.rows(waiting)[0][0]) if rows else 0


def _fixes(store: Store, before: Seen, seen: Seen, moved: set[str]) -> list[str]:
    """The records of corrections that are new or undone, or that may have another owner now."""
    shelves = {number for number, pair in enumerate(zip(before.fixes, seen.fixes, strict=True)) if pair[0] != pair[1]}
    query = select(Correction.change, Correction.anchors)
    with store.read() as session:
        found = session.exec(query).all()
    return [
        anchor
        for change, anchors in found
        if shelf_of(change) in shelves or not moved.isdisjoint(anchors)
        for anchor in anchors
    ]


def spoken_since(store: Store, seen: Seen) -> list[str]:
    """The records of corrections made or undone, and of consents, since what was seen."""
    return [*_fixes(store, seen, evidence_seen(store), set()), *_consents(store, seen)]


def _consents(store: Store, before: Seen) -> list[str]:
    with store.read() as session:
        query = select(ConsentEvent.anchors).where(col(ConsentEvent.id) > before.consents)
        return [anchor for anchors in session.exec(query) for anchor in anchors]


def _meet(steps: Steps) -> None:
    """The relation `met`: both ends of every contact with a record that changed hands."""
    moved = "(SELECT record FROM relinked WHERE moved)"
    contacts = f"""
        SELECT record_id, counterpart_id FROM ({steps.dataset("interactions")})
        WHERE counterpart_id IS NOT NULL AND (record_id IN {moved} OR counterpart_id IN {moved})
    """
    steps.keep("met", ends_of("interactions", contacts))


_CUSTOMERS = """
    WITH records AS (FROM touched UNION FROM spoken UNION FROM met)
    SELECT customer_id FROM (
        SELECT record_id, customer_id FROM links_before UNION ALL SELECT record_id, customer_id FROM linked_anew
    ) SEMI JOIN records USING (record_id)
    UNION SELECT customer_id FROM relinked WHERE customer_id IS NOT NULL
    UNION SELECT left_customer FROM relinked WHERE left_customer IS NOT NULL
"""


def _end(steps: Steps) -> int | None:
    """The newest use in the whole base."""
    known = f"SELECT occurred_at FROM ({steps.dataset('usage')}) SEMI JOIN links_now USING (record_id)"
    newest: int | None = steps.rows(f"SELECT max(occurred_at) FROM ({known})")[0][0]
    return newest


def _organisations(steps: Steps) -> set[str]:
    query = f"SELECT customer_id FROM ({steps.dataset('snapshot')}) WHERE kind = 'organisation'"
    return {row[0] for row in steps.rows(query)}
