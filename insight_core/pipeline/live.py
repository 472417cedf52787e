"""Live: a profile as of a past moment, computed from the evidence that was recorded by then.

The past gives the values alone: what the purpose may see of them is judged by the consents as they stand now, of
everybody whose records were one customer then.
"""

from datetime import UTC, datetime
from typing import Any

from insight_core.catalogue import FACETS, by_facet, purpose
from insight_core.compliance import Gate, Head, Record, Whole
from insight_core.errors import NotFound
from insight_core.pipeline.linked import Linked
from insight_core.pipeline.load import staging
from insight_core.pipeline.make import STEPS, make
from insight_core.pipeline.profile import present
from insight_core.pipeline.scope import Scope
from insight_core.pipeline.steps import Steps
from insight_core.pipeline.write_profiles import customer_sql, facet_sql
from insight_core.records.clock import epoch, iso
from insight_core.records.progress import silent
from insight_core.records.results import Profile
from insight_core.store import Store
from insight_core.store.facet_tables import FACET_TABLES
from insight_core.store.sql import dicts, text, texts


def as_of(store: Store, gate: Gate, customer_id: str, why: str, moment: datetime) -> Profile:
    """The profile that stood at the moment: evidence recorded by then, links decided by then, scores at that clock.

    Raises NotFound when nothing of the customer was recorded by then.
    """
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).replace(microsecond=0)
    until, records = epoch(moment), gate.records(customer_id)
    with staging(store) as folder:
        steps = Steps(store, folder, silent, STEPS, few=True)
        make(store, steps, until, Scope((customer_id,), until))
        con = steps.con
        con.execute("CREATE TEMP TABLE new_snapshot AS SELECT *, NULL::BIGINT AS due_at FROM snapshot")
        then = _id_then(con, records)
        if then is None:
            raise NotFound(f"customer recorded by {iso(until)}", customer_id)
        beside = _beside(store, con, then, customer_id)
        customer = Head(**_one(con, customer_sql(), then))
        values = {facet: _facet(con, facet, then) for facet in FACETS}
    whole = Whole(customer, values, gate.consents(customer_id), records)
    return present(gate.let_out(whole, purpose(why), [gate.consents(one) for one in beside]), why, moment)


def _id_then(con: Any, records: list[Record]) -> str | None:
    """The id that the customer had: that of the first of today's records that was there."""
    names = texts(one.record_id for one in records)
    query = f"SELECT customer_id FROM links WHERE record_id IN ({names}) ORDER BY record_id LIMIT 1"
    found = con.sql(query).fetchall()
    return found[0][0] if found else None


def _beside(store: Store, con: Any, then: str, customer_id: str) -> list[str]:
    """Who else has a record now that was the customer's then."""
    rows = con.sql(f"SELECT record_id FROM links WHERE customer_id = {text(then)}").fetchall()
    return sorted({*Linked(store).of_records(row[0] for row in rows).values()} - {customer_id})


def _one(con: Any, query: str, customer_id: str) -> dict[str, Any]:
    return dicts(con, f"SELECT * FROM ({query}) WHERE customer_id = {text(customer_id)}")[0]


def _facet(con: Any, facet: str, customer_id: str) -> dict[str, Any]:
    """The row as the store's table types it: dates are dates again."""
    row = _one(con, facet_sql(facet), customer_id)
    dates = {one.name for one in by_facet(facet) if one.type == "date"}
    typed = {
        name: datetime.fromisoformat(value).date() if name in dates and value else value for name, value in row.items()
    }
    return FACET_TABLES[facet](**typed).model_dump()
