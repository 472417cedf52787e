"""Taken over: what a build of a few customers need not derive, as relations of the facets' names."""

from insight_core.catalogue import by_facet
from insight_core.pipeline.scope import buckets
from insight_core.pipeline.steps import Steps
from insight_core.records.datasets import sql_type

# These derive nothing for customers of another kind.
_ONLY = {"demographics": "person", "life_stage": "person", "household": "person", "business_direction": "organisation"}


def inapplicable(steps: Steps) -> set[str]:
    """The facets that nobody in scope can have, left without rows."""
    kinds = {row[0] for row in steps.rows("SELECT DISTINCT kind FROM chosen")}
    found = {facet for facet, kind in _ONLY.items() if kind not in kinds}
    for facet in found:
        columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in _columns(facet).items())
        steps.keep(facet, f"SELECT {columns} WHERE false")
    return found


def taken_over(steps: Steps) -> set[str]:
    """The facets that follow from contacts and uses alone, as the last build left them.

    Stated interests count among the interests: where they are others now, that facet is not taken over.
    """
    listed = steps.dataset("snapshot", buckets(row[0] for row in steps.rows("FROM scope")))
    steps.view("last_snapshot", f"SELECT * FROM ({listed}) WHERE customer_id IN (FROM scope)")
    facets = {"usage_pattern"} if _interests_differ(steps) else {"usage_pattern", "community_of_interest"}
    for facet in facets:
        clocks = {"derived_at": f"{facet}__at", "evidence_count": f"{facet}__count"}
        columns = ", ".join(f"{clocks.get(name, name)} AS {name}" for name in _columns(facet))
        steps.keep(facet, f"SELECT {columns} FROM last_snapshot WHERE {facet}__count IS NOT NULL")
    return facets


def _interests_differ(steps: Steps) -> bool:
    told = " OR ".join(f"c.{name} IS DISTINCT FROM s.{name}" for name in ("stated_interests", "stated_interests__at"))
    query = f"SELECT count(*) FROM chosen AS c LEFT JOIN last_snapshot AS s USING (customer_id) WHERE {told}"
    return bool(steps.rows(query)[0][0])


def _columns(facet: str) -> dict[str, str]:
    """The columns that deriving the facet gives, with DuckDB's types."""
    computed = {one.name: sql_type(one) for one in by_facet(facet) if one.origin != "asserted"}
    return {"customer_id": "VARCHAR"} | computed | {"derived_at": "BIGINT", "evidence_count": "BIGINT"}
