"""Build: resolve who is who, fold the evidence, derive the facets, and put the profiles in the store."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any

from insight_core.pipeline.due import anything_due, count_customers, evidence_print, keep_print, last_print
from insight_core.pipeline.gather import OBSERVED
from insight_core.pipeline.load import staging
from insight_core.pipeline.make import STEPS, make
from insight_core.pipeline.scope import Scope
from insight_core.pipeline.steps import Progress, Steps
from insight_core.pipeline.write_profiles import write_profiles
from insight_core.records.datasets import DATASETS
from insight_core.records.results import BuildReport
from insight_core.store import Store
from insight_core.store.tables import Note


def build(store: Store, now: int, full: bool, progress: Progress) -> BuildReport:
    """Bring every profile up to date with the evidence and the clock.

    Nothing is done when nothing was loaded, taken back, fixed or fell due since the last build;
    `full` computes everything again all the same.
    """
    seen = evidence_print(store)
    if not full and seen == last_print(store) and not anything_due(store, now):
        return BuildReport(count_customers(store), 0, 0.0, 0, {})
    report = _build(store, now, None, progress)
    keep_print(store, seen)
    return report


def rebuild(store: Store, now: int, customers: Sequence[str], progress: Progress) -> BuildReport:
    """The same for a few customers and those who may share a household with them."""
    return _build(store, now, Scope(tuple(customers)), progress)


def _build(store: Store, now: int, scope: Scope | None, progress: Progress) -> BuildReport:
    started = perf_counter()
    with staging(store) as folder:
        steps = Steps(store, folder, progress, STEPS, few=scope is not None)
        if scope is None:
            steps.timed("sort in", lambda: _sort_in(store, steps.con))
        make(store, steps, now, scope)
        customers, changed = steps.timed("write", lambda: write_profiles(store, steps, now))
        if scope is None:
            _keep_observed(store, steps)
        unattached = _unattached(steps) if scope is None else 0
    return BuildReport(customers, changed, round(perf_counter() - started, 3), unattached, steps.seconds)


def _sort_in(store: Store, con: Any) -> None:
    for dataset in DATASETS:
        new, old = store.lake.sort_in(con, dataset)
        if old:
            with store.write() as session:
                store.lake.relist(session, new, old)
            store.lake.unlink(old)


def _keep_observed(store: Store, steps: Steps) -> None:
    """Remember the newest use in the whole base, against which organisations are judged."""
    newest = steps.rows("SELECT until FROM observed")[0][0]
    with store.write(quiet=True) as session:
        session.merge(Note(name=OBSERVED, value="NULL" if newest is None else str(newest)))


def _unattached(steps: Steps) -> int:
    """Events whose party record is not loaded (yet)."""
    total = 0
    for dataset in ("interactions", "usage", "consents"):
        query = f"SELECT count(*) FROM ({steps.dataset(dataset)}) ANTI JOIN links USING (record_id)"
        total += int(steps.con.execute(query).fetchall()[0][0])
    return total
