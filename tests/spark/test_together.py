"""What is chosen as one thing is the same on Spark as on DuckDB."""

from datetime import date
from random import Random

import duckdb
import pyarrow.parquet as pq
import pytest

from insight_core.catalogue import field, wholes
from insight_core.pipeline.plans import ibis_types, plan
from tests.fold.conftest import NEEDS, STEWARD, evidence, folding

pytestmark = [pytest.mark.spark, pytest.mark.slow]

PARTS = [part.name for parts in wholes().values() for part in parts]
SAID = {"text": ["Ulm", "ULM ", "Bonn", "ΟΔΟΣ", None, None], "date": [date(2020, 1, 1), date(2021, 1, 1), None]}


def some_customers():
    """Customers with up to six rows of evidence, now and then a steward's of one part."""
    chance = Random(7)
    return {f"c{who}": [_row(chance, who, nth) for nth in range(chance.randint(1, 6))] for who in range(150)}


def _row(chance, who, nth):
    row = {name: chance.choice(SAID[field(name).type]) for name in PARTS}
    row |= {"record_id": f"r{who}-{chance.randint(0, 3)}", "evidence": nth, "observed_at": chance.choice([None, 1, 2])}
    if nth and chance.random() < 0.2:
        part = chance.choice(PARTS)
        return {"record_id": f"fix.{who}.{nth}", "observed_at": 3, part: row[part], **STEWARD}
    return row


def test_both_engines_choose_the_same(session, tmp_path):
    with folding(tmp_path) as fold:
        folded = fold(some_customers())
    columns = {}
    for name, table in evidence(some_customers()).items():
        columns[name] = _known(session, tmp_path / f"{name}.parquet", name, table)
    for name in ("versions", "chosen", "opposed"):
        expression, inputs = NEEDS[name]
        query = plan(tmp_path, name, expression, {one: columns[one] for one in inputs}, "pyspark")
        session.sql(query).write.parquet(str(tmp_path / name))
        columns[name] = _known(session, tmp_path / name, name, pq.read_table(tmp_path / name))
    found = {row["customer_id"]: row for row in pq.read_table(tmp_path / "chosen").to_pylist()}
    for row in pq.read_table(tmp_path / "opposed").to_pylist():
        found[row["customer_id"]] |= row
    assert len(found) == 150
    assert {name: folded[name] | row for name, row in found.items()} == folded


def _known(session, path, name, table):
    """The table as a view of Spark's, and its columns with DuckDB's types."""
    from ibis.backends.pyspark.datatypes import PySparkSchema

    if path.suffix:
        pq.write_table(table, path)
    with duckdb.connect() as con:
        con.register("known", table)
        columns = {row[0]: row[1] for row in con.sql("DESCRIBE known").fetchall()}
    schema = PySparkSchema.from_ibis(ibis_types(columns))
    session.read.schema(schema).parquet(str(path)).createOrReplaceTempView(name)
    return columns
