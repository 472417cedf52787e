"""Which fields make sense for whom, and whose absence is a gap."""

from functools import lru_cache

import ibis.expr.types as ir

from insight_core.catalogue import Field, field
from insight_core.quality.bounced import BOUNCES

PERSON, ORGANISATION = "person", "organisation"

_PERSONS_ONLY = frozenset({"demographics", "life_stage", "household"})
_ORGANISATIONS_ONLY = frozenset({"business_direction"})
_PERSON_NAMES = frozenset({"name_prefix", "given_name", "middle_name", "family_name", "name_suffix"})

# Many people have no middle name, no complaint, no message that came back and no need of help: where nothing is
# known, nothing is missing.
OPTIONAL = frozenset(
    {
        "name_prefix",
        "middle_name",
        "name_suffix",
        "accessibility_need",
        "last_complaint_at",
        *BOUNCES.values(),
        "last_life_event",
        "last_life_event_on",
    }
)


def kinds_of(one: Field) -> tuple[str, ...]:
    """The kinds of customer for which a field makes sense."""
    if one.facet in _PERSONS_ONLY or one.name in _PERSON_NAMES:
        return (PERSON,)
    if one.facet in _ORGANISATIONS_ONLY or one.name == "organisation_name":
        return (ORGANISATION,)
    return (PERSON, ORGANISATION)


@lru_cache(maxsize=1024)
def applies(name: str, kind: str | None) -> bool:
    """Whether a field makes sense for a kind of customer.

    While the kind is unknown (None), only the identity fields that fit both kinds do.
    Raises NotFound for a field that is not in the catalogue.
    """
    one = field(name)
    return _fits_unknown(one) if kind is None else kind in kinds_of(one)


def expected(name: str, kind: str | None) -> bool:
    """Whether a gap in the field counts: it applies, and everybody of that kind has something to tell."""
    return name not in OPTIONAL and applies(name, kind)


def applies_expr(name: str, kind: ir.StringValue) -> ir.BooleanValue:
    """`applies` over a column of kinds; never null."""
    one = field(name)
    known = kind.isin(kinds_of(one))
    return known.fill_null(_fits_unknown(one))


def _fits_unknown(one: Field) -> bool:
    return one.facet == "identity" and len(kinds_of(one)) == 2
