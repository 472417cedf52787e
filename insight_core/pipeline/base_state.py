"""The base in two more pictures: what its people allow, and how old what is known of them is."""

from datetime import datetime
from typing import Any

import ibis
from ibis import Table
from sqlalchemy import case
from sqlmodel import col, func, or_, select

from insight_core.catalogue import PURPOSES, fields
from insight_core.records.clock import DAY, epoch
from insight_core.store import Store
from insight_core.store.tables import ConsentState, Customer

_SHOWN = 12


def allowed(store: Store, now: int) -> list[dict[str, Any]]:
    """Per purpose how many customers have given consent, withdrawn it, and were never asked; and what it rests on.

    Who gave it for one channel has given it; a word that counts from a later instant is a no until then.
    """
    begun = col(ConsentState.since) <= now
    held = begun & or_(col(ConsentState.expires_at).is_(None), col(ConsentState.expires_at) > now)
    given = case((col(ConsentState.state) == "given", case((held, 1), else_=0)), else_=0)
    each = (
        select(ConsentState.purpose, func.max(given).label("given"))
        .group_by(ConsentState.customer_id, ConsentState.purpose)
        .subquery()
    )
    query = select(each.c.purpose, func.sum(each.c.given), func.count()).group_by(each.c.purpose)
    with store.read() as session:
        said = {name: (int(yes), int(of)) for name, yes, of in session.exec(query)}
        total = session.exec(select(func.count()).select_from(Customer)).one()
    return [_of_purpose(name, one.ground, said.get(name, (0, 0)), total) for name, one in PURPOSES.items()]


def _of_purpose(name: str, ground: str, said: tuple[int, int], total: int) -> dict[str, Any]:
    given, asked = said
    return {"purpose": name, "ground": ground, "given": given, "withdrawn": asked - given, "never": total - asked}


def ages(table: Table, purpose: str, now: datetime) -> list[dict[str, Any]]:
    """The purpose's heaviest dated fields: how many know them, the median age in days, and after how many they are old.

    `half_life` is the age at which a value has lost half its worth, `stale` twice that.
    """
    dated = [one for one in fields() if purpose in one.weights and one.half_life_days and f"{one.name}__at" in table]
    dated = sorted(dated, key=lambda one: (-one.weights[purpose], one.name))[:_SHOWN]
    told = {one.name: _age(table, one.name, epoch(now)) for one in dated}
    row = table.aggregate(**told).to_pyarrow().to_pylist()[0]
    return [
        {"field": one.name, "known": row[one.name]["known"], "median": row[one.name]["median"],
         "half_life": one.half_life_days, "stale": (one.half_life_days or 0) * 2}
        for one in dated
        if row[one.name]["known"]
    ]  # fmt: skip


def _age(table: Table, name: str, now: int) -> ibis.Value:
    seen = table[f"{name}__at"]
    where = table[name].notnull() & seen.notnull()
    return ibis.struct({"known": seen.count(where=where), "median": ((now - seen) // DAY).quantile(0.5, where=where)})
