"""Used cards: cards kept one by one for their outcomes, and which of them somebody acts on."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlmodel import Session, col, select

from insight_core.compliance import Gate
from insight_core.pipeline import cards, made_cards
from insight_core.publish import USED
from insight_core.records.clock import epoch, iso
from insight_core.store import Store
from insight_core.store.sql import texts
from insight_core.store.tables import CardRow

_MARK = "used_at"


def keep(store: Store, made: pa.Table, used_at: int | None = None) -> int:
    """Remember the cards that recommend something, so that an outcome finds its card; gives how many they are.

    With `used_at` they are noted as used; a card that was used stays so.
    """
    rows = [_row(one) for one in made.filter(pc.is_null(made["abstained"])).to_pylist()]
    with store.read() as session:
        new = _others(session, rows, used_at)
    if new:
        with store.write(quiet=used_at is None) as session:
            # somebody may have marked them since they were looked at
            for one in _others(session, rows, used_at):
                session.merge(one)
    return len(rows)


def _others(session: Session, rows: Sequence[dict[str, Any]], used_at: int | None) -> list[CardRow]:
    """Those of the cards that are not kept yet, or are kept otherwise than they should be."""
    query = select(CardRow).where(col(CardRow.card).in_([row["card"] for row in rows]))
    known = {one.card: one for one in session.exec(query).all()}
    return [one for row in rows if (one := _marked(row, known.get(row["card"]), used_at)) != known.get(row["card"])]


def use(store: Store, gate: Gate, con: Any, purpose: str, now: datetime, customers: Sequence[str]) -> int:
    """Note that the cards of these customers are acted on; gives how many advise."""
    made = made_cards.kept(store, purpose, now)
    if made is not None:
        query = f"SELECT * FROM {made.relation()} WHERE customer IN ({texts(customers)})"
        return keep(store, store.duck().sql(query).to_arrow_table(), epoch(now))
    # Where everybody's are not made yet, each is made from the customer's own rows, and comes out the same.
    alone = (cards.of_customer(store, gate, con, purpose, now, one)[1] for one in customers)
    return sum(keep(store, row, epoch(now)) for row in alone if row is not None)


def unuse(store: Store, named: Sequence[str]) -> int:
    """Note that the cards of these names are not acted on after all; gives how many were."""
    with store.write() as session:
        found = session.exec(select(CardRow).where(col(CardRow.card).in_(named))).all()
        marked = [one for one in found if _used_at(one.context) is not None]
        for one in marked:
            one.context = json.dumps({name: value for name, value in _context(one.context).items() if name != _MARK})
    return len(marked)


def used(store: Store, named: Sequence[str]) -> dict[str, str]:
    """When those of the cards that are acted on were noted so."""
    with store.read() as session:
        query = select(CardRow.card, CardRow.context).where(col(CardRow.card).in_(named))
        found = {card: _used_at(context) for card, context in session.exec(query).all()}
    return {card: str(iso(at)) for card, at in found.items() if at is not None}


def all_used(store: Store) -> pa.Table:
    """Every card that is acted on, and since when in epoch seconds: `card`, `used_at`."""
    with store.read() as session:
        query = select(CardRow.card, CardRow.context).where(col(CardRow.context).contains(f'"{_MARK}"'))
        found = [{"card": card, _MARK: _used_at(context)} for card, context in session.exec(query).all()]
    return pa.Table.from_pylist(found, schema=USED)


def _context(told: str | None) -> dict[str, Any]:
    return dict(json.loads(told or "{}"))


def _used_at(told: str | None) -> int | None:
    return _context(told).get(_MARK)


def _row(card: Mapping[str, Any]) -> dict[str, Any]:
    return {name: card["customer" if name == "customer_id" else name] for name in CardRow.model_fields}


def _marked(row: dict[str, Any], known: CardRow | None, used_at: int | None) -> CardRow:
    before = _used_at(known.context) if known else None
    marked = before if before is not None else used_at
    noted = {} if marked is None else {"context": json.dumps(_context(row["context"]) | {_MARK: marked})}
    return CardRow(**row | noted)
