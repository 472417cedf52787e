"""Market figures: which of them is a customer's."""

from datetime import date

import ibis
import pyarrow as pa

from insight_core.market import figures_of

MARKET = pa.schema(
    [(name, pa.string()) for name in ("scope", "key", "figure", "label", "source", "licence")]
    + [("value", pa.int64()), ("as_of", pa.date32())]
)
CUSTOMERS = pa.schema(
    [(name, pa.string()) for name in ("customer_id", "postal_code", "city", "region", "industry", "industry_code")]
)


def income(key, value, year=2024, source="census", scope="area"):
    return dict(
        scope=scope, key=key, figure="median_income", value=value, as_of=date(year, 1, 1), source=source, licence="open"
    )


def matched(customers, market, scope="area"):
    """The figure's value by customer."""
    people = ibis.memtable(pa.Table.from_pylist(customers, schema=CUSTOMERS))
    figures = ibis.memtable(pa.Table.from_pylist(market, schema=MARKET))
    rows = ibis.duckdb.connect().to_pyarrow(figures_of(people, figures, scope)).to_pylist()
    return {row["customer_id"]: row["value"] for row in rows}


def person(customer, postal_code=None, city=None, region=None):
    return dict(customer_id=customer, postal_code=postal_code, city=city, region=region)


def test_the_postal_code_beats_the_town_and_the_town_the_region():
    market = [income("1000", 1), income("Springfield, Ohio", 2), income("OHIO", 3)]
    customers = [
        person("all", "1000", "Springfield", "Ohio"),
        person("town", "9", "springfield", "ohio"),
        person("region", None, None, "Ohio"),
        person("city alone", None, "Springfield"),
    ]
    assert matched(customers, market) == {"all": 1, "town": 2, "region": 3}


def test_keys_meet_in_spite_of_case_spaces_and_the_last_four_digits():
    market = [income("SW1A 1AA", 1), income("02138", 2)]
    customers = [person("a", "sw1a1aa"), person("b", "02138-1234"), person("c", "021381234")]
    assert matched(customers, market) == {"a": 1, "b": 2, "c": 2}


def test_the_newest_figure_wins_and_then_the_source():
    market = [income("1", 5, 2023), income("1", 6, 2025, "b"), income("1", 7, 2025, "a")]
    assert matched([person("a", "1")], market) == {"a": 7}


def test_a_figure_without_a_value_is_no_figure():
    assert matched([person("a", "1", region="X")], [income("1", None), income("X", 4)]) == {"a": 4}


def test_an_industry_is_known_by_its_name_or_its_code():
    market = [income("Toys & Games", 1, scope="industry"), income("339930", 2, scope="industry"), income("x", 3)]
    customers = [
        dict(customer_id="name", industry="toys and games", industry_code="339930"),
        dict(customer_id="code", industry="Dolls", industry_code="339930"),
        dict(customer_id="exact", industry="TOYS GAMES"),
    ]
    assert matched(customers, market, "industry") == {"name": 2, "code": 2, "exact": 1}


def test_a_figure_comes_with_its_source_licence_and_date():
    people = ibis.memtable(pa.Table.from_pylist([person("a", "1")], schema=CUSTOMERS))
    figures = ibis.memtable(pa.Table.from_pylist([income("1", 5)], schema=MARKET))
    row = ibis.duckdb.connect().to_pyarrow(figures_of(people, figures, "area")).to_pylist()[0]
    assert (row["source"], row["licence"], row["as_of"]) == ("census", "open", date(2024, 1, 1))
