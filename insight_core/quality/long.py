"""A snapshot turned long: one row per customer and field that counts for a purpose.

The rules are then written once over a handful of columns, not once per field, and the snapshot
is read once. A cell is three small numbers while it is turned; what is the same for all cells of
a field is joined afterwards.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from insight_core.catalogue import Field, fields
from insight_core.quality.applies import OPTIONAL, applies
from insight_core.quality.bounced import bounced_day_expr
from insight_core.quality.clock import Clock, clock_at
from insight_core.quality.freshness import age_days_expr
from insight_core.quality.rules import broken_expr
from insight_core.quality.state import with_states
from insight_core.quality.tenure import with_tenure_expr

Points = Mapping[str, Mapping[str, int]]

# The columns of a snapshot that are read here.
READ = frozenset(
    ["customer_id"]
    + [f"{one.name}{what}" for one in fields() for what in ("", "__at")]
    + [f"{one.name}__conflict" for one in fields() if one.origin == "asserted"]
)

# What a cell is as a number; from _BROKEN on: which rule it breaks.
_UNKNOWN, _SOUND, _OPPOSED, _BOUNCED, _BROKEN = 0, 1, 2, 3, 4


def cells(snapshot: ir.Table, points: Points, now: datetime, keep: Mapping[str, ir.Value] | None = None) -> ir.Table:
    """The cells that carry points and apply to their customer, with their states.

    `points` gives for each wanted column of points the points by field; `keep` gives more columns to make
    from the snapshot and carry along. Columns: customer_id, those of `keep` and of `points`, field, facet,
    expected, asserted, known, conflict, broken, days, half_life, micro and state.
    """
    chosen = [one.name for one in fields() if any(one.name in by_field for by_field in points.values())]
    turned = turn(snapshot, clock_at(now), {"customer_id": snapshot["customer_id"], **(keep or {})}, chosen)
    return judged(turned, ibis.memtable(field_rows(points)))


def turn(
    snapshot: ir.Table, clock: Clock, keep: Mapping[str, ir.Value], names: Iterable[str] | None = None
) -> ir.Table:
    """One row per row of the snapshot and field: what is kept, `kind`, and number, code and days of the cell."""
    snapshot = with_tenure_expr(snapshot, clock)
    wanted = [one.name for one in fields()] if names is None else list(names)
    packed = ibis.array(
        [_cell(snapshot, one, number, clock) for number, one in enumerate(fields()) if one.name in wanted]
    )
    table = snapshot.select(**keep, judged_kind=snapshot["kind"], cell=packed.unnest())
    return table.select(*keep, "judged_kind", **{name: table["cell"][name] for name in table["cell"].names})


def _cell(snapshot: ir.Table, one: Field, number: int, clock: Clock) -> ir.StructValue:
    wrong = broken_expr(snapshot, one.name, clock)
    against = snapshot[f"{one.name}__conflict"].fill_null(False) if one.origin == "asserted" else ibis.literal(False)
    code = ibis.cases(
        (snapshot[one.name].isnull(), _UNKNOWN),
        (wrong.notnull(), _BROKEN + wrong),
        (bounced_day_expr(snapshot, one.name).notnull(), _BOUNCED),
        (against, _OPPOSED),
        else_=_SOUND,
    )
    days = age_days_expr(snapshot[f"{one.name}__at"], clock.day)
    return ibis.struct(
        {"number": ibis.literal(number, "int64"), "code": code.cast("int16"), "days": days.cast("int32")}
    )


def field_rows(points: Points) -> pa.Table:
    """What is the same for all cells of a field: one row per field that carries any of the points."""
    chosen = [(n, one) for n, one in enumerate(fields()) if any(one.name in some for some in points.values())]
    columns = {
        "number": pa.array([n for n, _ in chosen], pa.int64()),
        "field": pa.array([one.name for _, one in chosen], pa.string()),
        "facet": pa.array([one.facet for _, one in chosen], pa.string()),
        "half_life": pa.array([one.half_life_days for _, one in chosen], pa.int64()),
        "expected": pa.array([one.name not in OPTIONAL for _, one in chosen], pa.bool_()),
        "asserted": pa.array([one.origin == "asserted" for _, one in chosen], pa.bool_()),
        "for_person": pa.array([applies(one.name, "person") for _, one in chosen], pa.bool_()),
        "for_organisation": pa.array([applies(one.name, "organisation") for _, one in chosen], pa.bool_()),
        "for_unknown": pa.array([applies(one.name, None) for _, one in chosen], pa.bool_()),
    }
    totals = {name: pa.array([some.get(one.name, 0) for _, one in chosen], pa.int64()) for name, some in points.items()}
    return pa.table(columns | totals)


def judged(turned: ir.Table, by_field: ir.Table) -> ir.Table:
    """The turned cells whose field carries points and applies to the kind, with what `with_states` adds."""
    every = turned.inner_join(by_field, "number")
    fits = ibis.cases(
        (every["judged_kind"] == "person", every["for_person"]),
        (every["judged_kind"] == "organisation", every["for_organisation"]),
        (every["judged_kind"].isnull(), every["for_unknown"]),
        else_=False,
    )
    table = every.filter(fits).drop("judged_kind", "for_person", "for_organisation", "for_unknown")
    return with_states(
        table.mutate(
            known=table["code"] != _UNKNOWN,
            conflict=table["code"].isin((_OPPOSED, _BOUNCED)),
            broken=ibis.ifelse(table["code"] >= _BROKEN, table["code"] - _BROKEN, ibis.null("int16")),
        ).drop("code")
    )
