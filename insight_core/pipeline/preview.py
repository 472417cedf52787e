"""Preview: what a load would do, with nothing kept."""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import Any

from insight_core.catalogue import asserted
from insight_core.identity import alike
from insight_core.intake import Recipe, parse
from insight_core.pipeline.assertions import assert_rows, said_by
from insight_core.pipeline.kept.judge import sql
from insight_core.pipeline.load import staging
from insight_core.pipeline.samples import samples
from insight_core.quality import clock_row, told
from insight_core.records.clock import instant
from insight_core.records.progress import Progress
from insight_core.records.results import LoadPreview
from insight_core.store import Store
from insight_core.store.sql import dicts, rows_in

_SHOWN = 20
_PEOPLE = """customer_id AS record_id, '' AS source, kind, given_name, family_name, organisation_name, birth_date,
    email, phone, street, postal_code, city"""
CAN_CHANGE = ("parties", "references", "market")


def preview(
    store: Store, paths: Sequence[Path], recipe: Recipe, source: str, now: int, progress: Progress
) -> LoadPreview:
    """Rows by fate: new records, known records that say something new, repeats, refusals; and what would conflict."""
    with staging(store) as folder, ExitStack() as resources:
        parsed = parse(paths, recipe, source, folder, now, progress, said_by(recipe.dataset, source))
        con = resources.enter_context(closing(parsed.engine))
        assert_rows(con, store, parsed.of_buckets, parsed.dataset, source)
        known = store.lake.paths(parsed.dataset)
        records = f"SELECT DISTINCT record_id FROM {rows_in(known)}" if known else "SELECT '' AS record_id"
        con.execute(f"CREATE OR REPLACE TEMP TABLE known_records AS {records}")
        fates = _fates(con, parsed.dataset)
        conflicts = _conflicts(con, store, source) if parsed.dataset == "parties" else []
        return LoadPreview(
            recipe=recipe.name,
            mapping=recipe.mapping,
            read=parsed.read,
            new=fates["new"],
            changed=fates["changed"],
            conflicting=len({one["record"] for one in conflicts}),
            duplicate=fates["duplicate"],
            quarantined=parsed.quarantined,
            reasons=parsed.reasons,
            sample=_sample(con),
            conflicts=conflicts[:_SHOWN],
            samples=samples(con, store, parsed, parsed.dataset in CAN_CHANGE),
            alike=_alike(con, store, parsed.dataset),
            invalid=_invalid(con, now) if parsed.dataset == "parties" else [],
        )


def _sample(con: Any) -> list[dict[str, Any]]:
    query = f"SELECT * EXCLUDE (evidence, source, bucket) FROM asserted ORDER BY file, line LIMIT {_SHOWN}"
    return dicts(con, query)


def _fates(con: Any, dataset: str) -> dict[str, int]:
    """Events are new or repeated; only a party, a reference or a figure can change."""
    changes = "record_id IN (FROM known_records)" if dataset in CAN_CHANGE else "false"
    query = f"""
        SELECT count(*) FILTER (fate = 'new' AND NOT ({changes})) AS "new",
               count(*) FILTER (fate = 'new' AND ({changes})) AS changed,
               count(*) FILTER (fate <> 'new') AS duplicate
        FROM asserted
    """
    return dicts(con, query)[0]


def _invalid(con: Any, now: int) -> list[dict[str, Any]]:
    """What a load would take in although it breaks a rule."""
    clock = ", ".join(f"{_literal(value)} AS {name}" for name, value in clock_row(instant(now)).items())
    names = ", ".join(one.name for one in asserted())
    con.execute(f"CREATE OR REPLACE TEMP VIEW said AS SELECT {names}, kind, {clock} FROM asserted WHERE fate = 'new'")
    return told.told_of(dicts(con, sql(con, "preview-faults", told.faults, "said"))[0])


def _literal(value: int | date) -> str:
    return str(value) if isinstance(value, int) else f"DATE '{value}'"


def _alike(con: Any, store: Store, dataset: str) -> int | None:
    """About how many new records would be linked to customers known."""
    if dataset != "parties" or not store.lake.listed("snapshot"):
        return None
    new = "(FROM asserted WHERE fate = 'new' AND record_id NOT IN (FROM known_records))"
    return alike(con, new, f"(SELECT {_PEOPLE} FROM {store.lake.rows('snapshot')})")


def _conflicts(con: Any, store: Store, source: str) -> list[dict[str, Any]]:
    """Where a row contradicts what another source says of the same customer (by record, else by e-mail)."""
    if not store.lake.listed("snapshot"):
        return []
    everybody = store.lake.rows("snapshot")
    by_mail = f"""
        SELECT lower(email) AS email, min(customer_id) AS customer_id FROM {everybody}
        WHERE lower(email) IN (SELECT lower(email) FROM asserted) GROUP BY 1
    """
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE meets AS
        SELECT a.record_id, coalesce(l.customer_id, s.customer_id) AS customer_id FROM asserted AS a
        LEFT JOIN {store.lake.rows("links")} AS l ON l.record_id = a.record_id
        LEFT JOIN ({by_mail}) AS s ON s.email = lower(a.email)
        WHERE a.fate = 'new'
    """)
    # Once, for all fields: who is known is looked through a single time.
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE met AS
        SELECT a.record_id AS record, m.customer_id AS customer, {", ".join(_both(one.name) for one in asserted())}
        FROM asserted AS a JOIN meets AS m USING (record_id) JOIN {everybody} AS s USING (customer_id)
    """)
    query = " UNION ALL ".join(_differs(one.name) for one in asserted())
    return dicts(con, f"SELECT * FROM ({query}) ORDER BY field, record", [source] * len(asserted()))


def _both(name: str) -> str:
    """What is known of a field, from whom, and what the row says."""
    return f"s.{name}::VARCHAR AS {name}, s.{name}__source AS {name}__source, a.{name}::VARCHAR AS {name}__says"


def _differs(name: str) -> str:
    known, says = (f"lower(trim({one}))" for one in (name, f"{name}__says"))
    return f"""SELECT record, customer, '{name}' AS field, {name}__source AS source, {name} AS known,
        {name}__says AS says FROM met WHERE {name}__source <> ? AND {known} <> {says}"""
