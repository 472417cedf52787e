"""The fold over small evidence: rows as dictionaries by customer, every column that is not named is unknown."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from ibis import Table

from insight_core.fold import choose, choose_each, oppose, party_versions
from insight_core.pipeline.plans import plan
from insight_core.pipeline.steward import arrow_schema

Rows = Iterable[Mapping[str, Any]]
Customers = Mapping[str, Rows]
Folded = dict[str, dict[str, Any]]
NEEDS: dict[str, tuple[Callable[..., Table], tuple[str, ...]]] = {
    "versions": (party_versions, ("parties", "references", "links", "steward")),
    "several": (lambda versions: versions.filter(~versions.alone), ("versions",)),
    "contested": (choose, ("several",)),
    "chosen": (choose, ("versions",)),
    "each": (choose_each, ("versions", "contested")),
    "opposed": (oppose, ("versions", "chosen")),
}
HEAD = {"evidence": 1, "batch": 1, "recorded_at": 0, "source": "crm", "method": "declared", "rank": 0, "kind": "person"}
STEWARD = {"source": "steward", "method": "corrected", "rank": 0, "kind": None}


def evidence(customers: Customers) -> dict[str, pa.Table]:
    """The relations that the fold starts from; a row of a steward's is one with that source."""
    rows = [HEAD | dict(row) | {"customer_id": name} for name, mine in customers.items() for row in mine]
    parties, of_customers = arrow_schema("parties"), pa.field("customer_id", pa.string())
    said = [row for row in rows if row["source"] != "steward"]
    links = {(row["record_id"], row["customer_id"]) for row in said}
    return {
        "parties": _table(said, parties),
        "references": arrow_schema("references").empty_table(),
        "links": pa.table(
            {"record_id": [one for one, _ in sorted(links)], "customer_id": [one for _, one in sorted(links)]},
            schema=pa.schema([("record_id", pa.string()), ("customer_id", pa.string())]),
        ),
        "steward": _table([row for row in rows if row["source"] == "steward"], parties.append(of_customers)),
    }


def _table(rows: Rows, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema=schema)


@contextmanager
def folding(plans: Path) -> Iterator[Callable[..., Folded]]:
    """A function that gives what is chosen for each customer and what is in conflict, on DuckDB."""
    with duckdb.connect() as con:

        def made(customers: Customers, *, each: bool = False) -> Folded:
            for name, table in evidence(customers).items():
                con.register("given", table)
                con.execute(f'CREATE OR REPLACE TABLE "{name}" AS FROM given')
            for name, (expression, inputs) in NEEDS.items():
                columns = {one: {row[0]: row[1] for row in con.sql(f'DESCRIBE "{one}"').fetchall()} for one in inputs}
                con.execute(f'CREATE OR REPLACE TABLE "{name}" AS {plan(plans, name, expression, columns)}')
            query = f"FROM {'each' if each else 'chosen'} LEFT JOIN opposed USING (customer_id)"
            return {row["customer_id"]: row for row in con.sql(query).to_arrow_table().to_pylist()}

        yield made


@pytest.fixture(scope="session")
def fold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Folded]]:
    """What is chosen for each customer; `each` goes the way of a large base."""
    with folding(tmp_path_factory.mktemp("plans")) as made:
        yield made
