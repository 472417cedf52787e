"""Scope: which customers a build must look at when only a few have changed.

A profile depends on its own records, and its household on whoever has lived at the same
address. So the scope of a change is the customers named and their neighbours at any address
that they have or had.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import ibis
from ibis import Table


@dataclass(frozen=True, slots=True)
class Scope:
    """The customers to look at, and the instant up to which evidence counts (None: all of it)."""

    customers: tuple[str, ...]
    until: int | None = None


def neighbours(versions: Table, steward: Table, customers: Iterable[str]) -> tuple[str, ...]:
    """The customers and everybody who shares an address with one of them, in any version.

    `versions` has customer_id, street, postal_code and city; `steward` the same for corrections,
    whose unset parts match anything.
    """
    named = sorted(set(customers))
    columns = ("customer_id", "street", "postal_code", "city")
    everyone = ibis.union(versions.select(*columns), steward.select(*columns)).distinct()
    places = everyone.filter(everyone.customer_id.isin(named) & everyone.street.notnull())
    streets = places.mutate(at=_plain(places.street)).select("at").distinct()
    near = everyone.filter(everyone.street.notnull()).mutate(at=lambda t: _plain(t.street)).semi_join(streets, "at")
    found = near.select("customer_id").distinct().to_pyarrow()["customer_id"].to_pylist()
    return tuple(sorted({*named, *found}))


def _plain(street: ibis.Value) -> ibis.Value:
    return street.lower().re_replace("[^a-z0-9]+", "")


def only(table: Table, customers: Iterable[str], *columns: str) -> Table:
    """The rows in which one of the columns names one of the customers."""
    named = sorted(customers)
    hit = ibis.literal(False)
    for column in columns:
        hit = hit | table[column].isin(named).fill_null(False)
    return table.filter(hit)
