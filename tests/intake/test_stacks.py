"""Stacks: every row is put down once, good or refused, and whoever asks for some buckets gets theirs, all of them."""

from collections import Counter
from itertools import count

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight_core.intake import stacks
from insight_core.intake.stacks import Stacks, Together
from insight_core.store.buckets import BUCKETS

_names = count()
BATCHES = st.lists(st.lists(st.tuples(st.integers(0, BUCKETS - 1), st.booleans()), max_size=40), max_size=4)
SOME = st.sets(st.integers(0, BUCKETS - 1), min_size=1).map(sorted)


def put_down(folder, batches, first=0):
    numbers = count(first)
    rows = [[dict(n=next(numbers), bucket=bucket, faults=["bad"] if bad else None, raw=None, blank=None)
             for bucket, bad in batch] for batch in batches]  # fmt: skip
    fields = [
        ("n", pa.int64()),
        ("bucket", pa.uint8()),
        ("faults", pa.list_(pa.string())),
        ("raw", pa.string()),
        ("blank", pa.string()),
    ]
    schema = pa.schema(fields)
    made = [pa.RecordBatch.from_pylist(one, schema) for one in rows]
    reader = pa.RecordBatchReader.from_batches(schema, made)
    return Stacks(folder / f"stacks-{next(_names)}", reader), [one for batch in rows for one in batch]


@given(tables=st.lists(BATCHES, min_size=1, max_size=3), some=SOME, few=st.sampled_from([1, 20_000]))
def test_rows_are_conserved_whatever_is_asked_for(tmp_path_factory, tables, some, few):
    folder = tmp_path_factory.mktemp("stacks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stacks, "_FEW", few)
        pairs = [put_down(folder, batches, 1_000 * number) for number, batches in enumerate(tables)]
    rows = [row for _, of_table in pairs for row in of_table]
    good = [row for row in rows if not row["faults"]]
    with duckdb.connect() as engine:
        asked = Together(engine, [table for table, _ in pairs])

        def numbers(query):
            return Counter(engine.sql(f"SELECT n FROM ({query})").to_arrow_table()["n"].to_pylist())

        assert numbers(asked.good()) == Counter(row["n"] for row in good)
        assert numbers(asked.refused()) == Counter(row["n"] for row in rows if row["faults"])
        assert numbers(asked.good(some)) == Counter(row["n"] for row in good if row["bucket"] in some)
        assert numbers(asked.good()) == Counter(row["n"] for row in good), "a relation is read more than once"
    assert sum(table.good for table, _ in pairs) == len(good)
    assert sum(table.bad for table, _ in pairs) == len(rows) - len(good)


def test_what_no_row_says_is_known_without_looking(tmp_path):
    made, rows = put_down(tmp_path, [[(1, False), (2, False)]])
    assert +made.told == {"n": len(rows), "bucket": len(rows)}
