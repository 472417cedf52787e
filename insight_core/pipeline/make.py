"""Make: everything that a build computes, as named relations; nothing here is written to the store."""

from functools import partial

import pyarrow as pa
from ibis import Table
from sqlmodel import col, select

from insight_core.catalogue import by_facet
from insight_core.facets import FACETS, Evidence
from insight_core.fold import attach_interactions, attach_usage, choose, consent_states, oppose, party_versions
from insight_core.identity import resolve
from insight_core.pipeline.scope import Scope, note_scope
from insight_core.pipeline.snapshot import assemble
from insight_core.pipeline.steps import Steps
from insight_core.pipeline.steward import arrow_schema, corrections, lapses_at, owners, steward_rows
from insight_core.store import Store
from insight_core.store.sql import texts
from insight_core.store.tables import ConsentEvent

DERIVED = tuple(name for name in FACETS if any(one.origin != "asserted" for one in by_facet(name)))
STEPS = 10 + len(DERIVED)


def make(store: Store, steps: Steps, now: int, scope: Scope | None = None) -> None:
    """The relations `snapshot`, `links`, `consents` and `due`.

    Without a scope everybody is looked at and records are resolved anew; with one, only its
    customers and their neighbours, with the links as they are or, for a past moment, as they were.
    """
    until = None if scope is None else scope.until
    for dataset in ("parties", "references", "market"):
        steps.view(dataset, _until(steps.dataset(dataset), until))
    steps.timed("resolve", lambda: _links(steps, scope))
    _steward(store, steps, now, until)
    note_scope(steps, scope)
    _narrow(steps, scope)
    _events(steps, scope)
    steps.run("versions", party_versions, "parties", "references", "links", "steward")
    steps.run("chosen", choose, "versions")
    steps.run("opposed", oppose, "versions", "chosen")
    for name in DERIVED:
        steps.run(name, partial(_derive, name), "chosen", "versions", "interactions", "usage", "market")
    steps.run("snapshot", _assemble, "chosen", "opposed", *DERIVED)
    _consent_rows(store, steps, until)
    steps.run("consents", consent_states, "consent_rows", "links")


def _derive(name: str, *evidence: Table) -> Table | None:
    return FACETS[name].derive(Evidence(*evidence))


def _assemble(chosen: Table, opposed: Table, *derived: Table) -> Table:
    return assemble(chosen, opposed, dict(zip(DERIVED, derived, strict=True)))


def _until(query: str, until: int | None) -> str:
    return query if until is None else f"SELECT * FROM ({query}) WHERE recorded_at <= {until}"


def _links(steps: Steps, scope: Scope | None) -> None:
    """The relation `everyone`: all links, resolved anew or as the last build left them."""
    if scope is None:
        steps.keep("everyone", f"SELECT * FROM {resolve(steps.con, 'parties')} ORDER BY record_id")
    else:
        steps.view("everyone", steps.dataset("links"))


def _narrow(steps: Steps, scope: Scope | None) -> None:
    """The relations `links` and `steward` within the scope."""
    if scope is None:
        steps.keep("links", "SELECT * FROM everyone")
    elif scope.until is None:
        steps.keep("links", "SELECT * FROM everyone WHERE customer_id IN (FROM scope)")
    else:
        mine = "SELECT record_id FROM everyone WHERE customer_id IN (FROM scope)"
        steps.view("parties_then", f"SELECT * FROM parties WHERE record_id IN ({mine})")
        steps.keep("links", f"SELECT * FROM {resolve(steps.con, 'parties_then')} ORDER BY record_id")
    inside = "customer_id IN (SELECT customer_id FROM links)"
    steps.view("steward", f"SELECT * FROM all_steward WHERE {inside}")


def _events(steps: Steps, scope: Scope | None) -> None:
    """The relations `interactions` and `usage` of the customers in scope; both ends of a contact count.

    An organisation is compared with its whole industry, so where there is one all usage is looked at.
    """
    until = None if scope is None else scope.until
    interactions, usage = (_until(steps.dataset(name), until) for name in ("interactions", "usage"))
    if scope is not None:
        mine = "(SELECT record_id FROM links)"
        interactions = f"SELECT * FROM ({interactions}) WHERE record_id IN {mine} OR counterpart_id IN {mine}"
        organisations = f"SELECT count(*) FROM parties WHERE kind = 'organisation' AND record_id IN {mine}"
        if steps.con.execute(organisations).fetchall()[0][0] == 0:
            usage = f"SELECT * FROM ({usage}) WHERE record_id IN {mine}"
    steps.view("own_interactions", interactions)
    steps.view("own_usage", usage)
    steps.run("interactions", attach_interactions, "own_interactions", "everyone")
    steps.run("usage", attach_usage, "own_usage", "references", "everyone")


def _steward(store: Store, steps: Steps, now: int, until: int | None) -> None:
    """The relations `all_steward`, corrections as party rows, and `due`, when each next one lapses."""
    found = corrections(store, until)
    placed = owners(found, _customers_of(steps, [anchor for one in found for anchor in one.anchors]))
    steps.put("all_steward", steward_rows(placed, now))
    due: dict[str, int] = {}
    for one, customer in placed:
        lapse = lapses_at(one)
        if lapse is not None and lapse > now:
            due[customer] = min(lapse, due.get(customer, lapse))
    schema = pa.schema([("customer_id", pa.string()), ("due_at", pa.int64())])
    steps.put("due", pa.table([list(due), list(due.values())], schema=schema))


def _customers_of(steps: Steps, records: list[str]) -> dict[str, str]:
    if not records:
        return {}
    query = f"SELECT record_id, customer_id FROM everyone WHERE record_id IN ({texts(sorted(set(records)))})"
    return dict(steps.con.execute(query).fetchall())


def _consent_rows(store: Store, steps: Steps, until: int | None) -> None:
    """The relation `consent_rows`: the lake's, and those recorded here, one for each record they speak of."""
    with store.read() as session:
        events = session.exec(select(ConsentEvent).order_by(col(ConsentEvent.id))).all()
    rows = [
        {
            "record_id": anchor,
            "evidence": event.id,
            "source": "steward",
            "purpose": event.purpose,
            "channel": event.channel,
            "status": event.status,
            "decided_at": event.decided_at,
            "wording": event.wording,
        }
        for event in events
        for anchor in event.anchors
        if until is None or event.decided_at <= until
    ]
    steps.put("own_consents", pa.Table.from_pylist(rows, schema=arrow_schema("consents")))
    lake = _until(steps.dataset("consents"), until)
    steps.view("consent_rows", f"{lake} UNION ALL BY NAME SELECT * FROM own_consents")
