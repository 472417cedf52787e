"""Receipts: who asked for what and why, chained so that a changed or missing row shows; never a value."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from insight_core.store import Prepared, Transaction
from insight_core.store.tables import Receipt

_START = "0" * 64
# A profile is some four answers: profile, evidence, timeline, card.
_LOOKS_EACH = 12

_LAST = Prepared(select(Receipt.id, Receipt.digest).order_by(col(Receipt.id).desc()).limit(1))
_ADD = Prepared(insert(Receipt))
_SAID = ("at", "purpose", "door", "subjects", "subject", "served", "withheld")


def leave(
    adding: Transaction,
    at: int,
    purpose: str,
    door: str,
    subjects: int,
    subject: str | None,
    served: str,
    withheld: str,
) -> str:
    """Add a receipt within the caller's write transaction; gives its number as text."""
    last, before = next(iter(adding.run(_LAST, {})), (0, _START))
    row = {
        # a database's own numbers may leave gaps, and a gap here is a receipt that is missing
        "id": last + 1, "at": at, "purpose": purpose, "door": door, "subjects": subjects, "subject": subject,
        "served": served, "withheld": withheld,
    }  # fmt: skip
    adding.run(_ADD, row | {"digest": digest_of(before, row)})
    return f"receipt-{row['id']}"


def lately(session: Session, door: str, limit: int) -> list[str]:
    """The customers that a door was asked about last, newest first, each once."""
    asked = select(Receipt.subject).where(Receipt.door == door, col(Receipt.subject).is_not(None))
    rows = session.exec(asked.order_by(col(Receipt.id).desc()).limit(limit * _LOOKS_EACH)).all()
    return [one for one in dict.fromkeys(rows) if one][:limit]


def digest_of(before: str, row: Mapping[str, Any]) -> str:
    """SHA-256 over the digest before and everything the row says."""
    said = (before, *("" if row[name] is None else row[name] for name in _SAID))
    return sha256("\x1f".join(str(one) for one in said).encode()).hexdigest()


def broken_links(rows: Iterable[Receipt]) -> list[str]:
    """What is wrong with the chain, in words; empty when it holds."""
    problems, before, number = [], _START, 0
    for row in rows:
        number += 1
        if row.id != number:
            problems.append(f"receipt {number} is missing")
            number = row.id or number
        if row.digest != digest_of(before, row.model_dump()):
            problems.append(f"receipt {row.id} was changed, or one before it is missing")
        before = row.digest
    return problems
