"""A small customer base, built from what a case says about each customer."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from insight_core.recommend import CardInputs, Parameters, make_cards, to_cards
from insight_core.recommend.inputs import COLUMNS
from insight_core.records.clock import DAY, epoch
from insight_core.records.results import Card

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
CERTAIN = Parameters(exploration=0.0)

Row = Mapping[str, Any]
TYPES = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}


def ago(days: int) -> int:
    """The instant so many days before now."""
    return epoch(NOW) - days * DAY


def person(customer_id: str = "ada", **fields: Any) -> dict[str, Any]:
    """A customer who can be reached by e-mail and telephone, seen yesterday."""
    return {
        "customer_id": customer_id,
        "kind": "person",
        "name": f"Name of {customer_id}",
        "email": f"{customer_id}@example.com",
        "email__at": ago(1),
        "phone": "+1 202 555 0101",
        "phone__at": ago(1),
        **fields,
    }


def consent(
    customer_id: str = "ada",
    channel: str = "*",
    state: str = "given",
    days: int = 10,
    purpose: str = "marketing",
    ended: int | None = None,
) -> Row:
    """A word of so many days ago, which ended so many days ago."""
    said = {"customer_id": customer_id, "purpose": purpose, "channel": channel, "state": state, "since": ago(days)}
    return said | {"expires_at": None if ended is None else ago(ended)}


def contact(customer_id: str = "ada", channel: str = "email", **fields: Any) -> Row:
    usual = {"hour": 10, "tone": None, "direction": "outbound", "outcome": "ignored", "count": 1, "last_at": ago(40)}
    return {"customer_id": customer_id, "channel": channel, **usual, **fields}


def table(name: str, rows: Sequence[Row]) -> pa.Table:
    """Rows as the core hands them over: every column there, with its type."""
    schema = pa.schema([(column, TYPES[kind]) for column, kind in COLUMNS[name].items()])
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)


def snapshot(rows: Sequence[Row]) -> pa.Table:
    """Rows with different fields as one table; what a row does not name is unknown."""
    names = sorted({name for row in rows for name in row} | {"customer_id", "kind", "name"})
    return pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})


def inputs(
    customers: Sequence[Row],
    consents: Sequence[Row] = (),
    contacts: Sequence[Row] = (),
    outbound: Sequence[Row] = (),
    outcomes: Sequence[Row] = (),
) -> CardInputs:
    return CardInputs(
        snapshot=snapshot(customers),
        contacts=table("contacts", contacts),
        outbound=table("outbound", outbound),
        consents=table("consents", consents),
        outcomes=table("outcomes", outcomes),
    )


def card_of(
    *customers: Row,
    purpose: str = "marketing",
    parameters: Parameters = CERTAIN,
    seed: int = 1,
    consents: Sequence[Row] | None = None,
    **tables: Sequence[Row],
) -> Card:
    """The card of the first customer; unless a case says otherwise she agreed to marketing on every channel."""
    agreed = [consent()] if consents is None else consents
    return to_cards(make_cards(inputs(customers, agreed, **tables), purpose, NOW, seed, parameters))[0]


def reason(card: Card, dimension: str, fact: str) -> dict[str, Any]:
    """The reason of that name; empty when the card does not give it."""
    return next((one for one in card.reasons if (one["dimension"], one["fact"]) == (dimension, fact)), {})


def why(card: Card, channel: str) -> str | None:
    """The reason for which a channel was refused."""
    return next((one["why"] for one in card.refused if one["what"] == f"channel {channel}"), None)
