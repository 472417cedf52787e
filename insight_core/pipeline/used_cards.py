"""Used cards: cards kept one by one for their outcomes, and which of them somebody acts on."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlmodel import col, select

from insight_core.errors import NotYet
from insight_core.pipeline import made_cards
from insight_core.records.clock import epoch, iso
from insight_core.store import Store
from insight_core.store.sql import texts
from insight_core.store.tables import CardRow

_MARK = "used_at"


def keep(store: Store, cards: pa.Table, used_at: int | None = None) -> int:
    """Remember the cards that recommend something, so that an outcome finds its card; gives how many they are.

    With `used_at` they are noted as used; a card that was used stays so.
    """
    rows = [_row(one) for one in cards.filter(pc.is_null(cards["abstained"])).to_pylist()]
    with store.read() as session:
        names = [row["card"] for row in rows]
        known = {one.card: one for one in session.exec(select(CardRow).where(col(CardRow.card).in_(names))).all()}
    new = [one for row in rows if (one := _marked(row, known.get(row["card"]), used_at)) != known.get(row["card"])]
    if new:
        with store.write(quiet=used_at is None) as session:
            for one in new:
                session.merge(one)
    return len(rows)


def use(store: Store, purpose: str, now: datetime, customers: Sequence[str]) -> int:
    """Note that the cards of these customers are acted on; gives how many advise. Raises NotYet where none are made."""
    made = made_cards.kept(store, purpose, now)
    if made is None:
        raise NotYet("Using cards that are not made")
    con = store.duck()
    rows = con.sql(f"SELECT * FROM {made.relation()} WHERE customer IN ({texts(customers)})").to_arrow_table()
    return keep(store, rows, epoch(now))


def used(store: Store, cards: Sequence[str]) -> dict[str, str]:
    """When those of the cards that are acted on were noted so."""
    with store.read() as session:
        query = select(CardRow.card, CardRow.context).where(col(CardRow.card).in_(cards))
        found = {card: json.loads(context or "{}").get(_MARK) for card, context in session.exec(query).all()}
    return {card: str(iso(at)) for card, at in found.items() if at is not None}


def _row(card: Mapping[str, Any]) -> dict[str, Any]:
    return {name: card["customer" if name == "customer_id" else name] for name in CardRow.model_fields}


def _marked(row: dict[str, Any], known: CardRow | None, used_at: int | None) -> CardRow:
    before = json.loads(known.context or "{}").get(_MARK) if known else None
    marked = before if before is not None else used_at
    if marked is not None:
        row["context"] = json.dumps(json.loads(row["context"] or "{}") | {_MARK: marked})
    return CardRow(**row)
