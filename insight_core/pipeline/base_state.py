"""The base in two more pictures: what its people allow, and how old what is known of them is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import ibis
from ibis import Table
from sqlalchemy import case, literal_column
from sqlmodel import func, select

from insight_core.catalogue import PURPOSES, field, fields
from insight_core.records.clock import DAY, epoch
from insight_core.records.consent import given_sql
from insight_core.store import Store
from insight_core.store.tables import ConsentState, Customer

_SHOWN = 12


def allowed(store: Store, now: int) -> list[dict[str, Any]]:
    """Per purpose how many customers have given consent, withdrawn it, and were never asked; and what it rests on.

    Who gave it for one channel has given it; a word that counts from a later instant is a no until then.
    """
    given: Any = case((literal_column(given_sql(now)), 1), else_=0)
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


def dated(purpose: str) -> list[str]:
    """The purpose's heaviest fields that age."""
    found = [one for one in fields() if purpose in one.weights and one.half_life_days]
    return [one.name for one in sorted(found, key=lambda one: (-one.weights[purpose], one.name))[:_SHOWN]]


def ages(table: Table, names: Sequence[str], now: datetime) -> list[dict[str, Any]]:
    """Of each of the fields how many know it, the median age in days, and after how many it is old.

    `half_life` is the age at which a value has lost half its worth, `stale` twice that.
    """
    row = table.aggregate(**{name: _age(table, name, epoch(now)) for name in names}).to_pyarrow().to_pylist()[0]
    lives = {name: field(name).half_life_days or 0 for name in names}
    return [
        {"field": name, "known": row[name]["known"], "median": row[name]["median"], "half_life": lives[name],
         "stale": lives[name] * 2}
        for name in names
        if row[name]["known"]
    ]  # fmt: skip


def _age(table: Table, name: str, now: int) -> ibis.Value:
    seen = table[f"{name}__at"]
    where = table[name].notnull() & seen.notnull()
    return ibis.struct({"known": seen.count(where=where), "median": ((now - seen) // DAY).quantile(0.5, where=where)})
