"""Build: resolve who is who, fold the evidence, derive the facets, and put the profiles in the store."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any, NamedTuple

from insight_core.pipeline.changed import changed_since, spoken_since
from insight_core.pipeline.dirty import dirty_files
from insight_core.pipeline.due import (
    count_customers,
    due_customers,
    evidence_seen,
    keep_seen,
    last_observed,
    last_seen,
)
from insight_core.pipeline.engines import check_engine, opened
from insight_core.pipeline.known_keys import all_anew
from insight_core.pipeline.linked import Linked
from insight_core.pipeline.load import staging
from insight_core.pipeline.make import STEPS, make
from insight_core.pipeline.peers import compared_anew
from insight_core.pipeline.scope import Scope
from insight_core.pipeline.steps import Steps
from insight_core.pipeline.write_profiles import torn, write_profiles
from insight_core.records.datasets import DATASETS
from insight_core.records.progress import Progress
from insight_core.records.results import BuildReport
from insight_core.store import Store, beside
from insight_core.store.buckets import BUILT
from insight_core.store.database import Waiting

_TURN = "profiles"


@contextmanager
def alone(store: Store, what: str, waiting: Waiting, patience: float | None = None) -> Iterator[None]:
    """The turn to write profiles, so that nobody's older look overwrites a newer one.

    Raises Busy when another keeps it too long.
    """
    with store.turn(what, waiting, _TURN, patience):
        yield


def build(store: Store, now: int, full: bool, progress: Progress, engine: str = "duckdb") -> BuildReport:
    """Bring every profile up to date with the evidence and the clock.

    Only those are looked at whom something reaches that was loaded, taken back, fixed or fell due
    since the last build; `full` computes everything again all the same. Fixes and consents that
    arrive while it computes are shown at once, and looked at again when it has written. The engine
    is for builds that look at everybody: few are no work for a cluster. Raises NotFound for an
    engine that is not known, and Refused for one that is not installed.
    """
    check_engine(engine)
    waiting = partial(_waits, progress)
    with alone(store, "a build", waiting):
        before, seen, dirty, whole = last_seen(store), evidence_seen(store), dirty_files(store), _whole(store)
    if not full and whole and seen == before and not dirty and not due_customers(store, now):
        return BuildReport(count_customers(store), 0, 0.0, 0, {})
    with staging(store) as folder:
        steps = Steps(store, folder, progress, STEPS)
        steps.timed("sort in", lambda: _sort_in(store, steps.con))
    for _, damage in store.lake.broken(DATASETS) if full else ():
        raise damage  # a changed byte need not show while it is read
    scope = None
    if whole and not full and before is not None:
        with staging(store) as folder:
            steps = Steps(store, folder, progress, STEPS, few=True)
            scope = changed_since(store, steps, now, before, seen)
    with _made(store, now, scope, progress, engine) as made, alone(store, "a build", waiting):
        spoken = spoken_since(store, seen)
        # nothing of what was taken out stays in a row that counts no more
        report = _written(store, made, now, 0 if dirty else beside.MOST, _owners(store, spoken))
        if late := _owners(store, spoken):
            rebuild(store, now, late, progress)
        observed = scope.observed if scope else made.steps.rows("SELECT until FROM observed")[0][0]
        keys = scope.keys if scope else all_anew(store, made.steps)
    keep_seen(store, seen, observed, dirty, keys)
    store.lake.sweep()
    return report


def rebuild(store: Store, now: int, customers: Sequence[str], progress: Progress) -> BuildReport:
    """The same for a few customers and who lives with them, after a correction or consent of theirs.

    The caller has the turn to write profiles.
    """
    scope = Scope(tuple(customers), observed=last_observed(store), events=False, fixed=True)
    with _made(store, now, scope if _whole(store) else None, progress) as made:
        return _written(store, made, now, beside.ANY)


class _Made(NamedTuple):
    """What a build has computed and not written yet."""

    steps: Steps
    scope: Scope | None
    started: float


@contextmanager
def _made(store: Store, now: int, scope: Scope | None, progress: Progress, engine: str = "duckdb") -> Iterator[_Made]:
    started = perf_counter()
    with staging(store) as folder, opened(engine, store, folder, progress, STEPS, few=scope is not None) as steps:
        make(store, steps, now, scope)
        others = compared_anew(steps) if scope else []
        if scope and others:
            scope = replace(scope, customers=(*scope.customers, *others))
            make(store, steps, now, scope)
        yield _Made(steps, scope, started)


def _written(store: Store, made: _Made, now: int, most: float, late: Sequence[str] = ()) -> BuildReport:
    steps = made.steps
    customers, changed = steps.timed("write", lambda: write_profiles(store, steps, now, most, late))
    unattached = _unattached(steps) if made.scope is None else made.scope.unattached
    return BuildReport(customers, changed, round(perf_counter() - made.started, 3), unattached, steps.seconds)


def _whole(store: Store) -> bool:
    """Whether there is something whole to change a part of."""
    return not torn(store) and all(store.lake.listed(name) for name in BUILT)


def _owners(store: Store, records: Sequence[str]) -> list[str]:
    """Whose these records are now."""
    return sorted(set(Linked(store).of_records(records).values()))


def _waits(progress: Progress, told: str) -> None:
    progress(told, 0, None)


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
