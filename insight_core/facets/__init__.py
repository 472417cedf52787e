"""Facets: what the evidence says about a customer, one file for each, one line to add one."""

from insight_core.facets import (
    business_direction,
    community_of_interest,
    demographics,
    household,
    identity,
    life_stage,
    usage_pattern,
)
from insight_core.facets.rule import Evidence, FacetRule

FACETS: dict[str, FacetRule] = {
    name: FacetRule(name, one.derive, one.sentence, getattr(one, "READS", ()))
    for name, one in {
        "usage_pattern": usage_pattern,
        "demographics": demographics,
        "life_stage": life_stage,
        "household": household,
        "community_of_interest": community_of_interest,
        "business_direction": business_direction,
        "identity": identity,
    }.items()
}

__all__ = ["FACETS", "Evidence", "FacetRule"]
