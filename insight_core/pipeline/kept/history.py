"""History: what the overview said on each day on which somebody asked, kept as one small row a day.

A past point is real: it was counted on its day, from what was known on that day. A clock that was
turned back over evidence that came later leaves none, and one that was turned ahead leaves none
either once something was learnt in between.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, func, select

from insight_core.errors import Fault
from insight_core.records.clock import epoch
from insight_core.store import Store
from insight_core.store.desk_tables import KeptAnswer
from insight_core.store.tables import Batch, ConsentEvent, Correction

_QUESTION = "history"
_WHOLE = -1
_LEARNT: tuple[Any, ...] = (
    Batch.recorded_at,
    Batch.unloaded_at,
    Correction.verified_at,
    Correction.undone_at,
    ConsentEvent.decided_at,
)


def remember(store: Store, purpose: str, now: int, day: date, means: Mapping[str, Any], customers: int) -> None:
    """Keep the day's mean scores, unless something in the store is younger than the day's clock."""
    newest = _newest(store, None)
    if newest is not None and newest > now:
        return
    body = json.dumps({"scores": dict(means), "customers": customers, "known": newest})
    key = (_QUESTION, purpose, day.isoformat(), _WHOLE)
    with store.read() as session:
        found = session.get(KeptAnswer, key)
        if found is not None and found.body == body:
            return
    # a store that cannot be written has no history of its own
    with suppress(Fault), store.write(quiet=True) as session:
        session.merge(KeptAnswer(question=key[0], purpose=key[1], day=key[2], bucket=key[3], print="", body=body))


def past(store: Store, purpose: str, today: date, days: int) -> Iterator[dict[str, Any]]:
    """The points of the last so many days before today, oldest first: day, scores, customers."""
    query = (
        select(KeptAnswer.day, KeptAnswer.body)
        .where(
            col(KeptAnswer.question) == _QUESTION,
            col(KeptAnswer.purpose) == purpose,
            col(KeptAnswer.day) < today.isoformat(),
            col(KeptAnswer.day) >= (today - timedelta(days=days)).isoformat(),
        )
        .order_by(col(KeptAnswer.day))
    )
    with store.read() as session:
        rows = session.exec(query).all()
    for day, body in rows:
        told = json.loads(body)
        newest = _newest(store, epoch(date.fromisoformat(day)))
        if newest is None or (told["known"] is not None and newest <= told["known"]):
            yield {"day": day, "scores": told["scores"], "customers": told["customers"]}


def _newest(store: Store, before: int | None) -> int | None:
    """When something was last learnt or taken back, as far as it was before an instant."""
    with store.read() as session:
        found = []
        for one in _LEARNT:
            query = select(func.max(one))
            found.append(session.exec(query if before is None else query.where(one < before)).one())
    return max((one for one in found if one is not None), default=None)
