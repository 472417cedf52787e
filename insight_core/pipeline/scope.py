"""Scope: which customers a build must look at when only a few have changed.

A profile depends on its own records and events, its household on whoever lives at the same
street now. So the scope of a change is the customers named and whoever now lives at a street
that any of their evidence tells, or that they lived at when they were last built: wherever the
change moves them to or from, the whole street is there.

For a past moment it is everybody who was ever told to live at one of those streets, and with an
organisation all organisations.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import ibis
from ibis import Table

from insight_core.facets.address import street_key
from insight_core.pipeline.known_keys import Listing
from insight_core.pipeline.steps import Steps
from insight_core.store.buckets import bucket_of


@dataclass(frozen=True, slots=True)
class Scope:
    """The customers to look at, and the instant up to which evidence counts (None: all of it).

    `observed` is the newest use in the whole base. `relinked` is what resolving anew has changed:
    links by record, None for a record that is gone. Without `events` contacts and uses are as
    they were at the last build, and without `records` all else is, but for ages: what follows from those alone is
    taken over. Where all that came are things `fixed`, so is what follows from other fields. `keys` are to be
    listed when all is built; None where those that are there are not whole. `unattached` counts the events that came
    and are about nobody's record.
    """

    customers: tuple[str, ...]
    until: int | None = None
    observed: int | None = None
    events: bool = True
    records: bool = True
    fixed: bool = False
    relinked: Mapping[str, tuple[str | None, ...] | None] = field(default_factory=dict)
    keys: Listing | None = None
    unattached: int = 0


def told_places(parties: Table, steward: Table) -> Table:
    """The places, as opaque keys, that party rows and corrections tell."""
    streets = ibis.union(parties.select("street"), steward.select("street")).filter(lambda t: t.street.notnull())
    return _keyed(streets.distinct()).select("place").distinct()


def places(versions: Table, chosen: Table) -> Table:
    """customer_id, place and whether it is the present one: everywhere that a customer was told to live."""
    told = versions.select("customer_id", "street").filter(lambda t: t.street.notnull()).distinct()
    beside = told.left_join(chosen.select("customer_id", now=chosen.street), "customer_id")
    keyed = beside.select("customer_id", "street", present=(beside.street == beside.now).fill_null(False))
    streets = _keyed(told.select("street").distinct())
    joined = keyed.join(streets, "street").filter(lambda t: t.place.notnull())
    return joined.group_by("customer_id", "place").agg(present=joined.present.any())


def _keyed(streets: Table) -> Table:
    key = street_key(streets.street)
    return streets.select("street", place=key.hexdigest("md5").substr(0, 16))


def neighbours(steps: Steps, scope: Scope) -> list[str]:
    """Who else has to be looked at; reads the relations scope, parties and steward of the customers named."""
    if not steps.known("places"):
        return []  # built by an older release
    steps.run("told_places", told_places, "parties", "steward")
    listed = steps.dataset("places")
    present = "" if scope.until is not None else "AND present"
    left = steps.dataset("places", buckets(scope.customers))
    return [
        row[0]
        for row in steps.rows(f"""
            SELECT DISTINCT customer_id FROM ({listed}) WHERE customer_id NOT IN (FROM scope) {present} AND place IN (
                FROM told_places UNION ALL
                SELECT place FROM ({left}) WHERE present AND customer_id IN (FROM scope))
        """)
    ]


def buckets(ids: Iterable[str]) -> set[int]:
    """The buckets in which these ids lie."""
    return {bucket_of(one) for one in ids}
