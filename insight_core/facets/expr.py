"""Exact expressions that DuckDB and Spark evaluate alike.

Divisions floor. They are exact while the scaled numerator stays below 2**53, and the same on
both engines beyond. Nothing here depends on the order of rows or on a session's time zone.
"""

import ibis
from ibis import Deferred
from ibis.expr.types import ArrayValue, BooleanValue, DateValue, IntegerColumn, IntegerValue, StringValue, Table

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
# Ten digits whatever is taken off, so that sorting as text is sorting as numbers.
_RANKED = 9_999_999_999


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


def unescaped(text: StringValue) -> StringValue:
    """What stands between the quotes of a JSON string, as text."""
    return text.replace('\\"', '"').replace("\\\\", "\\")


def ranked(item: StringValue, strength: IntegerValue) -> StringValue:
    """The item behind ten digits that sort stronger ones first: what `json_array` collects."""
    return (_RANKED - strength).cast("string") + item


def json_array(collected: ArrayValue, top: int) -> StringValue:
    """The `top` strongest of collected `ranked` items as a JSON array; equals in the items' own order."""
    items = collected.sort()[:top].map(lambda text: text.substr(10))
    return ibis.literal("[") + items.join(", ") + ibis.literal("]")


def counted(name: StringValue, count: IntegerValue, keys: tuple[str, str] = ("name", "count")) -> StringValue:
    """A JSON object of a name and a count."""
    head, middle = f'{{"{keys[0]}": ', f', "{keys[1]}": '
    return ibis.literal(head) + quoted(name) + ibis.literal(middle) + count.cast("string") + ibis.literal("}")
