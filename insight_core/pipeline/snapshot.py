"""The snapshot: every customer in one wide row, for set-based readers."""

from collections.abc import Iterable

import ibis
from ibis import Table

from insight_core.catalogue import FACETS, asserted, fields

_LISTS = ("evidence_ids", "sources", "methods", "observed", "verified")


def assemble(chosen: Table, against: Table, derived: dict[str, Table]) -> Table:
    """One row per customer.

    customer_id, kind, name; per field f: `f`, `f__at`, and for asserted fields `f__source`, `f__method`,
    `f__pos`, `f__conflict`; per derived facet `<facet>__count`; and the evidence lists.
    """
    # One chain of joins and one selection: dropping a column between joins would repeat all the others.
    wide = chosen.left_join(against, "customer_id", rname="{name}__against")
    for facet, table in derived.items():
        renamed = table.rename({f"{facet}__at": "derived_at", f"{facet}__count": "evidence_count"})
        wide = wide.left_join(renamed, "customer_id", rname=f"{{name}}__{facet}")
    columns: dict[str, ibis.Value] = {"customer_id": wide.customer_id, "name": _name(wide)}
    for one in fields():
        columns[one.name] = wide[one.name]
        columns[f"{one.name}__at"] = _clock(wide, one.name, one.facet, one.origin)
    for one in asserted():
        columns |= {f"{one.name}__{what}": wide[f"{one.name}__{what}"] for what in ("source", "method", "pos")}
        columns[f"{one.name}__conflict"] = wide[f"{one.name}__conflict"].fill_null(False)
    for facet in FACETS:
        if facet in derived:
            columns |= {f"{facet}__at": wide[f"{facet}__at"], f"{facet}__count": wide[f"{facet}__count"]}
    return wide.select(**columns, **{name: wide[name] for name in (*_LISTS, "known_at")})


def telling(columns: Iterable[str]) -> list[str]:
    """Those of a snapshot's columns that tell its rows apart.

    When a field was told, by which source and how follows from its place in the lists; when it was derived, from its
    facet's clock.
    """
    followed = ("__source", "__method", "__at")
    return [name for name in columns if name.removesuffix("__at") in FACETS or not name.endswith(followed)]


def _clock(wide: Table, name: str, facet: str, origin: str) -> ibis.Value:
    if origin == "asserted":
        return wide[f"{name}__at"]
    return wide[name].notnull().ifelse(wide[f"{facet}__at"], ibis.null("int64"))


def _name(wide: Table) -> ibis.Value:
    person = (wide.given_name.fill_null("") + " " + wide.family_name.fill_null("")).strip().nullif("")
    return ibis.coalesce(
        (wide.kind == "organisation").ifelse(wide.organisation_name, person), wide.organisation_name, person
    )
