"""Build: resolve who is who, fold the evidence, derive the facets, and put the profiles in the store."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any

from insight_core.pipeline.changed import changed_since
from insight_core.pipeline.dirty import dirty_files
from insight_core.pipeline.due import (
    count_customers,
    due_customers,
    evidence_seen,
    keep_seen,
    last_observed,
    last_seen,
)
from insight_core.pipeline.load import staging
from insight_core.pipeline.make import STEPS, make
from insight_core.pipeline.peers import compared_anew
from insight_core.pipeline.scope import Scope
from insight_core.pipeline.steps import Progress, Steps
from insight_core.pipeline.write_profiles import torn, write_profiles
from insight_core.records.datasets import DATASETS
from insight_core.records.results import BuildReport
from insight_core.store import Store, beside
from insight_core.store.lake import BUILT


def build(store: Store, now: int, full: bool, progress: Progress) -> BuildReport:
    """Bring every profile up to date with the evidence and the clock.

    Only those are looked at whom something reaches that was loaded, taken back, fixed or fell due
    since the last build; `full` computes everything again all the same.
    """
    before, seen, dirty = last_seen(store), evidence_seen(store), dirty_files(store)
    if not full and seen == before and not dirty and not due_customers(store, now) and not torn(store):
        return BuildReport(count_customers(store), 0, 0.0, 0, {})
    with staging(store) as folder:
        steps = Steps(store, folder, progress, STEPS)
        steps.timed("sort in", lambda: _sort_in(store, steps.con))
    for _, damage in store.lake.broken(DATASETS) if full else ():
        raise damage  # a changed byte need not show while it is read
    scope = None
    if not full and before is not None:
        with staging(store) as folder:
            steps = Steps(store, folder, progress, STEPS, few=True)
            scope = changed_since(store, steps, now, before, seen)
    # nothing of what was taken out stays in a row that counts no more
    report, observed = _build(store, now, scope, progress, 0 if dirty else beside.MOST)
    keep_seen(store, seen, observed, dirty)
    store.lake.sweep()
    return report


def rebuild(store: Store, now: int, customers: Sequence[str], progress: Progress) -> BuildReport:
    """The same for a few customers and who lives with them, after a correction or consent of theirs."""
    scope = Scope(tuple(customers), observed=last_observed(store), events=False)
    return _build(store, now, scope, progress, beside.ANY)[0]


def _build(
    store: Store, now: int, scope: Scope | None, progress: Progress, most: float
) -> tuple[BuildReport, int | None]:
    """The report, and the newest use in the whole base."""
    started = perf_counter()
    if torn(store) or not all(store.lake.listed(name) for name in BUILT):
        scope = None  # there is nothing whole to change a part of
    with staging(store) as folder:
        steps = Steps(store, folder, progress, STEPS, few=scope is not None)
        make(store, steps, now, scope)
        others = compared_anew(steps) if scope else []
        if scope and others:
            scope = replace(scope, customers=(*scope.customers, *others))
            make(store, steps, now, scope)
        customers, changed = steps.timed("write", lambda: write_profiles(store, steps, now, most))
        unattached = _unattached(steps) if scope is None else 0
        observed = scope.observed if scope else steps.rows("SELECT until FROM observed")[0][0]
    report = BuildReport(customers, changed, round(perf_counter() - started, 3), unattached, steps.seconds)
    return report, observed


def _sort_in(store: Store, con: Any) -> None:
    for dataset in DATASETS:
        new, old = store.lake.sort_in(con, dataset)
        if old:
            with store.write() as session:
                store.lake.relist(session, new, old)
            store.lake.unlink(old)


def _unattached(steps: Steps) -> int:
    """Events whose party record is not loaded (yet)."""
    total = 0
    for dataset in ("interactions", "usage", "consents"):
        query = f"SELECT count(*) FROM ({steps.dataset(dataset)}) ANTI JOIN links USING (record_id)"
        total += int(steps.con.execute(query).fetchall()[0][0])
    return total
