"""Shapes: the tables that leave the house. What the purpose does not allow is not a column here.

Money and ratios become numbers, instants ISO text with a Z, lists stay JSON text (real JSON in a json file; in csv and
xlsx a list of codes is `email; sms`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight_core.catalogue import Field, fields


class Lazy(Protocol):
    """A table that is still to be computed, such as an Ibis expression."""

    def to_pyarrow(self) -> pa.Table: ...


Table: TypeAlias = pa.Table | pd.DataFrame | Lazy

_ISO = "strftime(make_timestamp({} * 1000000), '%Y-%m-%dT%H:%M:%SZ')"
_PRESENTED = {"money": "{} / 1000000", "ratio": "{} / 1000000", "instant": _ISO}
USED = pa.schema([("card", pa.string()), ("used_at", pa.int64())])
_JSON_MARK = {b"holds": b"json"}
_CODES_MARK = {b"holds": b"json", b"items": b"codes"}


def profiles_table(snapshot: Table, purpose: str) -> pa.Table:
    """One row per customer: customer, name, kind, then the fields that the purpose may see, in catalogue order."""
    table = _arrow(snapshot)
    shown = [
        one for one in fields() if purpose in one.weights and one.name in table.column_names and one.name != "kind"
    ]
    columns = ", ".join(f'{_presented(one)} AS "{one.name}"' for one in shown)
    made = _query(
        f"SELECT customer_id AS customer, name, kind{', ' if columns else ''}{columns} FROM given ORDER BY 1",
        given=table,
    )
    return _marked(made, tuple(one.name for one in shown if one.type == "list"))


def cards_table(cards: Table, used: pa.Table | None = None) -> pa.Table:
    """One row per card, with `confidence` and `propensity` between 0 and 1, and instants as ISO text.

    `used` says by `card` since when (`used_at`, epoch seconds) somebody acts on it; of the others that is unknown.
    """
    made = _query(
        f"""
        SELECT card, customer, name, purpose, channel, "window", tone, cadence_days, solution_set, experience,
            confidence / 1000000 AS confidence, abstained, reasons, refused, eligible,
            propensity / 1000000 AS propensity, {_ISO.format("made_at")} AS made_at, {_ISO.format("used_at")} AS used_at
        FROM given LEFT JOIN used USING (card) ORDER BY customer
        """,
        given=_arrow(cards),
        used=USED.empty_table() if used is None else used,
    )
    # A channel's code has no semicolon in it, so that nothing is lost where they are joined by some.
    return _marked(_marked(made, ("reasons", "refused")), ("eligible",), _CODES_MARK)


def audience_table(cards: Table, snapshot: Table) -> pa.Table:
    """The customers that may be contacted, with the channel, the contact point for it, and how to talk there."""
    table = _arrow(snapshot)
    known = {name: f's."{name}"' if name in table.column_names else "NULL::VARCHAR" for name in CONTACT_FIELDS}
    return _query(
        f"""
        SELECT c.customer, c.name, s.kind, c.channel, CASE c.channel
                WHEN 'email' THEN {known["email"]}
                WHEN 'sms' THEN {known["phone"]}
                WHEN 'call' THEN {known["phone"]}
                WHEN 'post' THEN concat_ws(', ', {known["street"]},
                    nullif(concat_ws(' ', {known["postal_code"]}, {known["city"]}), ''), {known["country"]})
                END AS contact_point,
            c."window", c.tone, c.cadence_days, c.solution_set, c.experience, {known["language"]} AS language, c.card
        FROM cards AS c JOIN snapshot AS s ON s.customer_id = c.customer
        WHERE c.abstained IS NULL AND c.channel IS NOT NULL ORDER BY c.customer
        """,
        cards=_arrow(cards),
        snapshot=table,
    )


def with_keys(rows: pa.Table, keys: pa.Table) -> pa.Table:
    """The rows with `keys` behind the name: under what the sources know the customer, as a list of `source:key`.

    `keys` has customer, in order, and keys (JSON). A key leads to somebody as a name does: without that it is not told
    either.
    """
    near = _near(keys, rows["customer"])
    at = pc.index_in(rows["customer"], value_set=near["customer"].combine_chunks())
    told = pc.if_else(pc.is_valid(rows["name"]), near["keys"].combine_chunks().take(at), None)
    place = rows.column_names.index("name") + 1
    return rows.add_column(place, pa.field("keys", pa.string(), metadata=_CODES_MARK), told)


def _near(keys: pa.Table, customers: pa.ChunkedArray) -> pa.Table:
    """The stretch of keys that these customers lie in: to look among all for every stretch of rows would be dear."""
    ends = pc.min_max(customers).as_py()
    if ends["min"] is None:
        return keys
    places, names = range(keys.num_rows), keys["customer"]
    first = bisect_left(places, ends["min"], key=lambda place: names[place].as_py())
    last = bisect_right(places, ends["max"], key=lambda place: names[place].as_py())
    return keys.slice(first, last - first)


CONTACT_FIELDS = ("email", "phone", "street", "postal_code", "city", "country", "language")


def _presented(one: Field) -> str:
    return _PRESENTED.get(one.type, "{}").format(f'"{one.name}"')


def _query(query: str, **tables: pa.Table) -> pa.Table:
    with duckdb.connect(":memory:", config={"enable_external_access": "false"}) as connection:
        connection.execute("SET enable_progress_bar = false")
        for name, table in tables.items():
            connection.register(name, table)
        return connection.sql(query).to_arrow_table()


def _arrow(table: Any) -> pa.Table:
    if isinstance(table, pd.DataFrame):
        return pa.Table.from_pandas(table, preserve_index=False)
    return table if isinstance(table, pa.Table) else table.to_pyarrow()


def _marked(table: pa.Table, names: tuple[str, ...], mark: Mapping[bytes, bytes] = _JSON_MARK) -> pa.Table:
    """The table, with the columns that hold JSON marked as such for the writer."""
    return table.cast(pa.schema([one.with_metadata(mark) if one.name in names else one for one in table.schema]))
