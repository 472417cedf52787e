"""Make: everything that a build computes, as named tables; nothing here is written to the store."""

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis import Table
from sqlmodel import col, select

from insight_core.facets import FACETS, Evidence
from insight_core.fold import attach_interactions, attach_usage, choose, consent_states, oppose, party_versions
from insight_core.identity import resolve
from insight_core.pipeline.scope import Scope, neighbours, only
from insight_core.pipeline.snapshot import assemble
from insight_core.pipeline.steps import Steps
from insight_core.pipeline.steward import arrow_schema, corrections, lapses_at, owners, write_steward_rows
from insight_core.store import Store
from insight_core.store.sql import text
from insight_core.store.tables import ConsentEvent

STEPS = 9 + len(FACETS)


def make(store: Store, steps: Steps, now: int, scope: Scope | None = None) -> Table:
    """The snapshot; the steps `links`, `consents`, `due` and `versions` lie beside it.

    Without a scope everybody is looked at and records are resolved anew; with one, only its
    customers and their neighbours, with the links as they are or, for a past moment, as they were.
    """
    until = None if scope is None else scope.until
    parties = _until(steps.dataset("parties"), until)
    links = _resolve(steps, parties) if scope is None else _known_links(steps)
    _steward_file(store, steps, now, until)
    references = _until(steps.dataset("references"), until)
    if scope is not None:
        scope = _widened(steps, scope, parties, links)
        links = _scoped_links(steps, scope, parties, links)
        parties = parties.semi_join(links, "record_id")
    _note_scope(steps, scope)
    steward = steps.read("steward") if scope is None else only(steps.read("steward"), scope.customers, "customer_id")
    versions = steps.run("versions", party_versions(parties, references, links, steward))
    chosen = steps.run("choose", choose(versions))
    against = steps.run("oppose", oppose(versions, chosen))
    evidence = _evidence(steps, scope, chosen, versions, references, links)
    derived = {
        name: steps.run(name, table) for name, rule in FACETS.items() if (table := rule.derive(evidence)) is not None
    }
    snapshot = steps.run("snapshot", assemble(chosen, against, derived))
    steps.run("consents", consent_states(_all_consents(store, steps, until), links))
    return snapshot


def _until(table: Table, until: int | None) -> Table:
    return table if until is None else table.filter(table.recorded_at <= until)


def _resolve(steps: Steps, parties: Table) -> Table:
    def run() -> Table:
        con = steps.con
        con.create_view("parties", parties, overwrite=True)
        name = resolve(con.con, "parties")
        target = text(str(steps.path("links")))
        con.con.execute(f"COPY (SELECT * FROM {name} ORDER BY record_id) TO {target} (FORMAT parquet)")
        return steps.read("links")

    return steps.timed("resolve", run)


def _known_links(steps: Steps) -> Table:
    return steps.run("known-links", steps.dataset("links"))


def _widened(steps: Steps, scope: Scope, parties: Table, links: Table) -> Scope:
    placed = parties.inner_join(links.select("record_id", "customer_id"), "record_id")
    return Scope(neighbours(placed, steps.read("steward"), scope.customers), scope.until)


def _scoped_links(steps: Steps, scope: Scope, parties: Table, links: Table) -> Table:
    mine = only(links, scope.customers, "customer_id")
    if scope.until is None:
        return steps.run("links", mine)
    return _resolve(steps, parties.semi_join(mine, "record_id"))


def _note_scope(steps: Steps, scope: Scope | None) -> None:
    customers = ["*"] if scope is None else list(scope.customers)
    steps.con.con.execute("CREATE OR REPLACE TEMP TABLE scope (customer_id VARCHAR)")
    steps.con.con.execute("INSERT INTO scope SELECT unnest(?)", [customers])


def _evidence(
    steps: Steps, scope: Scope | None, chosen: Table, versions: Table, references: Table, links: Table
) -> Evidence:
    until = None if scope is None else scope.until
    interactions, usage = _until(steps.dataset("interactions"), until), _until(steps.dataset("usage"), until)
    everyone = links if scope is None else steps.read("known-links")
    contacts = attach_interactions(interactions, everyone)
    uses = attach_usage(usage, references, everyone)
    if scope is not None:
        contacts = only(contacts, scope.customers, "customer_id", "counterpart_customer")
        # an organisation is compared with its whole industry, so its scope is all usage
        if chosen.filter(chosen.kind == "organisation").count().execute() == 0:
            uses = only(uses, scope.customers, "customer_id")
    return Evidence(
        folded=chosen,
        versions=versions,
        interactions=steps.run("interactions", contacts),
        usage=steps.run("usage", uses),
        market=_until(steps.dataset("market"), until),
    )


def _steward_file(store: Store, steps: Steps, now: int, until: int | None) -> None:
    found = corrections(store, until)
    placed = owners(found, _customers_of(steps, [anchor for one in found for anchor in one.anchors]))
    write_steward_rows(placed, now, steps.path("steward"))
    due: dict[str, int] = {}
    for one, customer in placed:
        lapse = lapses_at(one)
        if lapse is not None and lapse > now:
            due[customer] = min(lapse, due.get(customer, lapse))
    schema = pa.schema([("customer_id", pa.string()), ("due_at", pa.int64())])
    pq.write_table(pa.table([list(due), list(due.values())], schema=schema), steps.path("due"))


def _customers_of(steps: Steps, records: list[str]) -> dict[str, str]:
    if not records:
        return {}
    links = steps.read("links") if steps.path("links").exists() else steps.read("known-links")
    found = links.filter(links.record_id.isin(sorted(set(records)))).select("record_id", "customer_id").to_pyarrow()
    return dict(zip(found["record_id"].to_pylist(), found["customer_id"].to_pylist(), strict=True))


def _all_consents(store: Store, steps: Steps, until: int | None) -> Table:
    """Consents from the lake and those recorded here, one row for each record they speak of."""
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
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema("consents")), steps.path("own-consents"))
    lake = _until(steps.dataset("consents"), until)
    return ibis.union(lake, steps.read("own-consents").select(lake.columns))
