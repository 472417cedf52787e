"""Versions: every party record row with its customer and its place in the order of precedence."""

import ibis
from ibis import Table

from insight_core.catalogue import METHODS, asserted

NEVER = -(2**62)  # stands for an unknown instant in an ordering: older than everything

_AREA_FIELDS = ("city", "region", "postal_code", "country")
# What is derived from contacts: their ids and where they came from would be more than half of what is written down.
_CONTACT = ("occurred_at", "channel", "direction", "topic", "outcome", "sentiment", "counterpart_id")
_NAMED = ("record_id", "evidence")
_RANKED = (*_NAMED, "method", "observed_at", "rank")


def party_versions(parties: Table, references: Table, links: Table, steward: Table) -> Table:
    """Party rows with areas filled in, `customer_id`, `at`, `alone`, `current` and `pos`.

    `at` is the newer of observed_at and verified_at, null if neither is known. `pos` counts a
    customer's evidence from 0, weakest first: method, then observed_at, then source rank, then
    record id. `current` marks the newest row of each record, `alone` one that is all there is of
    its customer. `steward` has party columns and a customer_id: corrections in force, which take
    part like any other evidence.
    """
    mine = _with_areas(parties, references).inner_join(links.select("record_id", "customer_id"), "record_id")
    rows = ibis.union(mine.select(steward.columns), steward)
    placed = rows.left_join(_places(parties, links, steward), _NAMED, rname="{name}__placed")
    return placed.select(
        *rows.columns,
        at=_newer(rows.observed_at, rows.verified_at),
        alone=placed.pos.isnull(),
        current=placed.current.fill_null(True),
        pos=placed.pos.fill_null(0),
    )


def _places(parties: Table, links: Table, steward: Table) -> Table:
    """record_id, evidence, pos and current of the evidence of every customer who has more than one.

    Whole rows are wide and most customers have one: what puts them in order is looked at alone.
    """
    mine = parties.select(_RANKED).inner_join(links.select("record_id", "customer_id"), "record_id")
    rows = ibis.union(mine, steward.select(mine.columns))
    several = rows.group_by("customer_id").agg(told=rows.count()).filter(lambda t: t.told > 1)
    some = rows.semi_join(several, "customer_id")
    newest = ibis.window(group_by=some.record_id, order_by=_newest_first(some))
    return some.select(*_NAMED, pos=_place(some), current=ibis.row_number().over(newest) == 0)


def attach_interactions(interactions: Table, links: Table) -> Table:
    """What interactions of known customers tell, with `customer_id` and the other party's `counterpart_customer`."""
    ends = links.select(counterpart_id=links.record_id, counterpart_customer=links.customer_id)
    mine = interactions.inner_join(links.select("record_id", "customer_id"), "record_id")
    joined = mine.left_join(ends, "counterpart_id")
    return joined.select("customer_id", *_CONTACT, "counterpart_customer")


def attach_usage(usage: Table, references: Table, links: Table) -> Table:
    """Usage of known customers, with the category taken from the product where the row has none."""
    products = _newest_reference(references, "product")
    named = products.select(
        source=products.source,
        product_key=products.key,
        product_category=ibis.coalesce(products.category, products.label),
    )
    mine = usage.inner_join(links.select("record_id", "customer_id"), "record_id")
    joined = mine.left_join(named, ["source", "product_key"])
    return joined.mutate(category=ibis.coalesce(joined.category, joined.product_category)).select(
        "customer_id", *usage.columns
    )


def _with_areas(parties: Table, references: Table) -> Table:
    areas = _newest_reference(references, "area")
    named = areas.select(
        source=areas.source, area_key=areas.key, **{f"area_{name}": areas[name] for name in _AREA_FIELDS}
    )
    joined = parties.left_join(named, ["source", "area_key"])
    filled = {name: ibis.coalesce(joined[name], joined[f"area_{name}"]) for name in _AREA_FIELDS}
    return joined.mutate(**filled).select(parties.columns)


def _newest_reference(references: Table, kind: str) -> Table:
    of_kind = references.filter(references.kind == kind)
    newest = ibis.window(
        group_by=[of_kind.source, of_kind.key],
        order_by=[of_kind.observed_at.fill_null(NEVER).desc(), of_kind.evidence.desc()],
    )
    return of_kind.mutate(nth=ibis.row_number().over(newest)).filter(lambda t: t.nth == 0).drop("nth")


def _newer(left: ibis.Value, right: ibis.Value) -> ibis.Value:
    return ibis.greatest(left.fill_null(NEVER), right.fill_null(NEVER)).nullif(NEVER)


def _precedence(rows: Table) -> list[ibis.Value]:
    strength = rows.method.cases(*((one.name, one.rank) for one in METHODS.values()), else_=0)
    return [strength, rows.observed_at.fill_null(NEVER), rows["rank"], rows.record_id, rows.evidence]


def _place(rows: Table) -> ibis.Value:
    window = ibis.window(group_by=rows.customer_id, order_by=_precedence(rows))
    # Spark counts rows in 32 bits whatever Ibis believes, which leaves out a cast that it takes for none.
    return ibis.row_number().over(window).cast("int32").cast("int64")


def _newest_first(rows: Table) -> list[ibis.Value]:
    return [rows.observed_at.fill_null(NEVER).desc(), rows.evidence.desc()]


def asserted_names() -> tuple[str, ...]:
    """The names of the fields that a source may assert."""
    return tuple(one.name for one in asserted())
