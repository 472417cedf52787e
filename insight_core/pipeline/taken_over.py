"""Taken over: what a build of a few customers need not derive, as relations of the facets' names."""

from sqlmodel import col, select

from insight_core.catalogue import by_facet
from insight_core.facets import FACETS
from insight_core.pipeline.due import due_customers
from insight_core.pipeline.scope import Scope
from insight_core.pipeline.steps import Steps
from insight_core.records.datasets import sql_type
from insight_core.store import Store
from insight_core.store.tables import Correction

# These derive nothing for customers of another kind.
_ONLY = {"demographics": "person", "life_stage": "person", "household": "person", "business_direction": "organisation"}


# These follow from contacts and uses alone, but for stated interests.
_FROM_EVENTS = ("usage_pattern", "community_of_interest")
_INTERESTS = ("stated_interests", "stated_interests__at")
# These follow from what records say of the fields that they read.
_FROM_RECORDS = tuple(name for name, rule in FACETS.items() if rule.reads)
# And these from nothing else: a business direction is one of uses too.
_FROM_RECORDS_ALONE = tuple(name for name in _FROM_RECORDS if name != "business_direction")
_SPOKEN = ("evidence_ids", "methods", "observed", "verified")
_FIX = "fix."


def inapplicable(steps: Steps) -> set[str]:
    """The facets that nobody in scope can have, left without rows."""
    kinds = {row[0] for row in steps.rows("SELECT DISTINCT kind FROM chosen")}
    found = {facet for facet, kind in _ONLY.items() if kind not in kinds}
    for facet in found:
        columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in _columns(facet).items())
        steps.keep(facet, f"SELECT {columns} WHERE false")
    return found


def last_columns(scope: Scope) -> list[str]:
    """What is read of the last snapshot: what may be taken over, and what tells whether somebody changed."""
    facets = {
        *(() if scope.events else _FROM_EVENTS),
        *(() if scope.records else _FROM_RECORDS_ALONE),
        *(_FROM_RECORDS if scope.fixed else ()),
    }
    told = (*(() if scope.events else _INTERESTS), *(("known_at", *_SPOKEN) if scope.fixed else ()))
    taken = {_clocks(facet).get(name, name) for facet in facets for name in _columns(facet)}
    return sorted({"customer_id", "digest", "kind", *told, *taken})


def taken_over(store: Store, steps: Steps, now: int, scope: Scope) -> set[str]:
    """The facets that nothing reaches that was said since the last build, as that left them.

    Stated interests count among the interests: where they are others now, that facet is not taken over. Nor is a stage
    of life where a birthday has come since.
    """
    facets = set() if scope.records else set(_FROM_RECORDS_ALONE)
    if not scope.events:
        facets |= set(_FROM_EVENTS[:1] if _interests_differ(steps) else _FROM_EVENTS)
    touched = _touched(store, steps) if scope.fixed else None
    facets |= {facet for facet in _FROM_RECORDS if touched is not None and not touched & set(FACETS[facet].reads)}
    if "life_stage" in facets and due_customers(store, now, [row[0] for row in steps.rows("FROM scope")]):
        facets.remove("life_stage")
    for facet in facets:
        columns = ", ".join(f"{_clocks(facet).get(name, name)} AS {name}" for name in _columns(facet))
        steps.keep(facet, f"SELECT {columns} FROM last_snapshot WHERE {facet}__count IS NOT NULL")
    return facets


def _touched(store: Store, steps: Steps) -> set[str] | None:
    """The fields of the fixes that came, went or lapsed since the last build; None when other records did."""
    came = f"SELECT customer_id, unnest(list_zip({', '.join(_SPOKEN)})) AS told FROM"
    new, old = f"{came} chosen", f"{came} last_snapshot"
    query = f"SELECT DISTINCT told[1] FROM (({new} EXCEPT {old}) UNION ALL ({old} EXCEPT {new}))"
    records = [row[0].rpartition(".")[0] for row in steps.rows(query)]
    if not all(one.startswith(_FIX) for one in records):
        return None
    changes = [one.removeprefix(_FIX) for one in records]
    with store.read() as session:
        fields = set(session.exec(select(Correction.field).where(col(Correction.change).in_(changes))))
    moved = "SELECT count(*) FROM chosen AS c JOIN last_snapshot AS s USING (customer_id) WHERE {} IS DISTINCT FROM {}"
    return fields | ({"known_at"} if steps.rows(moved.format("c.known_at", "s.known_at"))[0][0] else set())


def _interests_differ(steps: Steps) -> bool:
    told = " OR ".join(f"c.{name} IS DISTINCT FROM s.{name}" for name in _INTERESTS)
    query = f"SELECT count(*) FROM chosen AS c LEFT JOIN last_snapshot AS s USING (customer_id) WHERE {told}"
    return bool(steps.rows(query)[0][0])


def _clocks(facet: str) -> dict[str, str]:
    """What the snapshot calls the clock and the count of a facet."""
    return {"derived_at": f"{facet}__at", "evidence_count": f"{facet}__count"}


def _columns(facet: str) -> dict[str, str]:
    """The columns that deriving the facet gives, with DuckDB's types."""
    computed = {one.name: sql_type(one) for one in by_facet(facet) if one.origin != "asserted"}
    return {"customer_id": "VARCHAR"} | computed | {"derived_at": "BIGINT", "evidence_count": "BIGINT"}
