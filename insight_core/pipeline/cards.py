"""Cards: for one customer, or for everybody some thousands at a time, with the same rates and the same steps."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import pyarrow as pa
from sqlmodel import col, select

from insight_core.compliance import Gate, Opened
from insight_core.pipeline import one_card, rates
from insight_core.pipeline.contact_counts import outbound_sql
from insight_core.pipeline.due import count_customers
from insight_core.recommend import make_cards, to_cards
from insight_core.recommend.facts import FACT_FIELDS
from insight_core.records.clock import epoch
from insight_core.records.progress import Progress, silent
from insight_core.records.results import Card
from insight_core.store import Store
from insight_core.store.sql import text
from insight_core.store.tables import Outcome

SEED = one_card.SEED


def of_customer(
    store: Store, gate: Gate, con: Any, purpose: str, now: datetime, customer: str
) -> tuple[Card, pa.Table | None]:
    """One customer's card from the customer's own rows alone, and the row that `of_everybody` has of it, if any."""
    opened = gate.open(customer, purpose)
    if not one_card.allowed(opened, purpose, now):
        return withheld(opened, purpose, now), None
    made = one_card.card(store, one_card.inputs_of(store, con, opened, now), purpose, now)
    return to_cards(made)[0], made


def of_everybody(store: Store, purpose: str, now: datetime, progress: Progress = silent) -> Iterator[pa.Table]:
    """The cards of all whom the purpose may see, in the order of their ids; columns as `make_cards` gives them."""
    _, learnt = rates.learnt(store, purpose, now)
    con, moment = store.duck(), epoch(now)
    con.register("outcomes", rates.outcomes_for_rates(store))
    con.execute("SET parquet_metadata_cache = true")
    con.execute(f"CREATE TEMP TABLE outbound AS {outbound_sql(store, moment - one_card.FATIGUE_S)}")
    stretches = _stretches(count_customers(store))
    for at, where in enumerate(stretches):
        progress("choose how to talk to everybody", at, len(stretches))
        inputs = rates.inputs_of(store, con, purpose, moment, where, None, ("kind", *FACT_FIELDS))._replace(
            rates=learnt,
            outbound=con.sql(f"SELECT * FROM outbound WHERE {where}").to_arrow_table(),
            consents=con.sql(f"SELECT * FROM {store.lake.rows('consent_states')} WHERE {where}").to_arrow_table(),
        )
        yield make_cards(inputs, purpose, now, SEED)
    con.close()


def _stretches(customers: int) -> list[str]:
    """Conditions that cut the customers into stretches of ids, in order; the engine skips files that have none."""
    parts = 1
    while customers > parts * rates.AT_ONCE and parts < 256:
        parts *= 2
    ends = [None, *(f"{256 // parts * n:02x}" for n in range(1, parts)), None]
    return [
        " AND ".join([
            "TRUE",
            *([f"customer_id >= {text(low)}"] if low else []),
            *([f"customer_id < {text(high)}"] if high else []),
        ])
        for low, high in pairwise(ends)
    ]  # fmt: skip


def withheld(opened: Opened, purpose: str, now: datetime) -> Card:
    """The card of a customer whom the purpose may not see: nothing, and why."""
    customer = opened.customer.customer_id
    reason = opened.withheld.get("kind", "withheld")
    return Card(
        card="", customer=customer, name=customer, purpose=purpose, channel=None, window=None, tone=None,
        cadence_days=None, solution_set=None, experience=None, confidence=0.0, reasons=[],
        refused=[{"what": "contact", "why": reason}], abstained=reason, eligible=[], propensity=1.0,
        made_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )  # fmt: skip


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
