"""Scan: one SQL statement over one pass of a table."""

from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from insight_core.errors import BadInput, InsightError
from insight_core.intake.reasons import Reason, told
from insight_core.intake.rows import schema
from insight_core.intake.table import Table
from insight_core.records.progress import Progress
from insight_core.store import duck

T = TypeVar("T")
_MEMORY, _AHEAD = "384MB", "16MB"


def connected(folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An engine for one parse, with room in the folder when memory ends; rows come in no order, each knows its line.

    How many rows a stream has it cannot know: what a join is to hold in memory, its right side, is for us to say.
    """
    room = {"temp_directory": str(folder / "engine")} if folder else {}
    plain = f"{duck.WITHOUT},build_side_probe_side"
    engine = duck.connect(preserve_insertion_order=False, memory_limit=_MEMORY, disabled_optimizers=plain, **room)
    # So much is computed ahead while we put down what came before.
    engine.execute(f"SET streaming_buffer_size = '{_AHEAD}'")
    return engine


def scan(engine: duckdb.DuckDBPyConnection, table: Table, statement: str) -> list[tuple[Any, ...]]:
    """The statement's rows; raises BadInput."""
    rows: list[tuple[Any, ...]] = _passed(engine, table, lambda _: engine.execute(statement).fetchall())
    return rows


def stream(
    engine: duckdb.DuckDBPyConnection,
    table: Table,
    query: str,
    taken: Callable[[pa.RecordBatchReader], T],
    at_once: int,
    progress: Progress | None = None,
) -> T:
    """What is `taken` from the query's rows, so many at once; raises BadInput."""

    def work(enough: Event) -> T:
        with engine.sql(query).to_arrow_reader(at_once) as rows:
            try:
                return taken(rows)
            except BaseException:
                enough.set()
                if table.batches is not None:
                    # The engine's threads may be in the middle of a batch of ours, and nothing else waits for them.
                    deque(rows, maxlen=0)
                raise

    return _passed(engine, table, work, progress)


def _passed(
    engine: duckdb.DuckDBPyConnection, table: Table, work: Callable[[Event], T], progress: Progress | None = None
) -> T:
    """Do work that passes over the table, once more where its bytes belie its encoding; it says when it is enough."""
    try:
        return _once(engine, table, work, progress)
    except UnicodeError:
        if table.recover is None:
            raise
        table.recover()
        return _once(engine, table, work, progress)


def _once(engine: duckdb.DuckDBPyConnection, table: Table, work: Callable[[Event], T], progress: Progress | None) -> T:
    failed: list[Exception] = []
    enough = Event()
    if table.batches is not None:
        batches = _watched(table.batches(), table.name, progress, failed, enough)
        engine.register("stream", pa.RecordBatchReader.from_batches(schema(table.width), batches))
    try:
        made = work(enough)
    except (duckdb.Error, OSError) as problem:
        if getattr(problem, "errno", None):
            raise  # of our own writing: a stream of the engine's has none
        raise _in_our_words(table, problem) from problem
    finally:
        if table.batches is not None:
            engine.unregister("stream")
    if failed:
        raise _in_our_words(table, failed[0])
    return made


def _in_our_words(table: Table, problem: Exception) -> Exception:
    if isinstance(problem, InsightError | UnicodeError):
        return problem
    return BadInput(f"{table.name} cannot be read: {told(problem)}.", Reason.DAMAGED_FILE)


def _watched(
    batches: Iterator[pa.RecordBatch], name: str, progress: Progress | None, failed: list[Exception], enough: Event
) -> Iterator[pa.RecordBatch]:
    """The batches, each reported; an error ends them and is kept.

    It is not raised through the engine: a statement that fails while its threads are at work may wait
    for itself for ever (DuckDB 2.0 holds a lock while it waits for them).
    """
    done = 0
    try:
        for batch in batches:
            yield batch
            done += batch.num_rows
            if progress:
                progress(f"read {name}", done, None)
            if enough.is_set():
                return
    except Exception as problem:  # noqa: BLE001 whatever it is, whoever asked for the scan is told
        failed.append(problem)
