"""Scan: a pass that is broken off reads no further, and leaves an engine that answers."""

import pyarrow as pa
import pytest

from insight_core.intake.rows import schema
from insight_core.intake.scan import connected, stream
from insight_core.intake.table import Table

_BATCHES, _ROWS = 200, 10_000


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_pass_whose_rows_cannot_be_put_down_ends_soon_and_with_that_fault(fault):
    read = []

    def batches():
        for number in range(_BATCHES):
            read.append(number)
            columns = {
                "c0": ["x"] * _ROWS,
                "__line": [number] * _ROWS,
                "__fault": [None] * _ROWS,
                "__text": [None] * _ROWS,
            }
            yield pa.RecordBatch.from_pydict(columns, schema=schema(1))

    def taken(rows):
        rows.read_next_batch()
        raise fault

    with connected() as engine:
        with pytest.raises(type(fault)):
            stream(engine, Table("t.csv", "csv", ["a"], [], batches), "SELECT c0 FROM stream", taken, _ROWS)
        assert len(read) < _BATCHES
        assert engine.sql("SELECT 1").fetchall() == [(1,)]
