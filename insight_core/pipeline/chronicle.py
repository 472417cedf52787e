"""Chronicle: what came of cards, as rows of the history of the whole base."""

from typing import Any

from sqlmodel import col, select

from insight_core.compliance import Gate
from insight_core.compliance.gate import OUTCOMES
from insight_core.pipeline.linked import owned, owner
from insight_core.records.datasets import MICRO
from insight_core.store import Store
from insight_core.store.tables import Link, Outcome


def outcomes(
    store: Store,
    gate: Gate,
    why: str,
    customer: str | None,
    limit: int | None,
    since: int | None = None,
    until: int | None = None,
) -> list[dict[str, Any]]:
    """Outcomes of cards, newest first, of those of whose contacts the purpose may know.

    `since` and `until` are epoch seconds.
    """
    who = owner(Outcome.customer_id)
    query = owned(select(Outcome, who), Outcome.customer_id)
    query = query.order_by(col(Outcome.at).desc(), col(Outcome.id).desc()).limit(limit)
    query = query if customer is None else query.where(col(Link.customer_id) == customer)
    query = query if since is None else query.where(Outcome.at >= since)
    query = query if until is None else query.where(Outcome.at < until)
    with store.read() as session:
        found = [_row(one, whose) for one, whose in session.exec(query)]
    open_to = gate.told_of(sorted({one["customer"] for one in found}), why, OUTCOMES)
    return [one for one in found if one["customer"] in open_to]


def _row(one: Outcome, whose: str) -> dict[str, Any]:
    return {
        "customer": whose,
        "card": one.card,
        "at": one.at,
        "result": one.result,
        "value": None if one.value is None else one.value / MICRO,
        "channel": one.channel,
        "tone": one.tone,
    }
