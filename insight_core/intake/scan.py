"""Scan: one SQL statement over one pass of a table."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from insight_core.errors import BadInput, InsightError
from insight_core.intake.reasons import Reason, told
from insight_core.intake.rows import schema
from insight_core.intake.table import Table
from insight_core.intake.values import quoted

Progress = Callable[[str, int, int | None], None]


_MEMORY = "512MB"


def connected(folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An engine for one parse, with room in the folder when memory ends; rows come in no order, each knows its line."""
    engine = duckdb.connect()
    engine.execute(f"SET preserve_insertion_order = false; SET TimeZone = 'UTC'; SET memory_limit = '{_MEMORY}'")
    if folder:
        engine.execute(f"SET temp_directory = {quoted(str(folder / 'engine'))}")
    engine.execute("SET enable_progress_bar = false")
    return engine


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
        return engine.execute(statement).fetchall()
    except duckdb.Error as problem:
        if failed:
            raise failed[0] from None
        raise BadInput(f"{table.name} cannot be read: {told(problem)}.", Reason.DAMAGED_FILE) from problem
    finally:
        if table.batches is not None:
            engine.unregister("stream")


def _watched(
    batches: Iterator[pa.RecordBatch], name: str, progress: Progress | None, failed: list[Exception]
) -> Iterator[pa.RecordBatch]:
    """The batches, each reported; an error is kept, since the engine that pulls them turns it into text."""
    done = 0
    try:
        for batch in batches:
            yield batch
            done += batch.num_rows
            if progress:
                progress(f"read {name}", done, None)
    except (InsightError, UnicodeError) as problem:
        failed.append(problem)
        raise
