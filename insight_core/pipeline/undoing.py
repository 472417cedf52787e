"""Undoing: any one change, or a whole set, taken back and made again; the past keeps how it stood.

A change that is undone and redone stays the same change with the same clocks, so that the profile
is the very one it was. What happened when is kept in `fix_event`, which only grows.
"""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, func, select

from insight_core.catalogue import CARE, field
from insight_core.compliance import Gate
from insight_core.errors import Conflict, NotFound
from insight_core.pipeline.linked import owned, owner
from insight_core.pipeline.sights import AT_ONCE, brought_up, last_fixes, look
from insight_core.pipeline.steward import typed
from insight_core.records.clock import instant
from insight_core.records.results import Change
from insight_core.records.values import plain
from insight_core.store import Store
from insight_core.store.desk_tables import FixEvent
from insight_core.store.tables import Correction, Link

_MOST = 50


def undo(store: Store, name: str, now: int) -> list[Correction]:
    """Take back a change, or what stands of a set; raises NotFound, or Conflict when it is undone already."""
    return _turn(store, name, now, "undone")


def redo(store: Store, name: str, now: int) -> list[Correction]:
    """Make again a change, or what was undone of a set; raises NotFound, or Conflict when it stands."""
    return _turn(store, name, now, "redone")


def _turn(store: Store, name: str, now: int, what: str) -> list[Correction]:
    with store.write() as session:
        rows = [one for one in _named(session, name) if (one.undone_at is None) == (what == "undone")]
        if not rows:
            raise Conflict(f"Change {name} is undone already." if what == "undone" else f"Change {name} is not undone.")
        for one in rows:
            one.undone_at = now if what == "undone" else None
            session.add(one)
            session.add(FixEvent(change=one.change, what=what, at=now))
    return rows


def _named(session: Session, name: str) -> Sequence[Correction]:
    one = session.get(Correction, name)
    if one is not None:
        return [one]
    rows = session.exec(select(Correction).where(Correction.change_set == name).order_by(col(Correction.change))).all()
    if not rows:
        known = session.exec(select(Correction.change).order_by(col(Correction.verified_at).desc()).limit(_MOST)).all()
        raise NotFound("change", name, known)
    return rows


def holders(store: Store, rows: Sequence[Correction]) -> dict[str, str]:
    """Which customer each change is about now; one whose records are all gone is left out."""
    anchors = sorted({anchor for one in rows for anchor in one.anchors})
    owners: dict[str, str] = {}
    with store.read() as session:
        for start in range(0, len(anchors), AT_ONCE):
            some = anchors[start : start + AT_ONCE]
            query = select(Link.record_id, Link.customer_id).where(col(Link.record_id).in_(some))
            owners |= dict(session.exec(query).all())
    found = {one.change: next((owners[a] for a in sorted(one.anchors) if a in owners), None) for one in rows}
    return {change: customer for change, customer in found.items() if customer}


def told(store: Store, gate: Gate, rows: Sequence[Correction], action: str, now: int) -> list[Change]:
    """The changes as they were taken back or made again, with what the field says since."""
    owners = holders(store, rows)
    sights = look(gate, owners.values(), instant(now))
    with store.read() as session:
        lasts = last_fixes(session, [(owners[one.change], one.field) for one in rows if one.change in owners], now)
    return [_told(one, action, owners.get(one.change), sights, lasts) for one in rows]


def _told(row: Correction, action: str, owner: str | None, sights: Any, lasts: Any) -> Change:
    one, who = field(row.field), owner or row.customer_id
    sight = brought_up(sights[owner], lasts.get((owner, row.field))) if owner in sights else None
    hidden = row.field in sight.withheld if sight else one.category == "special"
    if hidden:
        return Change(row.change, who, row.field, action, None, None)
    fixed = plain(one, typed(row.field, row.value))
    earlier = None if row.before is None else plain(one, typed(row.field, row.before))
    after = sight.shown(row.field) if sight else fixed if action == "redo" else earlier
    return Change(row.change, who, row.field, action, fixed if action == "undo" else earlier, after)


def history(
    store: Store, gate: Gate, why: str, customer: str | None, limit: int | None, **query: Any
) -> list[dict[str, Any]]:
    """Changes, the last made first, undone ones included; see `_changes` for what they may be narrowed to.

    `withheld` is why the purpose may not see the values, or None. That a special category was changed is itself
    withheld: such a row is left out.
    """
    made = _changes(store, gate, why, customer, limit, **query)
    return [one for one in made if one["withheld"] is None or field(one["field"]).category != "special"]


def _changes(
    store: Store,
    gate: Gate,
    why: str,
    customer: str | None = None,
    limit: int | None = None,
    name: str | None = None,
    since: int | None = None,
    until: int | None = None,
) -> list[dict[str, Any]]:
    """Every change of one customer or of all, of one field or of all; `since` and `until` are epoch seconds."""
    first = select(FixEvent.change, func.min(FixEvent.id).label("id")).group_by(col(FixEvent.change)).subquery()
    query: Any = select(Correction, owner(Correction.customer_id)).join(first, first.c.change == Correction.change)
    query = owned(query, Correction.customer_id).order_by(first.c.id.desc())
    query = query if customer is None else query.where(col(Link.customer_id) == customer)
    query = query if name is None else query.where(Correction.field == field(name).name)
    query = query if since is None else query.where(Correction.verified_at >= since)
    query = query if until is None else query.where(Correction.verified_at < until)
    with store.read() as session:
        found = list(session.exec(query.limit(limit)))
        events = _events(session, [one.change for one, _ in found])
    withheld = gate.judge(sorted({whose for _, whose in found}), why, "history") if found else {}
    return [
        _seen(_row(one, whose) | {"events": events.get(one.change, [])}, withheld[whose].get(one.field))
        for one, whose in found
    ]


def _seen(row: dict[str, Any], withheld: str | None) -> dict[str, Any]:
    hidden = {} if withheld is None else {"before": None, "after": None}
    return row | hidden | {"withheld": withheld}


def _row(one: Correction, whose: str) -> dict[str, Any]:
    before = None if one.before is None else typed(one.field, one.before)
    return {
        "change": one.change,
        "change_set": one.change_set,
        "customer": whose,
        "field": one.field,
        "action": one.action,
        "before": plain(field(one.field), before),
        "after": plain(field(one.field), typed(one.field, one.value)),
        "at": one.verified_at,
        "undone_at": one.undone_at,
    }


def _events(session: Session, changes: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for start in range(0, len(changes), AT_ONCE):
        some = changes[start : start + AT_ONCE]
        query = select(FixEvent).where(col(FixEvent.change).in_(some)).order_by(col(FixEvent.id))
        for one in session.exec(query):
            found.setdefault(one.change, []).append({"what": one.what, "at": one.at})
    return found


def script(store: Store, gate: Gate) -> dict[str, Any]:
    """The `changes` that stand, as a change set that can be replayed: of each field the last word.

    What was chosen from a source is told as the value it gave; what was confirmed says which value
    it expects, so that a replay never confirms another. A value that may not be seen cannot be
    replayed: such changes are left out, and `withheld` says how many they are.
    """
    rows = [one for one in reversed(_changes(store, gate, CARE)) if one["undone_at"] is None]
    last = {(one["customer"], one["field"]): one for one in rows}
    seen = [one for one in last.values() if one["withheld"] is None]
    return {"changes": [_step(one) for one in seen], "withheld": len(last) - len(seen)}


def _step(one: dict[str, Any]) -> dict[str, Any]:
    step = {"customer": one["customer"], "field": one["field"]}
    if one["action"] == "confirm":
        return step | {"action": "confirm", "expects": one["after"]}
    return step | {"action": "correct", "value": one["after"]}
