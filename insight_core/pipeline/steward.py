"""Steward rows: corrections in force as party evidence, so that the fold needs no second mechanism.

For one half-life of its field after `verified_at` a correction ranks above everything; after
that it is what somebody once declared, and newer evidence outranks it.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from insight_core.catalogue import field
from insight_core.records.arrow import schema_of
from insight_core.records.clock import DAY
from insight_core.records.datasets import columns
from insight_core.store import Store
from insight_core.store.desk_tables import FixEvent
from insight_core.store.tables import Correction

STEWARD = "steward"


def arrow_schema(dataset: str) -> pa.Schema:
    """The dataset's columns as an Arrow schema."""
    return schema_of(columns(dataset))


def corrections(store: Store, until: int | None = None) -> list[Correction]:
    """Corrections in force, in the order in which they were made; with `until`, those in force at that instant."""
    made: Any = aliased(FixEvent)
    query: Any = select(Correction).join(made, (made.change == Correction.change) & (made.what == "made"))
    if until is None:
        query = query.where(col(Correction.undone_at).is_(None))
    else:
        last = select(func.max(FixEvent.id)).where(FixEvent.at <= until).group_by(FixEvent.change)
        stands: Any = aliased(FixEvent)
        query = query.join(stands, stands.change == Correction.change)
        query = query.where(stands.id.in_(last), stands.what != "undone")
    with store.read() as session:
        return list(session.exec(query.order_by(made.id)).all())


def lapses_at(one: Correction) -> int | None:
    """When the correction stops outranking everything; None if its field does not age."""
    half_life = field(one.field).half_life_days
    return None if half_life is None else one.verified_at + half_life * DAY


def owners(found: list[Correction], customers: Mapping[str, str]) -> list[tuple[Correction, str]]:
    """Each correction with the customer of its smallest anchor that is still there; the rest wait."""
    placed = []
    for one in found:
        anchor = next((anchor for anchor in sorted(one.anchors) if anchor in customers), None)
        if anchor is not None:
            placed.append((one, customers[anchor]))
    return placed


def steward_rows(placed: list[tuple[Correction, str]], now: int) -> pa.Table:
    """The corrections as party rows with their customer_id; of one field and one moment the later made wins."""
    schema = arrow_schema("parties").append(pa.field("customer_id", pa.string()))
    before: Counter[tuple[str, str]] = Counter()
    rows = []
    for one, customer in placed:
        rows.append(_row(one, customer, now, before[customer, one.field]))
        before[customer, one.field] += 1
    return pa.Table.from_pylist(rows, schema=schema)


def typed(name: str, text: str) -> Any:
    """A stored correction's value as the catalogue types it."""
    kind = field(name).type
    if kind in ("integer", "money", "ratio", "instant"):
        return int(text)
    if kind == "date":
        return date.fromisoformat(text)
    return text == "true" if kind == "boolean" else text


def _row(one: Correction, customer: str, now: int, rank: int) -> dict[str, Any]:
    lapsed = lapses_at(one)
    in_force = lapsed is None or now < lapsed
    return {
        "customer_id": customer,
        "record_id": f"fix.{one.change}",
        "evidence": 0,
        "batch": 0,
        "source": STEWARD,
        "recorded_at": one.verified_at,
        "method": "corrected" if in_force else "declared",
        "rank": rank,
        "observed_at": one.observed_at,
        "verified_at": one.verified_at,
        one.field: typed(one.field, one.value),
    }
