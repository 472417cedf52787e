"""Where engines differ: every expression that had to be put so that DuckDB and Spark agree, over the same rows."""

from datetime import date

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from insight_core.facets import address, community_of_interest, expr
from insight_core.market import figures, plain
from insight_core.records.letters import lowered

pytestmark = [pytest.mark.spark, pytest.mark.slow]

# Letters in use; those that Unicode added since 2020 are not letters to Java 17 yet.
LETTERS = [chr(one) for one in (*range(0x01, 0x0860), *range(0x1E00, 0x2C00), *range(0x3040, 0x9FA6), 0x1F600)]
TEXTS = [None, "", " ", "ΟΔΟΣ", "Σ", "İstanbul", "IĞDIR", "Straße", "  x ", "\tx\n", "x\u00a0", " \x0bx", "a\nb", 'say "hi"\\',
         "école faults", "ébill", "bill", "a bill.", "billiards", "12345-6789", "12345-6789\n", '[ "a" ,\x0b"b" ]', "+49 151/944"]  # fmt: skip
NUMBERS = [None, 0, 1, -1, 2, 7, -7, 86_399, 86_400, -86_400, -86_401, 1_700_000_000, -1_700_000_001]
DATES = [None, date(1, 1, 1), date(1500, 2, 28), date(1582, 10, 4), date(1582, 10, 15), date(1969, 12, 31),
         date(2000, 2, 29), date(2001, 2, 28), date(9999, 12, 31)]  # fmt: skip

OVER_TEXTS = {
    "small letters": lambda t: lowered(t.text),
    "a key": lambda t: plain(t.text),
    "a street's key": lambda t: address.street_key(t.text),
    "a town's key": lambda t: address.town_key(t.text),
    "outer blanks": lambda t: t.text.strip(),
    "JSON text": lambda t: expr.quoted(t.text),
    "and back": lambda t: expr.unescaped(t.text),
    "an interest": lambda t: community_of_interest._name(t.text),
    "a topic of service": lambda t: lowered(t.text).re_search(community_of_interest._SERVICE_TOPIC),
    "between items": lambda t: t.text.re_replace(community_of_interest._BETWEEN, '","'),
    "around items": lambda t: t.text.re_replace(community_of_interest._AROUND, ""),
    "a zip+4": lambda t: t.text.re_search(figures._ZIP_AND_FOUR),
    "digits": lambda t: t.text.re_replace("[^0-9]", ""),
    "a hash": lambda t: t.text.hexdigest("md5") + t.text.hexdigest("sha256"),
    "signs": lambda t: t.text.length(),
    "a part": lambda t: t.text.substr(1, 2) + t.text.right(1),
    "parts": lambda t: t.text.split('"'),
    "order": lambda t: t.text < "m",
}
OVER_NUMBERS = {
    "division rounds down": lambda t: t.a // t.b.nullif(0),
    "the rest keeps its sign": lambda t: t.a % t.b.nullif(0),
    "a ratio": lambda t: expr.micro(t.a, t.b),
    "the larger": lambda t: ibis.greatest(t.a, t.b),
    "the smaller": lambda t: ibis.least(t.a, t.b),
    "a day": lambda t: expr.date_of(expr.day_of(t.a)),
    "padded": lambda t: t.b.cast("string").lpad(4, "0"),
    "known parts in a row": lambda t: (
        ibis.array([t.a.cast("string"), t.b.cast("string")]).filter(lambda one: one.notnull()).join(", ").fill_null("")
    ),
}
OVER_DATES = {
    "a day's number": lambda t: expr.day_number(t.x),
    "years between": lambda t: expr.years_between(t.x, t.y),
    "as text": lambda t: t.x.cast("string"),
}
GROUPED = {
    "a sum": lambda t: expr.whole_sum(t.b),
    "how many where it is so": lambda t: t.count(where=(t.b > 0).fill_null(False)),
    "the strongest that says something": lambda t: t.b.argmax(t.b.notnull().ifelse(t.place, None)),
    "in order": lambda t: ibis.struct({"place": t.place, "b": t.b}).collect().sort().map(lambda one: one["b"]),
    "at a place, null at none": lambda t: (
        ibis.struct({"place": t.place, "b": t.b}).collect().sort().map(lambda one: one["b"])[
            (t.b > 7).ifelse(t.place, None).max().cast("int32")
        ]
    ),
    "the strongest as JSON": lambda t: expr.json_array(expr.ranked(t.place.cast("string"), t.place).collect(), 3),
    "ever so": lambda t: (t.b > 86_000).any(),
}  # fmt: skip


def _rows() -> dict[str, pa.Table]:
    # The first group knows nothing, each further one more than that before.
    pairs = [(a, b, place) for most, a in enumerate(NUMBERS) for place, b in enumerate(NUMBERS[: most + 1])]
    numbers = {name: [row[n] for row in pairs] for n, name in enumerate(("a", "b", "place"))}
    days = {"x": [x for x in DATES for _ in DATES], "y": DATES * len(DATES)}
    return {
        "texts": pa.table({"text": pa.array(LETTERS + TEXTS, pa.string())}),
        "numbers": pa.table({name: pa.array(values, pa.int64()) for name, values in numbers.items()}),
        "dates": pa.table({name: pa.array(values, pa.date32()) for name, values in days.items()}),
    }


@pytest.fixture(scope="module")
def both(session, tmp_path_factory):
    """By table and expression: what it gives for every row, from DuckDB and from Spark."""
    folder = tmp_path_factory.mktemp("rows")
    duckdb, spark = ibis.duckdb.connect(), ibis.pyspark.connect(session)
    found = {}
    for name, rows in _rows().items():
        path = str(folder / f"{name}.parquet")
        pq.write_table(rows, path)
        for told, ask in ASKED.items():
            if told.startswith(name):
                # Ibis would bring Spark's answer by way of pandas, which would make floats of numbers.
                query = ibis.to_sql(ask(spark.read_parquet(path)), dialect="pyspark")
                answers = (
                    ask(duckdb.read_parquet(path)).to_pyarrow().to_pylist(),
                    [row.asDict() for row in session.sql(str(query)).collect()],
                )
                found[told] = [sorted((tuple(row.values()) for row in one), key=repr) for one in answers]
    return found


def _each(cases):
    return {f"e{number}": case for number, case in enumerate(cases.values())}


def _beside(table, cases):
    return table.mutate(**{name: case(table) for name, case in _each(cases).items()})


TABLES = {"texts": OVER_TEXTS, "numbers": OVER_NUMBERS, "dates": OVER_DATES, "numbers, grouped": GROUPED}
ASKED = {
    "texts": lambda t: _beside(t, OVER_TEXTS),
    "numbers": lambda t: _beside(t, OVER_NUMBERS),
    "dates": lambda t: _beside(t, OVER_DATES),
    "numbers, grouped": lambda t: t.group_by("a").agg(**{name: case(t) for name, case in _each(GROUPED).items()}),
}


@pytest.mark.parametrize("table", TABLES)
def test_both_engines_say_the_same(both, table):
    duckdb, spark = both[table]
    differing: dict[str, list[tuple[object, ...]]] = {}
    for place, name in enumerate(TABLES[table], start=-len(TABLES[table])):
        said = [
            (row[: -len(TABLES[table])], row[place], other[place]) for row, other in zip(duckdb, spark, strict=True)
        ]
        assert len({repr(one) for _, one, _ in said}) > 1, f"{name} is a constant"
        differing |= {name: [one for one in said if one[1] != one[2]]}
    assert differing == {name: [] for name in TABLES[table]}
