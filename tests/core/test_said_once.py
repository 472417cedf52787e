"""A query that repeats a table in brackets says it once, and answers the same."""

import duckdb
import pytest
import sqlglot

from insight_core.pipeline.said_once import said_once

OWN = "(SELECT id FROM named)"
YOUNG = "(SELECT * FROM people WHERE age < 30)"
PAIRS = f"(SELECT a.id FROM {YOUNG} AS a JOIN people AS p ON a.id = p.id)"

QUERIES = {
    "joined to itself": (f"SELECT a.id, b.age FROM {YOUNG} AS a JOIN {YOUNG} AS b ON a.id < b.id", 1),
    "in both halves of a union": (f"SELECT id FROM {YOUNG} AS a UNION ALL SELECT age FROM {YOUNG} AS a", 1),
    "what only repeats within what repeats": (f"SELECT a.id FROM {PAIRS} AS a JOIN {PAIRS} AS b ON a.id = b.id", 1),
    "within what repeats and beside it": (
        f"SELECT a.id FROM {PAIRS} AS a JOIN {PAIRS} AS b ON a.id = b.id JOIN {YOUNG} AS c ON c.id = a.id", 2,
    ),
    "over a name of its own": (
        f"WITH named AS (SELECT * FROM people) SELECT a.id FROM {OWN} AS a JOIN {OWN} AS b ON a.id = b.id", 2,
    ),
    "nothing twice": (f"SELECT id FROM {YOUNG} AS a", 0),
    "a value in brackets is no table": ("SELECT (SELECT max(age) FROM people) AS x, (SELECT max(age) FROM people) AS y", 0),
}  # fmt: skip


@pytest.mark.parametrize("case", QUERIES)
def test_every_repeated_table_is_named_once_and_the_answer_stays(case):
    said, named = QUERIES[case]
    con = duckdb.connect()
    con.execute("CREATE TABLE people AS SELECT * FROM (VALUES (1, 20), (2, 25), (3, 40), (4, NULL)) AS t(id, age)")
    query = sqlglot.parse_one(said, dialect="duckdb")
    assert isinstance(query, sqlglot.exp.Query)
    once = said_once(query)
    assert len(once.ctes) == named
    assert sorted(con.sql(once.sql("duckdb")).fetchall(), key=str) == sorted(con.sql(said).fetchall(), key=str)
