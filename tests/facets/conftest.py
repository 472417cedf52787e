"""Small evidence: rows as dictionaries, every column that is not named is unknown."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from insight_core.catalogue import asserted
from insight_core.facets import FACETS, Evidence
from insight_core.records.datasets import columns, sql_type

ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
}
FIELDS = {one.name: sql_type(one) for one in asserted()}
CUSTOMER = {"customer_id": "VARCHAR"}
SHAPES: dict[str, dict[str, str]] = {
    "folded": CUSTOMER | FIELDS | {f"{name}__at": "BIGINT" for name in FIELDS} | {"known_at": "BIGINT"},
    "versions": CUSTOMER | columns("parties"),
    "interactions": CUSTOMER | columns("interactions") | {"counterpart_customer": "VARCHAR"},
    "usage": CUSTOMER | columns("usage"),
    "market": columns("market"),
    "clock": {"today": "DATE"},
}
Rows = Iterable[dict[str, Any]]
Derive = Callable[..., dict[str, dict[str, Any]]]
TODAY: dict[str, Rows] = {"clock": [{"today": date(2026, 1, 1)}]}


def write_rows(path: Path, shape: dict[str, str], rows: Rows) -> None:
    """The rows as Parquet; a column that is not in the shape is a mistake of the test."""
    listed = list(rows)
    assert {name for row in listed for name in row} <= set(shape)
    schema = pa.schema([(name, ARROW[kind]) for name, kind in shape.items()])
    filled = [{name: row.get(name) for name in shape} for row in listed]
    pq.write_table(pa.Table.from_pylist(filled, schema=schema), path)


@pytest.fixture(scope="session")
def write() -> Callable[..., list[str]]:
    """Writes evidence into a folder and gives the paths back, in the order of `Evidence`."""

    def run(folder: Path, **rows: Rows) -> list[str]:
        paths = {name: folder / f"{name}.parquet" for name in SHAPES}
        for name, shape in SHAPES.items():
            write_rows(paths[name], shape, (TODAY | rows).get(name, []))
        return [str(paths[name]) for name in Evidence._fields if name in SHAPES]

    return run


@pytest.fixture
def tables(tmp_path: Path, write: Callable[..., list[str]]) -> Callable[..., Evidence]:
    """Evidence from rows, on DuckDB."""

    def make(**rows: Rows) -> Evidence:
        con: Any = ibis.duckdb.connect()
        return Evidence(*(con.read_parquet(path) for path in write(tmp_path, **rows)))

    return make


@pytest.fixture
def derive(tables: Callable[..., Evidence]) -> Derive:
    """A facet's rows by customer."""

    def run(facet: str, **rows: Rows) -> dict[str, dict[str, Any]]:
        table = FACETS[facet].derive(tables(**rows))
        assert table is not None
        return {row.pop("customer_id"): row for row in table.to_pyarrow().to_pylist()}

    return run


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 6, 30, tzinfo=UTC)
