"""Narrow: the customers of a base by place, by the source that speaks for them, by what is known of them."""

from functools import reduce
from operator import or_
from typing import Any

from ibis import Table

from insight_core.catalogue import field as catalogue_field
from insight_core.catalogue import fields
from insight_core.errors import NotFound

_STATES = ("known", "missing")
_CODE = 2  # letters of a country's code


def narrow(table: Table, query: dict[str, Any]) -> Table:
    """The table narrowed by `place`, `source`, and `field` with `state` (known or missing); takes them out of `query`.

    `place` is words of a city's or region's name; two letters are a country's code. A customer is a source's when
    the source gave one of the identity fields. Raises NotFound for a field or a state that is none.
    """
    place, source = query.pop("place", ""), query.pop("source", None)
    field, state = query.pop("field", None), query.pop("state", None) or "missing"
    for word in str(place or "").lower().split():
        part = table.city.lower().contains(word) | table.region.lower().contains(word)
        table = table.filter(table.country.lower() == word if len(word) == _CODE else part)
    if source is not None:
        table = table.filter(reduce(or_, [(table[one] == source).fill_null(False) for one in _said_by(table)]))
    if field is not None:
        if state not in _STATES:
            raise NotFound("state of a field", state, _STATES)
        value = table[catalogue_field(field).name]
        table = table.filter(value.notnull() if state == "known" else value.isnull())
    return table


def _said_by(table: Table) -> list[str]:
    names = [f"{one.name}__source" for one in fields() if one.facet == "identity" and one.origin == "asserted"]
    return [one for one in names if one in table.columns]
