"""Fixes: a steward's changes as evidence; each previewed, recorded, and undone alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select

from insight_core import quality
from insight_core.catalogue import field
from insight_core.compliance import Gate
from insight_core.errors import BadInput, Conflict, NotFound, Refused
from insight_core.pipeline.profile import cells_of
from insight_core.pipeline.steward import typed
from insight_core.records.clock import epoch
from insight_core.records.ids import digest
from insight_core.records.results import Change
from insight_core.records.values import plain
from insight_core.store import Store
from insight_core.store.tables import Correction

_STEWARD = "customer_care"


def propose(
    store: Store, gate: Gate, con: Any, changes: Sequence[Mapping[str, Any]], now: datetime
) -> list[Correction]:
    """What the changes would record, checked one by one; raises on the first that cannot be.

    A change has customer, field and action (confirm, correct, choose), with value for correct
    and source for choose. Several changes of one field of one customer contradict each other.
    """
    numbered = _count(store)
    rows = [_correction(gate, con, change, now, numbered + i) for i, change in enumerate(changes)]
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if (row.customer_id, row.field) in seen:
            raise Refused(f"The change set has two changes of {row.field} of customer {row.customer_id}.")
        seen.add((row.customer_id, row.field))
    return rows


def record(store: Store, rows: Sequence[Correction]) -> None:
    """Keep the corrections; the next build of their customers folds them in."""
    with store.write() as session:
        session.add_all(rows)


def undo(store: Store, change: str, now: int) -> Correction:
    """Take one change back; raises NotFound for an unknown one and Conflict for one already undone."""
    with store.write() as session:
        row = session.get(Correction, change)
        if row is None:
            known = session.exec(select(Correction.change).order_by(col(Correction.verified_at).desc()).limit(50)).all()
            raise NotFound("change", change, known)
        if row.undone_at is not None:
            raise Conflict(f"Change {change} is undone already.")
        row.undone_at = now
        session.add(row)
        return row


def preview(gate: Gate, row: Correction, now: datetime) -> Change:
    """The change with the four scores before and after it, derived fields left as they are."""
    opened = gate.open(row.customer_id, _STEWARD)
    cells = cells_of(opened)
    before = _four(cells, opened.customer.kind, now)
    one, stored = field(row.field), _stored(row)
    after_cell = replace(
        cells[row.field], value=stored, conflict=False, method="corrected", source="steward",
        at=row.verified_at, observed_at=row.observed_at, verified_at=row.verified_at,
    )  # fmt: skip
    after = _four({**cells, row.field: after_cell}, opened.customer.kind, now)
    told = plain(one, cells[row.field].value)
    return Change(row.change, row.customer_id, row.field, row.action, told, plain(one, stored), before, after)


def undone(row: Correction) -> Change:
    """An undone change as a change back."""
    one = field(row.field)
    return Change(
        row.change, row.customer_id, row.field, "undo",
        plain(one, _stored(row)), plain(one, _typed(row.field, row.before)),
    )  # fmt: skip


def history(store: Store, customer: str | None, limit: int) -> list[dict[str, Any]]:
    """Changes, newest first, undone ones included."""
    query = select(Correction).order_by(col(Correction.verified_at).desc(), col(Correction.change)).limit(limit)
    if customer is not None:
        query = query.where(Correction.customer_id == customer)
    with store.read() as session:
        found = session.exec(query).all()
    return [
        {
            "change": one.change,
            "change_set": one.change_set,
            "customer": one.customer_id,
            "field": one.field,
            "action": one.action,
            "before": plain(field(one.field), _typed(one.field, one.before)),
            "after": plain(field(one.field), _stored(one)),
            "at": one.verified_at,
            "undone_at": one.undone_at,
        }
        for one in found
    ]


def _count(store: Store) -> int:
    with store.read() as session:
        return int(session.exec(select(func.count()).select_from(Correction)).one())


def _correction(gate: Gate, con: Any, change: Mapping[str, Any], now: datetime, number: int) -> Correction:
    for needed in ("customer", "field"):
        if not change.get(needed):
            raise BadInput(f"A change needs {needed!r}: {dict(change)}.")
    customer, name = gate.resolve(str(change["customer"])), str(change["field"])
    action = str(change.get("action") or ("correct" if change.get("value") is not None else "confirm"))
    opened = gate.open(customer, _STEWARD)
    cells = cells_of(opened)
    given = (
        _from_source(gate, con, customer, name, str(change.get("source", "")))
        if action == "choose"
        else change.get("value")
    )
    value = quality.validate_change(name, action, given, opened.customer.kind, now, cells)
    current = cells[name]
    if action == "confirm":
        if current.value is None:
            raise Refused(f"{name} of customer {customer} is unknown: there is nothing to confirm; correct it instead.")
        value = current.value
    moment = epoch(now)
    return Correction(
        change=f"c{digest(number, customer, name, moment)[:10]}",
        change_set=f"s{digest(number, moment)[:10]}",
        customer_id=customer,
        anchors=[one.record_id for one in gate.records(customer)],
        field=name,
        action=action,
        value=_text(value),
        before=None if current.value is None else _text(current.value),
        observed_at=(current.observed_at or moment) if action == "confirm" else moment,
        verified_at=moment,
    )


def _from_source(gate: Gate, con: Any, customer: str, name: str, source: str) -> Any:
    """What a source says of the field, newest row first."""
    one = field(name)
    rows = gate.evidence(con, customer, _STEWARD)
    said = {row["source"]: row.get(name) for row in reversed(rows) if row.get(name) is not None}
    if source not in said:
        raise NotFound(f"source that says something about {name} of this customer", source, said)
    return plain(one, said[source])


def _four(cells: Mapping[str, quality.Cell], kind: str | None, now: datetime) -> dict[str, Any]:
    overall = quality.scores(cells, kind, _STEWARD, now)["overall"]
    return {name: score.value for name, score in overall.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _typed(name: str, text: str | None) -> Any:
    return None if text is None else typed(name, text)


def _stored(row: Correction) -> Any:
    return _typed(row.field, row.value)
