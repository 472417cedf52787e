"""Exact expressions that DuckDB and Spark evaluate alike.

Divisions floor. They are exact while the scaled numerator stays below 2**53, and the same on
both engines beyond. Nothing here depends on the order of rows or on a session's time zone.
"""

import ibis
from ibis import Deferred, _
from ibis.expr.types import BooleanValue, DateValue, IntegerColumn, IntegerValue, StringValue, Table

from insight_core.catalogue import by_facet
from insight_core.records.clock import DAY
from insight_core.records.datasets import MICRO

_IBIS_TYPES = {
    "text": "string",
    "choice": "string",
    "list": "string",
    "integer": "int64",
    "money": "int64",
    "ratio": "int64",
    "instant": "int64",
    "date": "date",
    "boolean": "boolean",
}
_RANKED = 1_000_000_000


def shaped(table: Table, facet: str) -> Table:
    """The table as the facet's contract wants it: customer_id, its computed fields, derived_at, evidence_count."""
    fields = [one for one in by_facet(facet) if one.origin != "asserted"]
    types = {one.name: _IBIS_TYPES[one.type] for one in fields} | {"derived_at": "int64", "evidence_count": "int64"}
    return table.select("customer_id", **{name: table[name].cast(kind) for name, kind in types.items()})


def whole_sum(column: IntegerColumn | Deferred, where: BooleanValue | Deferred | None = None) -> IntegerValue:
    """A sum as BIGINT: DuckDB widens sums to a type that Parquet would write as floats."""
    return column.sum(where=where).cast("decimal(38, 0)").cast("int64")


def micro(numerator: IntegerValue, denominator: IntegerValue) -> IntegerValue:
    """The ratio in integers of 1e-6, rounded down; null when the denominator is zero or unknown."""
    scaled = numerator.cast("float64") * float(MICRO)
    return (scaled / denominator.nullif(0).cast("float64")).floor().cast("int64")


def day_of(seconds: IntegerValue) -> IntegerValue:
    """The UTC day of an instant, counted from 1970-01-01."""
    return seconds // DAY


def date_of(day: IntegerValue) -> DateValue:
    """The date of a day counted from 1970-01-01."""
    # A date plus days is a timestamp on DuckDB whatever Ibis believes: go there and back by name.
    return (day.as_interval("D") + ibis.date("1970-01-01")).cast("timestamp").cast("date")


def day_number(date: DateValue) -> IntegerValue:
    """The day of a date, counted from 1970-01-01."""
    return date.delta(ibis.date("1970-01-01"), unit="day").cast("int64")


def years_between(birth: DateValue, day: DateValue) -> IntegerValue:
    """Completed years from birth to day."""
    before = (day.month() * 100 + day.day()) < (birth.month() * 100 + birth.day())
    return (day.year() - birth.year()).cast("int64") - before.cast("int64")


def quoted(text: StringValue) -> StringValue:
    """The text as a JSON string; control characters become spaces."""
    escaped = text.re_replace(r"[\x00-\x1f]", " ").replace("\\", "\\\\").replace('"', '\\"')
    return ibis.literal('"') + escaped + ibis.literal('"')


def json_list(table: Table, item: StringValue, strength: IntegerValue, name: str, top: int) -> Table:
    """Per customer a JSON array of items, strongest first and equals in the items' own order.

    `item` is JSON text; items beyond `top` are left out. The result has customer_id and `name`.
    """
    # The rank goes in front of the text, so that sorting texts sorts by it on every engine.
    rank = (_RANKED - strength).cast("string").lpad(10, "0")
    listed = table.select("customer_id", item_=rank + item).group_by("customer_id").agg(listed_=_.item_.collect())
    items = listed.listed_.sort()[:top].map(lambda text: text.substr(10))
    return listed.select("customer_id", **{name: ibis.literal("[") + items.join(", ") + ibis.literal("]")})


def counted(name: StringValue, count: IntegerValue, keys: tuple[str, str] = ("name", "count")) -> StringValue:
    """A JSON object of a name and a count."""
    head, middle = f'{{"{keys[0]}": ', f', "{keys[1]}": '
    return ibis.literal(head) + quoted(name) + ibis.literal(middle) + count.cast("string") + ibis.literal("}")
