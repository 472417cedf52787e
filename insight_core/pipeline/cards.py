"""Cards: hand the gate's answer to the recommender, keep what it gave out, and note what came of it."""

from datetime import datetime
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
from ibis import Table
from sqlmodel import col, select

from insight_core.compliance import Gate
from insight_core.fold import attach_interactions
from insight_core.recommend import CardInputs, learn, make_cards, to_cards
from insight_core.records.clock import DAY, epoch
from insight_core.records.results import Card
from insight_core.store import Store
from insight_core.store.sql import table_of
from insight_core.store.tables import CardRow, Outcome

SEED = 0
_FATIGUE_DAYS = 90


def recommend(
    store: Store, con: Any, seen: Table, purpose: str, now: datetime, seed: int, customer: str | None = None
) -> pa.Table:
    """One card for each customer that the gate let the purpose see, or for one; columns as `make_cards` gives them."""
    inputs = _inputs(store, con, seen, epoch(now))
    if customer is None:
        return make_cards(inputs, purpose, now, seed)
    rates = learn(inputs, purpose, now)
    alone = seen.filter(seen.customer_id == customer).to_pyarrow()
    return make_cards(inputs._replace(snapshot=alone, rates=rates), purpose, now, seed)


def give_out(
    store: Store, gate: Gate, con: Any, purpose: str, now: datetime, customer: str | None, limit: int | None
) -> list[Card]:
    """Make cards, remember them for their outcomes, and give them (the first `limit` of them)."""
    seen = gate.base(con, purpose)
    made = recommend(store, con, seen.table, purpose, now, SEED, customer)
    keep(store, made)
    if customer is not None and made.num_rows == 0:
        return [_withheld(gate, customer, purpose, now)]
    return to_cards(made if limit is None else made.slice(0, limit))


def _withheld(gate: Gate, customer: str, purpose: str, now: datetime) -> Card:
    """The card of a customer whom the purpose may not see: nothing, and why."""
    opened = gate.open(customer, purpose)
    reason = next((one["reason"] for one in opened.redacted if one["field"] == "kind"), "withheld")
    return Card(
        card="", customer=customer, name=customer, purpose=purpose, channel=None, window=None, tone=None,
        cadence_days=None, solution_set=None, experience=None, confidence=0.0, reasons=[],
        refused=[{"what": "contact", "why": reason}], abstained=reason, eligible=[], propensity=1.0,
        made_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )  # fmt: skip


def keep(store: Store, cards: pa.Table) -> None:
    """Remember the cards that recommend something, so that an outcome finds its card."""
    rows = [_row(one) for one in cards.filter(pc.is_null(cards["abstained"])).to_pylist()]
    if not rows:
        return
    columns = ", ".join(f'"{name}"' for name in CardRow.model_fields)
    marks = ", ".join(f":{name}" for name in CardRow.model_fields)
    with store.write(quiet=True) as session:
        session.connection().exec_driver_sql(f"INSERT OR REPLACE INTO card ({columns}) VALUES ({marks})", rows)


def _row(card: dict[str, Any]) -> dict[str, Any]:
    return {name: card["customer" if name == "customer_id" else name] for name in CardRow.model_fields}


def _inputs(store: Store, con: Any, snapshot: Table, now: int) -> CardInputs:
    contacts = _contacts(store, con).mutate(hour=lambda t: (t.occurred_at % DAY // 3600).cast("int64"))
    recent = contacts.filter((contacts.direction == "outbound") & (contacts.occurred_at >= now - _FATIGUE_DAYS * DAY))
    counted = contacts.group_by(["customer_id", "channel", "hour", "tone", "direction", "outcome"])
    return CardInputs(
        snapshot=snapshot.to_pyarrow(),
        contacts=counted.aggregate(
            count=contacts.count(),
            last_at=contacts.occurred_at.max(),
            felt=contacts.sentiment.count(),
            positive=(contacts.sentiment > 0).sum(),
        ).to_pyarrow(),
        outbound=recent.select("customer_id", "channel", at=recent.occurred_at).to_pyarrow(),
        consents=_consents(store, con, now),
        outcomes=outcomes_table(store),
    )


def _contacts(store: Store, con: Any) -> Table:
    paths = store.lake.paths("interactions")
    links = table_of(con, store.lake.paths("links"))
    if not paths:
        schema = {"customer_id": "string", "channel": "string", "tone": "string", "direction": "string",
                  "outcome": "string", "occurred_at": "int64", "sentiment": "int64"}  # fmt: skip
        return ibis.memtable({name: [] for name in schema}, schema=schema)
    return attach_interactions(table_of(con, paths), links)


def _consents(store: Store, con: Any, now: int) -> pa.Table:
    """What stands at that instant: an expired consent is a withdrawn one."""
    table = table_of(con, store.lake.paths("consent_states"))
    table = table.filter(table.since <= now)
    lapsed = (table.expires_at <= now).fill_null(False)
    return (
        table.mutate(state=lapsed.ifelse("withdrawn", table.state), since=lapsed.ifelse(table.expires_at, table.since))
        .drop("expires_at")
        .to_pyarrow()
    )


def outcomes_table(store: Store) -> pa.Table:
    """Every outcome as Arrow."""
    names = (
        "card",
        "customer_id",
        "at",
        "channel",
        "window",
        "tone",
        "result",
        "value",
        "eligible",
        "propensity",
        "context",
    )
    numbers = {"at", "value", "propensity"}
    with store.read() as session:
        found = session.exec(select(Outcome).order_by(col(Outcome.at), col(Outcome.id))).all()
    schema = pa.schema([(name, pa.int64() if name in numbers else pa.string()) for name in names])
    return pa.Table.from_pylist([{name: getattr(one, name) for name in names} for one in found], schema=schema)
