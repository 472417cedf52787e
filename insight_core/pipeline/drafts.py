"""Drafts: changes begun and not applied, kept in the store so that a reload, or a crash, loses none."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session, col, select

from insight_core.catalogue import CARE, field
from insight_core.compliance import Gate
from insight_core.errors import BadInput, Conflict, NotFound, Refused
from insight_core.pipeline.fixes import Weighed, record, weigh
from insight_core.pipeline.sights import Place
from insight_core.records.clock import epoch
from insight_core.records.results import Change
from insight_core.store import Store
from insight_core.store.desk_tables import Draft

_ACTIONS = ("confirm", "correct", "choose")
_TRIES = 5


def keep(store: Store, gate: Gate, con: Any, changes: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """Keep the changes as drafts, each in place of one of the same field; gives how many.

    A value that cannot be is kept all the same and told when it is weighed: nobody's typing is lost. Raises
    NotFound for a customer, field or action that is not known, Refused for a field that is worked out from others.
    """
    weighed = weigh(store, gate, con, [_blind(one) for one in changes], now, 0)
    rows = [_row(one, asked, epoch(now)) for one, asked in zip(weighed, changes, strict=True)]
    with store.write(quiet=True) as session:
        for row in rows:
            session.merge(row)
    return len(rows)


def _blind(change: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in change.items() if name != "expects"}


def _row(one: Weighed, asked: Mapping[str, Any], now: int) -> Draft:
    for needed in ("customer", "field"):
        if not asked.get(needed):
            raise BadInput(f"A change needs {needed!r}: {dict(asked)}.")
    name = field(str(asked["field"])).name
    action = str(asked.get("action") or ("correct" if asked.get("value") is not None else "confirm"))
    if action not in _ACTIONS:
        raise NotFound("action", action, _ACTIONS)
    if one.refused is not None and (one.name is None or isinstance(one.refused, Refused)):
        raise one.refused
    value, source = asked.get("value"), asked.get("source")
    return Draft(
        customer_id=one.row.customer_id if one.row else str(asked["customer"]),
        field=name,
        action=action,
        value=None if value is None else _json(value),
        source=None if source is None else str(source),
        seen=_json(None if one.withheld else asked.get("expects", one.present)),
        made_at=now,
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def kept(store: Store) -> list[dict[str, Any]]:
    """The drafts as changes with what they expect, oldest first."""
    query = select(Draft).order_by(col(Draft.made_at), col(Draft.customer_id), col(Draft.field))
    with store.read() as session:
        return [_change(one) for one in session.exec(query)]


def seen(store: Store, gate: Gate) -> list[dict[str, Any]]:
    """The same as a steward may see them: a value that has been withheld since is not told."""
    rows = kept(store)
    special = sorted({one["customer"] for one in rows if field(one["field"]).category == "special"})
    withheld = gate.judge(special, CARE, "drafts") if special else {}
    return [one | ({"expects": None} if one["field"] in withheld.get(one["customer"], ()) else {}) for one in rows]


def _change(one: Draft) -> dict[str, Any]:
    told: dict[str, Any] = {"customer": one.customer_id, "field": one.field, "action": one.action}
    told |= {} if one.value is None else {"value": json.loads(one.value)}
    told |= {} if one.source is None else {"source": one.source}
    return told | {"expects": None if one.seen is None else json.loads(one.seen)}


def drop(store: Store, places: Sequence[Place] | None) -> int:
    """Let go of the drafts of these customers and fields, or of all; gives how many there were."""
    with store.write(quiet=True) as session:
        gone = [one for one in session.exec(select(Draft)) if places is None or (one.customer_id, one.field) in places]
        for one in gone:
            session.delete(one)
    return len(gone)


def told(weighed: Sequence[Weighed]) -> list[dict[str, Any]]:
    """Weighed changes for people and programs.

    Each has customer, name, field, action, value, source, `before` (what the field says now), `after`,
    the scores before and after, `refused` (why it cannot be applied, or None) and `moved` (whether
    somebody else was faster).
    """
    return [_told(one) for one in weighed]


def _told(one: Weighed) -> dict[str, Any]:
    change = one.told
    return {
        "customer": change.customer if change else one.asked.get("customer"),
        "name": one.name or one.asked.get("customer"),
        "field": one.asked.get("field"),
        "action": change.action if change else one.asked.get("action"),
        "value": one.asked.get("value"),
        "source": one.asked.get("source"),
        "expects": one.asked.get("expects"),
        "before": one.present,
        "after": change.after if change else None,
        "scores_before": change.scores_before if change else {},
        "scores_after": change.scores_after if change else {},
        "refused": str(one.refused) if one.refused else None,
        "moved": isinstance(one.refused, Conflict),
    }


def apply(store: Store, gate: Gate, con: Any, places: Sequence[Place] | None, now: datetime) -> list[Change]:
    """Make one change set of the drafts that can be applied and let go of those; the others stay with their reason."""
    for _ in range(_TRIES):
        wanted = [one for one in kept(store) if places is None or (one["customer"], one["field"]) in places]
        good = [one for one in weigh(store, gate, con, wanted, now, 0) if one.refused is None]
        if not good:
            return []
        try:
            return record(store, good, epoch(now), partial(_let_go, [one.asked for one in good]))
        except Conflict:
            continue  # somebody was faster by a moment: that draft is told as such, the rest goes again
    raise Conflict("Others keep changing the same fields: nothing was applied. Try again.")


def _let_go(applied: Sequence[Mapping[str, Any]], session: Session) -> None:
    """Drafts that were changed since they were weighed stay."""
    for one in applied:
        draft = session.get(Draft, (one["customer"], one["field"]))
        if draft is not None and _change(draft) == one:
            session.delete(draft)
