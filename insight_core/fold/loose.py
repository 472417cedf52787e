"""Loose: parts of a whole that do not go with what was chosen of it."""

import ibis
from ibis import Table

from insight_core.catalogue import Field, wholes
from insight_core.fold.alike import any_of, differ


def loose(versions: Table, chosen: Table) -> Table:
    """For customers with more than one row: customer_id and a boolean `f__loose` per part of a whole.

    A chosen part is loose when the row that gave it says of another part what was not chosen, which
    only a steward's word on that part alone brings about; an unknown one when it is told all the
    same, of another such whole.
    """
    parts = [one for some in wholes().values() for one in some]
    pairs = _pairs(versions.filter(~versions.alone), chosen, parts)
    contradicts = {whole: _contradicts(pairs, some) for whole, some in wholes().items()}
    pairs = pairs.mutate(**{f"{whole}__contradicts": told for whole, told in contradicts.items()})
    return pairs.group_by("customer_id").aggregate(
        **{f"{one.name}__loose": _is_loose(pairs, one).any() for one in parts}
    )


def _pairs(rows: Table, chosen: Table, parts: list[Field]) -> Table:
    """Every row with what was chosen, and from which place, beside it."""
    fixed = any_of((chosen[f"{one.name}__source"] == "steward").fill_null(False) for one in parts)
    winners = chosen.select(
        customer_id=chosen.customer_id,
        fixed=fixed,
        **{f"{one.name}__won": chosen[one.name] for one in parts},
        **{f"{one.name}__from": chosen[f"{one.name}__pos"] for one in parts},
    )
    return rows.select("customer_id", "pos", *(one.name for one in parts)).inner_join(winners, "customer_id")


def _contradicts(pairs: Table, parts: tuple[Field, ...]) -> ibis.Value:
    """Whether the row says of a part what was not chosen; asked only where a steward may have brought that about."""
    otherwise = any_of(differ(one, pairs[one.name], pairs[f"{one.name}__won"]) for one in parts)
    return pairs.fixed.ifelse(otherwise, False)


def _is_loose(pairs: Table, part: Field) -> ibis.Value:
    gave = (pairs.pos == pairs[f"{part.name}__from"]).fill_null(False)
    untold = pairs[part.name].notnull() & pairs[f"{part.name}__won"].isnull()
    return (gave & pairs[f"{part.part_of}__contradicts"]) | untold
