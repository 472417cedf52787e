"""Gather: the evidence that a build reads, as relations; all of it, or that of a few customers.

parties, references, market     rows of the lake; with a few, their parties only
links, ends                     links of who is looked at; of everybody whom their events name
steward, due                    corrections in force as party rows; when each customer's next one lapses
interactions, usage             events with their customers
consent_rows                    the lake's consents and those recorded here
peers, observed                 organisations that are not looked at; the newest use in the whole base
scope, last_snapshot            the customers looked at, and as the last build left them
"""

from collections.abc import Sequence

import pyarrow as pa
from sqlmodel import col, select

from insight_core.fold import attach_interactions, attach_usage
from insight_core.identity import resolve, resolve_all
from insight_core.pipeline.linked import COLUMNS, Linked, Row
from insight_core.pipeline.peers import GROWN, compared_then
from insight_core.pipeline.scope import Scope, buckets, neighbours
from insight_core.pipeline.steps import Steps
from insight_core.pipeline.steward import arrow_schema, corrections, lapses_at, owners, steward_rows
from insight_core.pipeline.taken_over import last_columns
from insight_core.store import Store
from insight_core.store.tables import ConsentEvent, Correction

_LINKS = pa.schema([(name, pa.string()) for name in COLUMNS])


def gather_all(store: Store, steps: Steps, now: int) -> None:
    """Everybody's evidence, with records resolved anew; contacts and uses are yet to be attached."""
    for dataset in ("parties", "references", "market"):
        steps.over(dataset, steps.files(dataset))
    steps.timed("resolve", lambda: _everybody(steps))
    steps.view("ends", "FROM links")
    found = corrections(store)
    anchors = sorted({anchor for one in found for anchor in one.anchors})
    steps.listed("anchors", "record_id", anchors)
    owned = dict(steps.rows("SELECT record_id, customer_id FROM links SEMI JOIN anchors USING (record_id)"))
    _steward(steps, owners(found, owned), now)
    steps.over("own_interactions", steps.files("interactions"))
    steps.over("own_usage", steps.files("usage"))
    _consents(store, steps, steps.dataset("consents"), None, None)
    steps.put("peers", _no_peers())


def _everybody(steps: Steps) -> None:
    """The relations links and keys."""
    links, keys = resolve_all(steps.con, "parties")
    steps.keep("links", f"FROM {links}")
    steps.keep("keys", f"FROM {keys}")


def attach_all(steps: Steps) -> None:
    """The relations interactions, usage and observed, from everybody's."""
    _attach(steps)
    steps.keep("observed", "SELECT max(occurred_at) AS until FROM usage")


def gather_few(store: Store, steps: Steps, now: int, scope: Scope) -> None:
    """The evidence of the customers in scope and of who hangs together with them, but for their events."""
    linked = _linked(store, scope)
    for dataset in ("references", "market"):
        steps.keep(dataset, _until(steps.dataset(dataset), scope.until))
    found = corrections(store, scope.until)
    steps.listed("changed_hands", "record_id", scope.relinked)
    named = sorted(set(scope.customers))
    rows = linked.of_customers(named)
    steps.listed("scope", "customer_id", named)
    # of a past moment all words are needed to link, and of a fix the few rows are soon read
    once = not scope.records or scope.fixed or scope.until is not None
    _people(steps, linked, found, now, scope, rows, "*" if once else "street")
    around = neighbours(steps, scope) if scope.records else []
    if scope.until is not None:
        _last(steps, scope)
        if organisations(steps):
            # A corrected industry is told by no record: then everybody is compared.
            corrected = any(one.field == "industry" for one in found)
            everybody = GROWN.format(steps.dataset("snapshot"))
            around += [row[0] for row in steps.rows(everybody)] if corrected else compared_then(steps)
    if around or not once:
        rows = sorted([*rows, *linked.of_customers(set(around) - set(named))])
        steps.listed("scope", "customer_id", [*named, *around])
        _people(steps, linked, found, now, scope, rows)
    _last(steps, scope)
    mine = [row[0] for row in steps.rows("SELECT record_id FROM links")]
    consents = f"SELECT * FROM ({steps.dataset('consents', buckets(mine))}) SEMI JOIN links USING (record_id)"
    _consents(store, steps, _until(consents, scope.until), scope.until, set(mine))


def _linked(store: Store, scope: Scope) -> Linked:
    lost = [record for record, row in scope.relinked.items() if row is None]
    return Linked(store, [row for row in scope.relinked.values() if row is not None], lost)


def _people(
    steps: Steps, linked: Linked, found: Sequence[Correction], now: int, scope: Scope, rows: list[Row], said: str = "*"
) -> None:
    """The relations links, parties with what is `said`, steward and due of the customers with these links."""
    steps.put("links", pa.Table.from_pylist([dict(zip(COLUMNS, row, strict=True)) for row in rows], schema=_LINKS))
    mine = {row[0]: row[1] for row in rows}
    parties = _until(steps.dataset("parties", buckets(mine)), scope.until)
    steps.keep("parties", f"SELECT {said} FROM ({parties}) SEMI JOIN links USING (record_id)")
    if scope.until is not None:
        steps.keep("links", f"SELECT * FROM {resolve(steps.con, 'parties')}")
        owned = dict(steps.rows("SELECT record_id, customer_id FROM links"))
    else:
        near = [one for one in found if not mine.keys().isdisjoint(one.anchors)]
        owned = linked.of_records(anchor for one in near for anchor in one.anchors)
    present = set(mine.values()) if scope.until is None else set(owned.values())
    _steward(steps, [pair for pair in owners(list(found), owned) if pair[1] in present], now)


def _last(steps: Steps, scope: Scope) -> None:
    """The relation `last_snapshot`: who is looked at as the last build left them."""
    near = buckets(row[0] for row in steps.rows("FROM scope"))
    columns = ", ".join(last_columns(scope))
    query = f"SELECT {columns} FROM ({steps.dataset('snapshot', near)}) WHERE customer_id IN (FROM scope)"
    if scope.until is None:
        steps.keep("last_snapshot", query)
    else:
        steps.view("last_snapshot", query)


def _steward(steps: Steps, placed: Sequence[tuple[Correction, str]], now: int) -> None:
    """The relations steward and due."""
    steps.put("steward", steward_rows(list(placed), now))
    due: dict[str, int] = {}
    for one, customer in placed:
        lapse = lapses_at(one)
        if lapse is not None and lapse > now:
            due[customer] = min(lapse, due.get(customer, lapse))
    schema = pa.schema([("customer_id", pa.string()), ("due_at", pa.int64())])
    steps.put("due", pa.table([list(due), list(due.values())], schema=schema))


def gather_events(store: Store, steps: Steps, scope: Scope) -> None:
    """Events of the links in scope; both ends of a contact count."""
    near = buckets(row[0] for row in steps.rows("SELECT record_id FROM links"))
    inside = "record_id IN (SELECT record_id FROM links)"
    met = f"counterpart_id IN (SELECT record_id FROM links) AND NOT {inside}"
    # the key that a source gives a contact is the longest of its words, and no facet asks for it
    contacts = "SELECT * REPLACE (NULL::VARCHAR AS interaction_id) FROM ({}) WHERE {}"
    steps.keep("own_interactions", _until(
        f"{contacts.format(steps.dataset('interactions', near), inside)} "
        f"UNION ALL BY NAME {contacts.format(steps.dataset('interactions'), met)}", scope.until,
    ))  # fmt: skip
    steps.keep("own_usage", _until(f"SELECT * FROM ({steps.dataset('usage', near)}) WHERE {inside}", scope.until))
    _ends(steps, _linked(store, scope))
    _attach(steps)


def no_events(steps: Steps) -> None:
    """The relations interactions and usage without rows, for a build that needs none."""
    for name, extra in (("interactions", ("counterpart_customer",)), ("usage", ())):
        own = arrow_schema(name)
        fields = [pa.field("customer_id", pa.string()), *own, *(pa.field(one, pa.string()) for one in extra)]
        steps.put(name, pa.schema(fields).empty_table())


def _ends(steps: Steps, linked: Linked) -> None:
    both = "SELECT record_id FROM own_interactions UNION SELECT counterpart_id FROM own_interactions"
    others = [row[0] for row in steps.rows(f"FROM ({both}) ANTI JOIN links USING (record_id)") if row[0]]
    owned = linked.of_records(others)
    schema = pa.schema([("record_id", pa.string()), ("customer_id", pa.string())])
    steps.put("others", pa.table([list(owned), list(owned.values())], schema=schema))
    steps.view("ends", "SELECT record_id, customer_id FROM links UNION ALL FROM others")


def _attach(steps: Steps) -> None:
    steps.run("interactions", attach_interactions, "own_interactions", "ends")
    steps.run("usage", attach_usage, "own_usage", "references", "ends")


def gather_around(steps: Steps, scope: Scope, *, compared: bool) -> None:
    """The relations peers and observed, which only organisations are compared with, and only where that is asked."""
    if not compared or not organisations(steps):
        steps.put("peers", _no_peers())
        steps.keep("observed", "SELECT NULL::BIGINT AS until")
    elif scope.until is not None:
        steps.put("peers", _no_peers())
        known = "record_id IN (SELECT record_id FROM ({}))".format(steps.dataset("links"))
        usage = _until(f"SELECT * FROM ({steps.dataset('usage')}) WHERE {known}", scope.until)
        steps.keep("observed", f"SELECT max(occurred_at) AS until FROM ({usage})")
    else:
        query = GROWN.format(steps.dataset("snapshot"))
        steps.keep("peers", f"SELECT * FROM ({query}) WHERE customer_id NOT IN (FROM scope)")
        newest = "NULL" if scope.observed is None else str(scope.observed)
        steps.keep("observed", f"SELECT {newest}::BIGINT AS until")


def organisations(steps: Steps) -> bool:
    """Whether one is or was in scope."""
    kinds = "SELECT kind FROM parties UNION ALL SELECT kind FROM steward UNION ALL SELECT kind FROM last_snapshot"
    return bool(steps.rows(f"SELECT count(*) FROM ({kinds}) WHERE kind = 'organisation'")[0][0])


def _no_peers() -> pa.Table:
    return pa.schema([("customer_id", pa.string()), ("industry", pa.string()), ("growth", pa.int64())]).empty_table()


def _until(query: str, until: int | None) -> str:
    return query if until is None else f"SELECT * FROM ({query}) WHERE recorded_at <= {until}"


def _consents(store: Store, steps: Steps, lake: str, until: int | None, records: set[str] | None) -> None:
    """The relation `consent_rows`: the lake's, and those recorded here, one for each record they speak of.

    The clock may be turned back between two words recorded here. A withdrawal counts after every word that was
    recorded before it, whatever the clock said, and after every word from a file that was loaded by then and
    whose own date lies ahead; a consent given must also be the later by the clock: nothing that was withdrawn is
    open again because of a clock.
    """
    with store.read() as session:
        events = session.exec(select(ConsentEvent).order_by(col(ConsentEvent.id))).all()
    latest: dict[tuple[str, str], int] = {}
    rows = [
        {
            "record_id": anchor,
            "evidence": event.id,
            "source": "steward",
            "recorded_at": event.decided_at,
            "purpose": event.purpose,
            "channel": event.channel,
            "status": event.status,
            "decided_at": _counts_from(event, anchor, latest),
            "wording": event.wording,
        }
        for event in events
        for anchor in event.anchors
        if (until is None or event.decided_at <= until) and (records is None or anchor in records)
    ]
    steps.put("own_consents", pa.Table.from_pylist(rows, schema=arrow_schema("consents")))
    steps.view("loaded_consents", lake)
    steps.view("consent_rows", _BOTH)


_BOTH = """
    SELECT * FROM loaded_consents UNION ALL BY NAME
    SELECT own.* REPLACE (
        CASE WHEN status = 'withdrawn' THEN greatest(decided_at, ahead) ELSE decided_at END AS decided_at
    ) FROM own_consents AS own LEFT JOIN (
        SELECT own.record_id, own.evidence, max(loaded.decided_at) AS ahead
        FROM own_consents AS own JOIN loaded_consents AS loaded USING (record_id, purpose)
        WHERE loaded.recorded_at <= own.recorded_at AND loaded.decided_at > own.recorded_at
        GROUP BY ALL
    ) USING (record_id, evidence)
"""


def _counts_from(event: ConsentEvent, anchor: str, latest: dict[tuple[str, str], int]) -> int:
    """The instant from which the word counts; `latest` remembers that of the words before, in their order."""
    before = latest.get((anchor, event.purpose), event.decided_at)
    at = max(before, event.decided_at) if event.status == "withdrawn" else event.decided_at
    latest[anchor, event.purpose] = max(before, at)
    return at
