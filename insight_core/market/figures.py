"""Area and industry figures beside the customers they are about, with source, licence and as-of date.

A figure belongs to a customer when its key equals one of the customer's keys, read without
case, spaces and punctuation. The most specific key wins (for areas: postal code, then "city,
region", then region; for industries: name, then code); within a key the newest `as_of`, then
the source, the value and the label, so that no tie is left.
"""

from typing import Literal

import ibis
from ibis import _
from ibis.expr.types import StringValue, Table

from insight_core.market.matching import first_rows, plain

Scope = Literal["area", "industry"]

_FIGURE = ("figure", "value", "label", "as_of", "source", "licence")
_ZIP_AND_FOUR = r"^\d{5}-?\d{4}\z"


def figures_of(customers: Table, market: Table, scope: Scope) -> Table:
    """The figures of a scope that apply to each customer.

    Takes customers with customer_id and postal_code, city, region (areas) or industry,
    industry_code (industries); gives customer_id, figure, value, label, as_of, source, licence,
    one row per customer and figure.
    """
    keys = _distinct_keys(_area_keys(customers) if scope == "area" else _industry_keys(customers))
    best = _newest(market.filter(market.scope == scope).mutate(key=plain(market.key)))
    matched = keys.join(best, "key").select("customer_id", "specific", *_FIGURE)
    return first_rows(matched, ["customer_id", "figure"], ["specific"]).select("customer_id", *_FIGURE)


def _area_keys(customers: Table) -> Table:
    postal = customers.postal_code
    short = ibis.ifelse(postal.re_search(_ZIP_AND_FOUR), postal.substr(0, 5), ibis.null("string"))
    return _keys(customers, [postal, short, customers.city + ibis.literal(",") + customers.region, customers.region])


def _industry_keys(customers: Table) -> Table:
    return _keys(customers, [customers.industry, customers.industry_code])


def _keys(customers: Table, candidates: list[StringValue]) -> Table:
    parts = [
        customers.select("customer_id", key=plain(one), specific=ibis.literal(rank, "int64"))
        for rank, one in enumerate(candidates)
    ]
    return ibis.union(*parts).filter(_.key.notnull())


def _distinct_keys(keys: Table) -> Table:
    return keys.group_by("customer_id", "key").agg(specific=_.specific.min())


def _newest(market: Table) -> Table:
    known = market.filter(market.value.notnull() | market.label.notnull())
    undated = ibis.date("0001-01-01")
    order = [ibis.coalesce(known.as_of, undated).desc(), known.source, known.value, known.label, known.licence]
    return first_rows(known, ["key", "figure"], order)
