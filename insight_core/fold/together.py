"""Together: fields that are parts of one thing are chosen as one, so that nobody's address is made of two.

Of each whole that the catalogue names, the strongest record that tells any part gives all that it
tells. A part that it leaves untold comes from the next record that tells it and contradicts neither
that one nor any stronger record that does not contradict that one either. What the others say of
the whole is set aside.

So any two records that count agree in every part that both tell, and no chosen value contradicts a
record that another was taken from. The strongest record alone would be simpler, and would lose the
street whenever a newer record tells the town and no more; one record to fill the rest would lose it
where three agree. Letting in record after record would need a pass for each, and differs only where
one that could fill contradicts nothing but what is itself kept out. Where nobody contradicts
anybody each field is chosen as if it stood alone.

A steward speaks of one field and means that field: such words set nothing aside and are not set
aside themselves; `loose` says which parts then do not go with them.
"""

from collections.abc import Sequence

import ibis
from ibis import Table, _
from ibis.expr.types import BooleanValue, StringValue

from insight_core.catalogue import Field, wholes
from insight_core.fold.alike import any_of, small

_ROW = ("customer_id", "pos")
_WHOLE = ("customer_id", "whole")
_PARTS = tuple(f"part{number}" for number in range(max(len(parts) for parts in wholes().values())))


def together(versions: Table) -> Table:
    """The versions without what is set aside."""
    beside = versions.left_join(_set_aside(versions), _ROW, rname="{name}__beside")
    wholly = {part.name: beside[_aside(whole)] for whole, parts in wholes().items() for part in parts}
    kept = {name: aside.fill_null(False).ifelse(None, beside[name]) for name, aside in wholly.items()}
    return beside.select(**{name: kept.get(name, beside[name]) for name in versions.columns})


def _set_aside(versions: Table) -> Table:
    """customer_id, pos and a boolean per whole, for every row of which something does not count."""
    rows, mine = _disputed(_long(versions)), ibis.window(group_by=_WHOLE)
    stronger = ibis.window(group_by=_WHOLE, order_by=ibis.desc("pos"), rows=(None, -1))
    rows = rows.mutate(first=rows.pos == rows.pos.max().over(mine))
    rows = rows.mutate(**{_won(n): rows["first"].ifelse(rows[n], None).max().over(mine) for n in _PARTS})
    rows = rows.mutate(against=any_of(_differ(rows[n], rows[_won(n)]) for n in _PARTS))
    left = [(rows[n], rows.against.ifelse(None, rows[n])) for n in _PARTS]
    rivalled = any_of(_differ(said, end.over(stronger)) for said, other in left for end in (other.min(), other.max()))
    rows = rows.mutate(aside=rows.against | rivalled)
    return rows.filter(rows.aside).group_by(_ROW).agg(**{_aside(whole): (_.whole == whole).any() for whole in wholes()})


def _long(versions: Table) -> Table:
    """What sources say in one row per row and whole: customer_id, pos, whole and its parts as text."""
    rows = versions.filter(~versions.alone & (versions.source != "steward"))
    return ibis.union(*(_of_whole(rows, whole, parts) for whole, parts in wholes().items()))


def _of_whole(rows: Table, whole: str, parts: Sequence[Field]) -> Table:
    told = rows.filter(any_of(rows[one.name].notnull() for one in parts))
    texts = [told[one.name].cast("string") for one in parts] + [ibis.null("string")] * (len(_PARTS) - len(parts))
    return told.select(*_ROW, whole=ibis.literal(whole), **dict(zip(_PARTS, texts, strict=True)))


def _disputed(rows: Table) -> Table:
    """The rows of wholes of which not all say the same, which most customers have none of, with parts that compare."""
    ends = rows.group_by(_WHOLE).agg(differing=any_of(_differ(rows[n].min(), rows[n].max()) for n in _PARTS))
    some = rows.semi_join(ends.filter(ends.differing), _WHOLE)
    return some.select(*_ROW, "whole", **{n: small(some[n]) for n in _PARTS})


def _differ(one: StringValue, other: StringValue) -> BooleanValue:
    return (one != other).fill_null(False)


def _won(part: str) -> str:
    return f"{part}__won"


def _aside(whole: str) -> str:
    return f"{whole}__aside"
