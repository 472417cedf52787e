"""Build: resolve who is who, fold the evidence, derive the facets, and put the profiles in the store."""

from dataclasses import dataclass
from time import perf_counter
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis import Table
from sqlmodel import select

from insight_core.facets import FACETS, Evidence
from insight_core.fold import attach_interactions, attach_usage, choose, consent_states, oppose, party_versions
from insight_core.identity import resolve
from insight_core.pipeline.load import staging
from insight_core.pipeline.snapshot import assemble
from insight_core.pipeline.steps import Progress, Steps
from insight_core.pipeline.steward import arrow_schema, corrections, lapses_at, owners, write_steward_rows
from insight_core.pipeline.write_profiles import write_profiles
from insight_core.records.datasets import DATASETS
from insight_core.records.results import BuildReport
from insight_core.store import Store
from insight_core.store.tables import ConsentEvent

_STEPS = 9 + len(FACETS)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made, before it is written."""

    snapshot: Table
    links: Table
    consents: Table


def build(store: Store, now: int, progress: Progress) -> BuildReport:
    """Bring every profile up to date with the evidence and the clock."""
    started = perf_counter()
    with staging(store) as folder:
        steps = Steps(store, folder, progress, _STEPS)
        steps.timed("sort in", lambda: _sort_in(store, steps.con.con))
        made = make(store, steps, now)
        customers, changed = steps.timed("write", lambda: write_profiles(store, steps, made, now))
        unattached = _unattached(steps)
    seconds = round(perf_counter() - started, 3)
    return BuildReport(customers, changed, seconds, unattached, steps.seconds)


def make(store: Store, steps: Steps, now: int) -> Built:
    """Everything a build computes, as tables; nothing is written to the store."""
    links = steps.timed("resolve", lambda: _resolve(steps))
    _steward_file(store, steps, now)
    references = steps.dataset("references")
    versions = steps.run("versions", party_versions(steps.dataset("parties"), references, links, steps.read("steward")))
    chosen = steps.run("choose", choose(versions))
    against = steps.run("oppose", oppose(versions, chosen))
    evidence = Evidence(
        folded=chosen,
        versions=versions,
        interactions=steps.run("interactions", attach_interactions(steps.dataset("interactions"), links)),
        usage=steps.run("usage", attach_usage(steps.dataset("usage"), references, links)),
        market=steps.dataset("market"),
    )
    derived = {name: steps.run(name, table) for name, rule in FACETS.items() if (table := rule.derive(evidence)) is not None}
    snapshot = steps.run("snapshot", assemble(chosen, against, derived))
    consents = steps.run("consents", consent_states(_all_consents(store, steps), links))
    return Built(snapshot, links, consents)


def _sort_in(store: Store, con: Any) -> None:
    for dataset in DATASETS:
        new, old = store.lake.sort_in(con, dataset)
        if old:
            with store.write() as session:
                store.lake.relist(session, new, old)
            store.lake.unlink(old)


def _resolve(steps: Steps) -> Table:
    con = steps.con
    con.create_view("parties", steps.dataset("parties"), overwrite=True)
    name = resolve(con.con, "parties")
    con.con.execute(f"COPY (SELECT * FROM {name} ORDER BY record_id) TO '{steps.path('links')}' (FORMAT parquet)")
    return steps.read("links")


def _steward_file(store: Store, steps: Steps, now: int) -> None:
    placed = owners(found := corrections(store), _customers_of(steps, [a for one in found for a in one.anchors]))
    write_steward_rows(placed, now, steps.path("steward"))
    due = {}
    for one, customer in placed:
        lapse = lapses_at(one)
        if lapse is not None and lapse > now:
            due[customer] = min(lapse, due.get(customer, lapse))
    pq.write_table(_pairs("customer_id", "due_at", due), steps.path("due"))


def _pairs(key: str, value: str, rows: dict[str, int]) -> pa.Table:
    schema = pa.schema([(key, pa.string()), (value, pa.int64())])
    return pa.table([list(rows), list(rows.values())], schema=schema)


def _customers_of(steps: Steps, records: list[str]) -> dict[str, str]:
    if not records:
        return {}
    links = steps.read("links")
    found = links.filter(links.record_id.isin(sorted(set(records)))).select("record_id", "customer_id").to_pyarrow()
    return dict(zip(found["record_id"].to_pylist(), found["customer_id"].to_pylist(), strict=True))


def _all_consents(store: Store, steps: Steps) -> Table:
    """Consents from the lake and those recorded here, one row for each record they speak of."""
    with store.read() as session:
        events = session.exec(select(ConsentEvent)).all()
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
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema("consents")), steps.path("own-consents"))
    lake = steps.dataset("consents")
    return ibis.union(lake, steps.read("own-consents").select(lake.columns))


def _unattached(steps: Steps) -> int:
    """Events whose party record is not loaded (yet)."""
    links, total = steps.read("links"), 0
    for dataset in ("interactions", "usage", "consents"):
        total += int(steps.dataset(dataset).anti_join(links, "record_id").count().execute())
    return total
