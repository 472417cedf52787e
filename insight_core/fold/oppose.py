"""Oppose: which winning values another record, still young enough to count, speaks against."""

import ibis
from ibis import Table

from insight_core.catalogue import Field, asserted
from insight_core.fold.alike import differ
from insight_core.fold.loose import loose
from insight_core.records.clock import DAY


def oppose(versions: Table, chosen: Table) -> Table:
    """For customers with more than one row: customer_id and a boolean `f__conflict` per asserted field.

    A field is in conflict when the newest row of another record states another value that is not
    more than one half-life older than the winner; text is compared without case and outer blanks,
    a telephone number by its digits. A steward's word settles a conflict. What is loose (see there)
    is in conflict with the rest of its whole.
    """
    apart = loose(versions, chosen)
    beside = apart.left_join(_opposed(versions, chosen), "customer_id", rname="{name}__opposed")
    against = {one.name: beside[f"{one.name}__opposed"].fill_null(False) for one in asserted()}
    against |= {one.name: against[one.name] | beside[f"{one.name}__loose"] for one in asserted() if one.part_of}
    return beside.select("customer_id", **{f"{name}__conflict": told for name, told in against.items()})


def _opposed(versions: Table, chosen: Table) -> Table:
    """For customers with more than one record: customer_id and a boolean `f__opposed` per asserted field."""
    rows = versions.filter(versions.current & (versions.source != "steward"))
    several = rows.group_by("customer_id").aggregate(records=rows.count()).filter(lambda t: t.records > 1)
    names = [one.name for one in asserted()]
    winners = chosen.select(
        customer_id=chosen.customer_id,
        **{f"{name}__won": chosen[name] for name in names},
        **{f"{name}__{what}": chosen[f"{name}__{what}"] for name in names for what in ("at", "method")},
    )
    pairs = rows.semi_join(several, "customer_id").inner_join(winners, "customer_id")
    return pairs.group_by("customer_id").aggregate(
        **{f"{one.name}__opposed": _is_opposed(pairs, one).any() for one in asserted()}
    )


def _is_opposed(pairs: Table, field: Field) -> ibis.Value:
    said_otherwise = differ(field, pairs[field.name], pairs[f"{field.name}__won"])
    against = said_otherwise & (pairs[f"{field.name}__method"] != "corrected")
    if field.half_life_days is None:
        return against.fill_null(False)
    oldest = pairs[f"{field.name}__at"] - field.half_life_days * DAY
    return (against & (pairs["at"] >= oldest).fill_null(True)).fill_null(False)
