"""Customers: worklists, evidence and timelines, from what the gate let out."""

from collections.abc import Sequence
from typing import Any

from insight_core import quality
from insight_core.catalogue import Field
from insight_core.catalogue import field as catalogue_field
from insight_core.compliance import Gate
from insight_core.records.clock import iso
from insight_core.records.datasets import MICRO
from insight_core.records.results import WorkItem
from insight_core.records.values import plain


def worklist(gate: Gate, cells: Sequence[quality.Problem], purpose: str) -> list[WorkItem]:
    """The cells with names, values and reasons; `impact` is in points of the purpose."""
    heads, values = gate.cells([(one.customer, one.field) for one in cells], purpose)
    return [_item(one, heads.get(one.customer, (None, None)), values.get((one.customer, one.field)), purpose)
            for one in cells]  # fmt: skip


def _item(one: quality.Problem, head: tuple[str | None, str | None], value: Any, purpose: str) -> WorkItem:
    name, kind = head
    known = one.state != "missing" and value is not None
    return WorkItem(
        customer=one.customer,
        name=name or one.customer,
        field=one.field,
        value=_text(catalogue_field(one.field), value) if known else None,
        reason=one.because(purpose, kind),
        state=one.state,
        impact=-one.loss / MICRO,
    )


def _text(one: Field, value: Any) -> str:
    if one.type in ("money", "ratio"):
        cents = abs(value) // (MICRO // 100)
        return f"{'-' if value < 0 else ''}{cents // 100}.{cents % 100:02}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def told(rows: Sequence[dict[str, Any]], field: str | None) -> list[dict[str, Any]]:
    """Evidence rows with readable clocks and without empty cells; with `field`, only those that speak of it."""
    if field is not None:
        catalogue_field(field)
        rows = [row for row in rows if row.get(field) is not None]
    return [_evidence(row, field) for row in rows]


_CLOCKS = ("recorded_at", "observed_at", "verified_at")
_HEAD = ("record_id", "evidence", "batch", "source", "key", "method", "basis", *_CLOCKS)


def _evidence(row: dict[str, Any], field: str | None) -> dict[str, Any]:
    names = [name for name in row if name in _HEAD or (row[name] is not None and field in (None, name))]
    kept = {name: _plain(name, row[name]) for name in names if name != "rank"}
    return kept | {"evidence": f"{row['record_id']}.{row['evidence']}"}


def _plain(name: str, value: Any) -> Any:
    if name in _CLOCKS:
        return iso(value)
    return value if name in _HEAD or name == "area_key" else plain(catalogue_field(name), value)


def timeline(events: Sequence[dict[str, Any]], outcomes: Sequence[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """Contacts, uses and outcomes of cards as one list, newest first, each with a line of text.

    `with_customer` marks what customers have with each other: no contact with the company, and in no figure of those.
    """
    rows = [_event(one) for one in events] + list(outcomes)
    return sorted(rows, key=lambda row: (row["at"], row["kind"], row["text"]), reverse=True)[:limit]


def _event(event: dict[str, Any]) -> dict[str, Any]:
    amount = None if event["amount"] is None else event["amount"] / MICRO
    kind = "contact" if event["dataset"] == "interactions" else "usage"
    words = [event["direction"], event["channel"], event["topic"], event["category"], event["outcome"]]
    text = ", ".join(str(word).replace("_", " ") for word in words if word)
    return {
        "at": iso(event["occurred_at"]),
        "kind": kind,
        "channel": event["channel"],
        "direction": event["direction"],
        "topic": event["topic"] if kind == "contact" else event["category"] or event["topic"],
        "outcome": event["outcome"],
        "amount": amount,
        "source": event["source"],
        "reference": event["reference"],
        "with_customer": event["with_customer"],
        "text": text + (f", {amount:,.2f}" if amount is not None else ""),
    }
