"""Scan: one SQL statement over one pass of a table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from insight_core.errors import BadInput, InsightError
from insight_core.intake.reasons import Reason, told
from insight_core.intake.rows import schema
from insight_core.intake.table import Table
from insight_core.records.progress import Progress
from insight_core.store import duck

_MEMORY = "384MB"


def connected(folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An engine for one parse, with room in the folder when memory ends; rows come in no order, each knows its line."""
    room = {"temp_directory": str(folder / "engine")} if folder else {}
    return duck.connect(preserve_insertion_order=False, memory_limit=_MEMORY, **room)


def scan(
    engine: duckdb.DuckDBPyConnection, table: Table, statement: str, progress: Progress | None = None
) -> list[tuple[Any, ...]]:
    """The statement's rows; a table whose bytes belie its encoding is mended and read again. Raises BadInput."""
    try:
        return _scan(engine, table, statement, progress)
    except UnicodeError:
        if table.recover is None:
            raise
        table.recover()
        return _scan(engine, table, statement, progress)


def _scan(
    engine: duckdb.DuckDBPyConnection, table: Table, statement: str, progress: Progress | None
) -> list[tuple[Any, ...]]:
    failed: list[Exception] = []
    if table.batches is not None:
        batches = _watched(table.batches(), table.name, progress, failed)
        engine.register("stream", pa.RecordBatchReader.from_batches(schema(table.width), batches))
    try:
        rows = engine.execute(statement).fetchall()
    except duckdb.Error as problem:
        raise _in_our_words(table, problem) from problem
    finally:
        if table.batches is not None:
            engine.unregister("stream")
    if failed:
        raise _in_our_words(table, failed[0])
    return rows


def _in_our_words(table: Table, problem: Exception) -> Exception:
    if isinstance(problem, InsightError | UnicodeError):
        return problem
    return BadInput(f"{table.name} cannot be read: {told(problem)}.", Reason.DAMAGED_FILE)


def _watched(
    batches: Iterator[pa.RecordBatch], name: str, progress: Progress | None, failed: list[Exception]
) -> Iterator[pa.RecordBatch]:
    """The batches, each reported; an error ends them and is kept.

    It is not raised through the engine: a COPY that fails while its writing threads are at work may wait
    for itself for ever (DuckDB 2.0 holds a lock while it waits for them).
    """
    done = 0
    try:
        for batch in batches:
            yield batch
            done += batch.num_rows
            if progress:
                progress(f"read {name}", done, None)
    except Exception as problem:  # noqa: BLE001 whatever it is, whoever asked for the scan is told
        failed.append(problem)
