"""Make: everything that a build computes, as named relations; nothing here is written to the store."""

from functools import partial

import pyarrow as pa
from ibis import Table

from insight_core.catalogue import by_facet
from insight_core.facets import FACETS, Evidence
from insight_core.fold import choose, choose_each, consent_states, oppose, party_versions
from insight_core.pipeline.gather import attach_all, gather_all, gather_around, gather_events, gather_few, no_events
from insight_core.pipeline.scope import Scope, places
from insight_core.pipeline.snapshot import assemble
from insight_core.pipeline.steps import Steps
from insight_core.pipeline.taken_over import inapplicable, taken_over
from insight_core.records.clock import instant
from insight_core.store import Store

DERIVED = tuple(name for name in FACETS if any(one.origin != "asserted" for one in by_facet(name)))
_MANY = 20_000  # rows of evidence
STEPS = 11 + len(DERIVED)
_EVIDENCE = ("chosen", "versions", "interactions", "usage", "market", "clock", "peers", "observed")


def make(store: Store, steps: Steps, now: int, scope: Scope | None = None) -> None:
    """The relations `snapshot`, `links`, `consents`, `places` and `due`.

    Without a scope everybody is looked at and records are resolved anew; with one, only its
    customers and their neighbours, with the links as they are or, for a past moment, as they were.
    """
    steps.put("clock", pa.table({"today": pa.array([instant(now).date()], pa.date32())}))
    if scope is None:
        gather_all(store, steps, now)
        steps.side_by_side(partial(attach_all, steps), partial(_fold, steps))
    else:
        steps.timed("gather", lambda: gather_few(store, steps, now, scope))
        _fold(steps)
    there = _already_there(store, steps, now, scope) if scope else set()
    steps.untouched = _untouched(scope, there)
    derived = [partial(steps.run, name, partial(_derive, name), *_EVIDENCE) for name in DERIVED if name not in there]
    steps.side_by_side(*derived, partial(_beside, steps))
    steps.run("snapshot", _assemble, "chosen", "opposed", *DERIVED, as_view=True)


def _fold(steps: Steps) -> None:
    """The relations `versions`, `chosen` and `opposed`."""
    steps.run("versions", party_versions, "parties", "references", "links", "steward")
    _choose(steps)
    steps.run("opposed", oppose, "versions", "chosen")


def _beside(steps: Steps) -> None:
    """The relations `places` and `consents`."""
    if "places" not in steps.untouched:
        steps.run("places", places, "versions", "chosen")
    steps.run("consents", consent_states, "consent_rows", "links")


def _choose(steps: Steps) -> None:
    """The relation `chosen`; of few rows it takes longer to plan two ways than to go one."""
    if steps.few or steps.rows("SELECT count(*) FROM versions")[0][0] < _MANY:
        steps.run("chosen", choose, "versions")
        return
    steps.view("several", "FROM versions WHERE NOT alone")
    steps.run("contested", choose, "several")
    steps.run("chosen", choose_each, "versions", "contested", as_view=True)


def _already_there(store: Store, steps: Steps, now: int, scope: Scope) -> set[str]:
    """Facets that need no deriving; events are read only when one of the others reads them."""
    taken = taken_over(store, steps, now, scope)
    there = inapplicable(steps) | taken
    gather_around(steps, scope, compared="business_direction" not in taken)
    if not {"usage_pattern", "community_of_interest", "business_direction"} <= there:
        steps.timed("gather events", lambda: gather_events(store, steps, scope))
    else:
        no_events(steps)
    return there


def _untouched(scope: Scope | None, there: set[str]) -> frozenset[str]:
    """The datasets and tables with the rows of before: where records stand, all that follow from them alone."""
    if scope is None or scope.records:
        return frozenset({"links"} if scope and not scope.relinked else ())
    # with a stage of life the day on which it may turn next, which stands with the customer, is another too
    made = (set(DERIVED) - there) | ({"customer"} if "life_stage" not in there else set())
    return frozenset({"links", "places", "consent_states", "customer", *FACETS} - made)


def _derive(name: str, *evidence: Table) -> Table | None:
    return FACETS[name].derive(Evidence(*evidence))


def _assemble(chosen: Table, opposed: Table, *derived: Table) -> Table:
    return assemble(chosen, opposed, dict(zip(DERIVED, derived, strict=True)))
