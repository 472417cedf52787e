"""One card: what cards need to know about one customer, read from that customer's own rows alone."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from threading import Lock
from typing import Any

import pyarrow as pa
from sqlmodel import col, select

from insight_core.catalogue import purpose as known_purpose
from insight_core.compliance import Opened, Verdict, consent_answer
from insight_core.pipeline.contact_counts import of_one
from insight_core.pipeline.due import count_customers
from insight_core.pipeline.kept.warm import MANY
from insight_core.pipeline.linked import owned
from insight_core.pipeline.profile import cells_of
from insight_core.pipeline.rates import learnt
from insight_core.quality import Cell
from insight_core.recommend import Alone, CardInputs, Parameters, snapshot_columns
from insight_core.recommend.inputs import COLUMNS
from insight_core.records.arrow import schema_of
from insight_core.records.clock import DAY, epoch
from insight_core.records.consent import Consent
from insight_core.store import Store
from insight_core.store.tables import Link, Outcome

SEED = 0
FATIGUE_S = Parameters().fatigue_days * DAY
_DESKS = 6

# with the rates that each was made with, so that no other table can come to have their id
_desks: OrderedDict[tuple[str, str, str, int], tuple[Alone, pa.Table]] = OrderedDict()
_one_writes = Lock()


def allowed(opened: Opened, purpose: str, now: datetime) -> bool:
    """Whether the customer's own word lets the purpose see the customer at all."""
    return consent_answer(known_purpose(purpose), opened.consents, epoch(now)).verdict is Verdict.ALLOWED


def inputs_of(
    store: Store, con: Any, opened: Opened, now: datetime, cells: Mapping[str, Cell] | None = None
) -> CardInputs:
    """The customer's row, contacts, consents and outcomes; `cells` stand in for the fields as they are."""
    customer = opened.customer.customer_id
    records = [one.record_id for one in opened.records]
    contacts, outbound = of_one(store, con, customer, records, epoch(now) - FATIGUE_S)
    return CardInputs(
        snapshot=row_of(opened, cells_of(opened, now) if cells is None else cells),
        contacts=contacts,
        outbound=outbound,
        consents=_consents(customer, opened.consents),
        outcomes=_outcomes(store, customer),
    )


def card(store: Store, inputs: CardInputs, purpose: str, now: datetime) -> pa.Table:
    """The customer's card, as everybody's are made."""
    with _desk(store, purpose, now) as desk:
        return desk.make(inputs)


def get_ready(store: Store, purpose: str, now: datetime) -> None:
    """Learn and plan ahead what a card takes, where there are so many customers that somebody would wait for it."""
    if count_customers(store) >= MANY:
        with _desk(store, purpose, now):
            pass


@contextmanager
def _desk(store: Store, purpose: str, now: datetime) -> Iterator[Alone]:
    _, rates = learnt(store, purpose, now)
    place = (str(store.root), purpose, now.isoformat(), id(rates))
    with _one_writes:
        if place not in _desks:
            _desks[place] = (Alone(purpose, now, SEED, rates), rates)
            while len(_desks) > _DESKS:
                _desks.popitem(last=False)
        _desks.move_to_end(place)
        yield _desks[place][0]


def row_of(opened: Opened, cells: Mapping[str, Cell]) -> pa.Table:
    """The customer as a snapshot of one row, with what the purpose may not see left empty."""
    shown = {name for row in opened.facets.values() for name in row}
    known = {name: cell for name, cell in cells.items() if name in shown}
    row: dict[str, Any] = {"customer_id": opened.customer.customer_id, "name": opened.name}
    for column in snapshot_columns():
        field, _, clock = column.partition("__")
        if field in known:
            row[column] = known[field].at if clock else known[field].value
    columns = snapshot_columns()
    return pa.Table.from_pylist([row], schema=schema_of(columns))


def _consents(customer: str, said: list[Consent]) -> pa.Table:
    rows = [{"customer_id": customer, **asdict(one)} for one in said]
    return pa.Table.from_pylist(rows, schema=schema_of(COLUMNS["consents"]))


def _outcomes(store: Store, customer: str) -> pa.Table | None:
    names = ("channel", "window", "tone", "result", "at")
    query = owned(select(Outcome), Outcome.customer_id).where(col(Link.customer_id) == customer)
    with store.read() as session:
        found = session.exec(query.order_by(col(Outcome.id))).all()
    if not found:
        return None
    return pa.Table.from_pylist(
        [{"customer_id": customer} | {name: getattr(one, name) for name in names} for one in found]
    )
