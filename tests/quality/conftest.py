"""Small snapshots for the tests of quality: the long names are the sentences in which they are used."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from insight_core.catalogue import Field, fields
from insight_core.quality import Cell, clock_row, counted, scores, states_of, wide, with_tenure
from insight_core.records.results import Score

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

_TYPES = {"integer": pa.int64(), "money": pa.int64(), "ratio": pa.int64(), "instant": pa.int64()}
_TYPES |= {"date": pa.date32(), "boolean": pa.bool_()}

Profile = dict[str, Cell]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def snapshot_of() -> Callable[[Iterable[Profile]], ir.Table]:
    return snapshot


def snapshot(profiles: Iterable[Profile]) -> ir.Table:
    """A snapshot with one row per profile; customers are c0, c1 and so on."""
    rows = list(profiles)
    columns = {"customer_id": pa.array([f"c{n}" for n in range(len(rows))], pa.string())}
    columns["name"] = pa.array([f"Customer {n}" for n in range(len(rows))], pa.string())
    for one in fields():
        columns |= _columns(one, [row.get(one.name, Cell()) for row in rows])
    return ibis.memtable(pa.table(columns))


def scored(
    cells: Profile, kind: str | None, purpose: str, now: datetime, withheld: dict[str, str] | None = None
) -> dict[str, dict[str, Score]]:
    """The scores of one profile, as it is read: with the tenure that follows from its first day."""
    return scores(counted(states_of(with_tenure(cells, now), now), kind, purpose), withheld)


def judged(profiles: Iterable[Profile], now: datetime = NOW) -> ir.Table:
    """What the shares of a base are counted from, with all its customers in one bucket."""
    table = snapshot(profiles)
    table = table.mutate(bucket=ibis.literal(7), **{name: ibis.literal(one) for name, one in clock_row(now).items()})
    # as a build of the shares does it: one step after the other
    return wide.judged(ibis.memtable(wide.aged(table, ("bucket", "customer_id", "kind"), fields()).to_pyarrow()))


def _columns(one: Field, cells: list[Cell]) -> dict[str, pa.Array]:
    columns = {one.name: pa.array([cell.value for cell in cells], _TYPES.get(one.type, pa.string()))}
    columns[f"{one.name}__at"] = pa.array([cell.at for cell in cells], pa.int64())
    if one.origin == "asserted":
        columns[f"{one.name}__conflict"] = pa.array([cell.conflict for cell in cells], pa.bool_())
        columns[f"{one.name}__source"] = pa.array([cell.source for cell in cells], pa.string())
        columns[f"{one.name}__method"] = pa.array([cell.method for cell in cells], pa.string())
    return columns
