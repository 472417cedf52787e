"""Outcomes: what came of cards, checked, kept with what was known then, and learnt from."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import bindparam
from sqlmodel import col, select

from insight_core.intake.texts import texts
from insight_core.pipeline.cards import outcomes_table
from insight_core.pipeline.linked import owned
from insight_core.pipeline.load import staging
from insight_core.pipeline.made_cards import given
from insight_core.recommend import check_outcomes
from insight_core.records.clock import iso
from insight_core.records.datasets import MICRO
from insight_core.store import Prepared, Store
from insight_core.store.tables import Link, Outcome

_TURN = "outcomes"
_SHOWN: list[Any] = [Outcome.card, Outcome.at, Outcome.channel, Outcome.result, Outcome.value]
_OF_ONE = Prepared(
    owned(select(*_SHOWN), Outcome.customer_id)
    .where(col(Link.customer_id) == bindparam("customer"))
    .order_by(col(Outcome.at))
)


def load(store: Store, path: Path, now: datetime) -> dict[str, Any]:
    """Record an outcome file: read = accepted + duplicate + quarantined; refused rows come back with their reasons."""
    with staging(store) as folder:
        rows = texts(path, folder)
    # what is repeated is known only as long as nobody else adds outcomes
    with store.turn(f"recording the outcomes in {path.name}", lambda _told: None, _TURN):
        checked = check_outcomes(rows, _cards(store, rows), now, outcomes_table(store))
        with store.write() as session:
            session.add_all(Outcome(**row) for row in checked.accepted.to_pylist())
    faults = checked.faults.to_pylist()
    return {
        "read": checked.read,
        "accepted": checked.accepted.num_rows,
        "duplicate": checked.duplicate,
        "quarantined": checked.quarantined,
        "reasons": _counted([str(one["code"]) for one in faults]),
        "rows": faults,
    }


def of(store: Store, customer_id: str) -> list[dict[str, Any]]:
    """The outcomes of a customer's cards, as rows of a timeline."""
    with store.rows() as asking:
        return [_event(*one) for one in asking.run(_OF_ONE, {"customer": customer_id})]


def _event(card: str, at: int, channel: str | None, result: str, value: int | None) -> dict[str, Any]:
    amount = None if value is None else value / MICRO
    worth = f", worth {amount:,.2f}" if amount is not None else ""
    return {
        "at": iso(at),
        "kind": "outcome",
        "channel": channel,
        "direction": "outbound",
        "topic": "card",
        "outcome": result,
        "amount": amount,
        "source": "outcome",
        "reference": card,
        "with_customer": False,
        "text": f"card {card}: {result}{worth}",
    }


def _cards(store: Store, rows: pa.Table) -> pa.Table:
    """The cards that the file speaks of; a file that names none is told so by the check."""
    return given(store, rows if "card" in rows.column_names else pa.table({"card": pa.array([], pa.string())}))


def _counted(codes: list[str]) -> dict[str, int]:
    return {code: codes.count(code) for code in sorted(set(codes))}
