"""A snapshot judged: every customer in one row, every field as small numbers.

Sums over fields are then sums within a row, which costs a tenth of turning the table long and
grouping it again; `shares` adds them up. Everything depends on code and columns alone.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from insight_core.catalogue import Field, field, fields
from insight_core.quality.applies import applies_expr
from insight_core.quality.bounced import BOUNCES, bounced_day_expr
from insight_core.quality.clock import Clock, clock_in
from insight_core.quality.freshness import AGEING, FRESH, age_days_expr, freshness_expr
from insight_core.quality.rules import broken_expr
from insight_core.quality.tenure import with_tenure_expr
from insight_core.quality.worklist import matter

# What a field of a customer is as a number, null where it does not apply; from BROKEN on: which rule it breaks.
UNKNOWN, SOUND, OPPOSED, BOUNCED, BROKEN = 0, 1, 2, 3, 4

# How many days ahead the base is looked at, if nobody confirms anything.
LATER = (30, 60, 90)


def code(name: str) -> str:
    """The column that says what a field is."""
    return f"{name}__code"


def days(name: str) -> str:
    """The column with the age of its value."""
    return f"{name}__days"


def bounced(name: str) -> str:
    """The column with the day on which a message to a contact point came back, null where none speaks against it."""
    return f"{name}__bounced"


def speaks_against(what: ir.IntegerValue) -> ir.BooleanValue:
    """Whether the number says that a value breaks no rule, and that something speaks against it."""
    return what.isin((OPPOSED, BOUNCED))


def micro(name: str, ahead: int = 0) -> str:
    """The column with its freshness in 1e-6, now or so many days later; null for what does not age."""
    return f"{name}__micro{ahead or ''}"


def aged(seen: ir.Table, keep: Sequence[str], asked: Sequence[Field]) -> ir.Table:
    """Per customer what is kept, `matter`, and of the fields asked code, age and bounce; takes the clock's columns.

    Nobody asks how old a value is that neither ages nor can be confirmed.
    """
    clock = clock_in(seen)
    seen = with_tenure_expr(seen, clock)
    columns: dict[str, ir.Value] = {**{name: seen[name] for name in keep}, "matter": matter(seen, clock)}
    for one in asked:
        columns[code(one.name)] = _code(seen, one, clock)
        if one.name in BOUNCES:
            columns[bounced(one.name)] = bounced_day_expr(seen, one.name).cast("int32")
        if one.half_life_days is not None or one.origin == "asserted":
            columns[days(one.name)] = age_days_expr(seen[f"{one.name}__at"], clock.day).cast("int32")
    return seen.select(**columns)


def judged(table: ir.Table) -> ir.Table:
    """The same with the freshness of every known value that ages, now and on each of the later days."""
    left: dict[str, ir.Value] = {}
    for one in (one for one in fields() if one.half_life_days is not None and code(one.name) in table.columns):
        known = table[code(one.name)] > UNKNOWN
        half_life = ibis.literal(one.half_life_days, "int64")
        for ahead in (0, *LATER):
            fresh = freshness_expr(table[days(one.name)] + ahead, half_life).cast("int32")
            left[micro(one.name, ahead)] = ibis.ifelse(known, fresh, ibis.null("int32"))
    return table.mutate(**left)


def state(seen: ir.Table, name: str) -> ir.Table:
    """customer_id and the state of one field, null where it does not apply; takes the columns of the clock."""
    one, clock = field(name), clock_in(seen)
    seen = with_tenure_expr(seen, clock)
    half_life = ibis.literal(one.half_life_days, "int64")
    fresh = freshness_expr(age_days_expr(seen[f"{name}__at"], clock.day), half_life)
    told = seen.select("customer_id", code=_code(seen, one, clock), micro=fresh)
    lasting = ibis.literal(one.half_life_days is None)
    return told.select(
        "customer_id",
        state=ibis.cases(
            (told["code"].isnull(), ibis.null("string")),
            (told["code"] == UNKNOWN, "unknown"),
            (told["code"] >= BROKEN, "invalid"),
            (speaks_against(told["code"]), "conflicting"),
            (lasting, "fresh"),
            (told["micro"].isnull(), "undated"),
            (told["micro"] < AGEING, "stale"),
            (told["micro"] < FRESH, "ageing"),
            else_="fresh",
        ),
    )


def _code(seen: ir.Table, one: Field, clock: Clock) -> ir.IntegerValue:
    wrong = broken_expr(seen, one.name, clock)
    against = seen[f"{one.name}__conflict"].fill_null(False) if one.origin == "asserted" else ibis.literal(False)
    return ibis.cases(
        (~applies_expr(one.name, seen["kind"]), ibis.null("int32")),
        (seen[one.name].isnull(), UNKNOWN),
        (wrong.notnull(), BROKEN + wrong),
        (bounced_day_expr(seen, one.name).notnull(), BOUNCED),
        (against, OPPOSED),
        else_=SOUND,
    ).cast("int32")
