"""Pages of customers: looked for, narrowed and put in order by one query over the columns that are shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from ibis import Table

from insight_core import quality
from insight_core.catalogue import field as catalogue_field
from insight_core.catalogue import purpose as known_purpose
from insight_core.compliance.reading import records_keyed
from insight_core.compliance.seen import seen_sql
from insight_core.errors import NotBuilt, NotFound
from insight_core.pipeline.kept import scored
from insight_core.pipeline.kept.judge import asked, sql
from insight_core.pipeline.linked import Linked
from insight_core.records.clock import epoch, iso
from insight_core.records.datasets import MICRO
from insight_core.records.queries import Sought
from insight_core.store import Store
from insight_core.store.sql import folded, folded_column, text

_FIELDS = (
    "kind", "city", "country", "stage", "direction", "preferred_channel",
    "order_count", "last_order_date", "last_interaction_at", "household_size",
)  # fmt: skip
_LOOKED_IN = ("region", "household_id")
_KNOWN = ("known", "missing")
STATES = (*_KNOWN, "invalid", "conflicting", "undated", "stale", "ageing", "fresh")


@dataclass(frozen=True, slots=True)
class Query(Sought):
    """Which customers, in which order, and which stretch of them.

    `state` is one of STATES; `household` its id; `scores` shows the four.
    """

    household: str | None = None
    scores: bool = False
    limit: int = 50
    offset: int = 0

    def __post_init__(self) -> None:
        """Raise NotFound for a column, field, state or score that is none."""
        columns = ("customer_id", "name", *_FIELDS, *quality.SCORES)
        if self.sort not in columns:
            raise NotFound("column to sort by", self.sort, columns)
        if self.field is not None:
            catalogue_field(self.field)
        if self.state is not None and self.state not in STATES:
            raise NotFound("state of a field", self.state, STATES)
        if self.score is not None and self.score not in quality.SCORES:
            raise NotFound("score", self.score, quality.SCORES)

    @property
    def scored(self) -> bool:
        """Whether the scores of everybody are needed."""
        return self.scores or self.score is not None or self.sort in quality.SCORES


def page(store: Store, con: Any, why: str, now: datetime, query: Query) -> dict[str, Any]:
    """`rows` of the page and `total` of all that match."""
    with _relations(store, con, why, now, query) as session:
        where, bound = _conditions(store, session, query)
        found = f"FROM {_people(why, now, query)} WHERE {' AND '.join(where)}"
        by = folded_column(query.sort) if query.sort in ("name", "city", "country") else query.sort
        order = f"{by} {'DESC' if query.descending else 'ASC'} NULLS LAST, customer_id"
        names = ", ".join(["customer_id", "name", *_FIELDS, *(quality.SCORES if query.scored else ())])
        stretch = f"ORDER BY {order} LIMIT {int(query.limit)} OFFSET {int(query.offset)}"
        # One look at everybody gives the page and how many match, unless the page lies beyond the last of them.
        rows = session.sql(f"SELECT {names}, count(*) OVER () AS total {found} {stretch}", params=bound)
        told = rows.to_arrow_table().to_pylist()
        total = told[0]["total"] if told else session.execute(f"SELECT count(*) {found}", bound).fetchall()[0][0]
    return {"rows": [_row(one) for one in told], "total": total}


@contextmanager
def _relations(store: Store, con: Any, why: str, now: datetime, query: Query) -> Iterator[Any]:
    """A connection of its own with `snapshot`, `consent_states`, `asked` and, where they are needed, `scored`."""
    if not store.lake.listed("snapshot"):
        raise NotBuilt
    session = con.con.cursor()
    try:
        for name in ("snapshot", "consent_states"):
            session.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM {store.lake.rows(name)}")
        asked(session, known_purpose(why), now)
        if query.scored:
            session.register("scored", scored(store, why, now))
        yield session
    finally:
        session.close()


def _people(why: str, now: datetime, query: Query) -> str:
    columns = [*_FIELDS, *_LOOKED_IN]
    columns += [query.field] if query.field is not None and query.field not in columns else []
    columns += [quality.SINCE] if query.field == quality.TENURE else []
    seen = seen_sql("snapshot", "consent_states", known_purpose(why), epoch(now), columns)
    return f"({seen})" + (" LEFT JOIN scored USING (customer_id)" if query.scored else "")


def _conditions(store: Store, session: Any, query: Query) -> tuple[list[str], list[Any]]:
    where: list[str] = ["TRUE"]
    bound: list[Any] = []
    for word in query.text.split():
        where.append(f"(contains({folded_column('name')}, {folded('?')}) OR list_contains(?::VARCHAR[], customer_id))")
        bound += [word, [word, *_keyed(store, word)]]
    for word in query.place.split():
        within = [f"contains({folded_column(column)}, {folded('?')})" for column in ("city", "region")]
        where.append(f"({' OR '.join([*within, 'lower(country) = lower(?)'])})")
        bound += [word] * 3
    for column, wanted in (("kind", query.kind), ("stage", query.stage), ("household_id", query.household)):
        if wanted is not None:
            where.append(f"{column} = ?")
            bound.append(wanted)
    if query.source is not None:
        where.append("customer_id IN (SELECT customer_id FROM snapshot WHERE list_contains(sources, ?))")
        bound.append(query.source)
    if query.field is not None:
        where += _in_state(session, query.field, query.state or "missing")
    if query.score is not None:
        where.append(f"{query.score} BETWEEN ? AND ?")
        bound += [int(query.at_least) * (MICRO // 100), int(query.at_most) * (MICRO // 100)]
    return where, bound


def _keyed(store: Store, key: str) -> list[str]:
    """The customers of whom a source has a record under this key."""
    return sorted(set(Linked(store).of_records(records_keyed(store, key)).values()))


def _in_state(session: Any, name: str, state: str) -> list[str]:
    """Where a field is in a state, as far as the purpose may see the field."""
    if state == "missing":
        return [f"{_known(name)} IS NULL"]
    if state == "known":
        return [f"{_known(name)} IS NOT NULL"]
    states = sql(session, f"state-{name}", partial(_states, name), "snapshot", "asked")
    inside = f"customer_id IN (SELECT customer_id FROM ({states}) WHERE state = {text(state)})"
    return [f"{_known(name)} IS NOT NULL", inside]


def _known(name: str) -> str:
    """SQL for what is null where a field is not known."""
    return f"coalesce({name}::VARCHAR, {quality.SINCE}::VARCHAR)" if name == quality.TENURE else name


def _states(name: str, snapshot: Table, asked: Table) -> Table:
    return quality.wide.state(snapshot.cross_join(asked), name)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if name not in ("customer_id", "total")}
    told["last_interaction_at"] = iso(told["last_interaction_at"])
    ordered = row["last_order_date"]
    told["last_order_date"] = ordered.isoformat() if ordered else None
    for name in quality.SCORES:
        if told.get(name) is not None:
            told[name] /= MICRO
    return {"customer": row["customer_id"], **told}
