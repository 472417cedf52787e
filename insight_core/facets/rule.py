"""What a facet is: a derivation from evidence and a sentence made from its facts."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import ibis

Values = Mapping[str, Any]


class Evidence(NamedTuple):
    """The tables that facets read; the same names on every engine.

    folded        one row per customer: the winning value of every asserted field, `<field>__at`, `known_at`
    versions      every party record as asserted: customer_id, record_id, evidence, source, observed_at, fields
    interactions  contacts: customer_id, what the dataset tells of them, counterpart_customer
    usage         orders and use: customer_id, record_id, the dataset's columns, category filled in
    market        figures: scope, key, figure, value, label, as_of, source, licence
    clock         one row with `today`, the day that the build brings profiles up to
    peers         organisations that are not in `folded`, to compare with: customer_id, industry, growth
    observed      one row with `until`, the newest use in the whole base; null when `usage` has the whole base
    """

    folded: ibis.Table
    versions: ibis.Table
    interactions: ibis.Table
    usage: ibis.Table
    market: ibis.Table
    clock: ibis.Table
    peers: ibis.Table | None = None
    observed: ibis.Table | None = None


class FacetRule(NamedTuple):
    """One facet.

    `derive` gives customer_id, the facet's computed fields, derived_at (epoch seconds of the
    newest evidence, null when undated) and evidence_count, only for customers of whom it can
    say something; None when nothing of the facet is computed. `sentence` reads presented
    values (money and ratios as numbers, dates and instants as such, None for unknown). `reads` are
    the fields, and `known_at`, that a facet follows from beside market figures and, for business
    direction, uses; it is empty where no party record counts, or only for who is meant.
    """

    name: str
    derive: Callable[[Evidence], ibis.Table | None]
    sentence: Callable[[Values, datetime], str]
    reads: tuple[str, ...] = ()
