"""Make: everything that a build computes, as named relations; nothing here is written to the store."""

from functools import partial

from ibis import Table

from insight_core.catalogue import by_facet
from insight_core.facets import FACETS, Evidence
from insight_core.fold import choose, consent_states, oppose, party_versions
from insight_core.pipeline.gather import gather_all, gather_around, gather_events, gather_few, no_events
from insight_core.pipeline.scope import Scope, places
from insight_core.pipeline.snapshot import assemble
from insight_core.pipeline.steps import Steps
from insight_core.pipeline.taken_over import inapplicable, taken_over
from insight_core.store import Store

DERIVED = tuple(name for name in FACETS if any(one.origin != "asserted" for one in by_facet(name)))
STEPS = 10 + len(DERIVED)
_EVIDENCE = ("chosen", "versions", "interactions", "usage", "market", "peers", "observed")


def make(store: Store, steps: Steps, now: int, scope: Scope | None = None) -> None:
    """The relations `snapshot`, `links`, `consents`, `places` and `due`.

    Without a scope everybody is looked at and records are resolved anew; with one, only its
    customers and their neighbours, with the links as they are or, for a past moment, as they were.
    """
    if scope is None:
        gather_all(store, steps, now)
    else:
        steps.timed("gather", lambda: gather_few(store, steps, now, scope))
    steps.run("versions", party_versions, "parties", "references", "links", "steward")
    steps.run("chosen", choose, "versions")
    steps.run("opposed", oppose, "versions", "chosen")
    there = _already_there(store, steps, scope) if scope else set()
    steps.untouched = _untouched(scope, there)
    for name in DERIVED:
        if name not in there:
            steps.run(name, partial(_derive, name), *_EVIDENCE)
    steps.run("snapshot", _assemble, "chosen", "opposed", *DERIVED, once=True)
    if "places" not in steps.untouched:
        steps.run("places", places, "versions", "chosen")
    steps.run("consents", consent_states, "consent_rows", "links")


def _already_there(store: Store, steps: Steps, scope: Scope) -> set[str]:
    """Facets that need no deriving; events are read only when one of the others reads them."""
    taken = taken_over(store, steps, scope)
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
    return frozenset({"links", "places", "consent_states", "customer", *FACETS} - (set(DERIVED) - there))


def _derive(name: str, *evidence: Table) -> Table | None:
    return FACETS[name].derive(Evidence(*evidence))


def _assemble(chosen: Table, opposed: Table, *derived: Table) -> Table:
    return assemble(chosen, opposed, dict(zip(DERIVED, derived, strict=True)))
