"""Steps of a build: each result is a relation of the step's name, so that it can be timed and read."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Lock, local
from time import perf_counter
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from ibis import Table

from insight_core.pipeline.plans import plan
from insight_core.pipeline.steward import arrow_schema
from insight_core.records.progress import Progress
from insight_core.settings import cache_folder
from insight_core.store import Store
from insight_core.store.sql import rows_in, text

T = TypeVar("T")
_MOST_MEMORY = 4 * 1024**3
_LARGE = 300_000
_AT_ONCE = 2


class Steps:
    """Runs named steps on one engine; `seconds` says how long each took.

    A result about everybody is a Parquet file in `folder`; with `few`, about a few customers,
    it is a table in memory and, unless it is looked for in a large base, one thread makes it,
    for it takes longer to share than to do. What a build makes and nothing reached is `untouched`:
    datasets and tables in which nobody's rows are others than before.
    """

    def __init__(self, store: Store, folder: Path, progress: Progress, total: int, few: bool = False) -> None:
        self._engine: Any = store.duck()
        self._mine, self._telling = local(), Lock()
        self._cursors: list[Any] = []
        self.few = few
        self.seconds: dict[str, float] = {}
        self.untouched: frozenset[str] = frozenset()
        self.folder = folder
        self._store, self._progress, self._total = store, progress, total
        self._plans = cache_folder() / "plans"
        self._columns: dict[str, dict[str, str]] = {}
        self.con.execute(f"SET memory_limit='{most_memory()}B'")
        large = sum(one.rows for one in store.lake.listed("parties")) >= _LARGE
        self._alone = few and not large
        self._busy = large and not few
        if self._alone:
            self.con.execute("SET threads=1")

    @property
    def con(self) -> Any:
        """This thread's connection to the engine; every one sees all relations."""
        if not hasattr(self._mine, "cursor"):
            self._mine.cursor = self._engine.cursor()
            self._cursors.append(self._mine.cursor)
        return self._mine.cursor

    def side_by_side(self, *works: Callable[[], Any], idle: bool = False) -> None:
        """Do works that need nothing of each other, two at a time: one alone leaves a thread idle half the time.

        Over many rows the engine keeps all its threads at work, and two works would only be in each other's way,
        unless they leave it `idle` even then. When one fails, or somebody says stop, the others are broken off;
        nothing is under way afterwards.
        """
        pool = ThreadPoolExecutor(1 if self._alone or (self._busy and not idle) else _AT_ONCE)
        try:
            done, _ = wait([pool.submit(work) for work in works], return_when=FIRST_EXCEPTION)
            for one in done:
                one.result()
        except BaseException:
            for cursor in self._cursors:
                cursor.interrupt()
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def run(self, name: str, expression: Callable[..., Table], *inputs: str, as_view: bool = False) -> None:
        """Compute an expression over earlier relations into the relation `name`.

        A result that takes longer to write down than to compute is a view, computed wherever it is read.
        """

        def work() -> None:
            columns = {one: self.columns(one) for one in inputs}
            query = plan(self._plans, name, expression, columns)
            if as_view:
                self.view(name, query)
            else:
                self.keep(name, query)

        self.timed(name, work)

    def keep(self, name: str, query: str) -> None:
        """Compute a query into the relation `name`."""
        if self.few:
            self.table(name, query)
            return
        self._columns.pop(name, None)
        options = "FORMAT parquet, COMPRESSION zstd"
        self.con.execute(f"COPY ({query}) TO {text(str(self.path(name)))} ({options})")
        self.over(name, [str(self.path(name))])

    def table(self, name: str, query: str) -> None:
        """Compute a query into a table in memory."""
        self._columns.pop(name, None)
        self.con.execute(f'CREATE OR REPLACE TABLE "{name}" AS {query}')

    def put(self, name: str, table: pa.Table) -> None:
        """A table from outside as the relation `name`."""
        self.con.register("put_in", table)
        self.keep(name, "FROM put_in")
        self.con.unregister("put_in")

    def listed(self, name: str, column: str, values: Iterable[str]) -> None:
        """Texts from outside as a relation of one column."""
        self.put(name, pa.table({column: pa.array(sorted(set(values)), pa.string())}))

    def over(self, name: str, paths: Sequence[str]) -> None:
        """The rows of Parquet files as a relation."""
        self.view(name, f"SELECT * FROM {rows_in(paths)}")

    def view(self, name: str, query: str) -> None:
        """A relation that is computed where it is used."""
        self._columns.pop(name, None)
        self.con.execute(f'CREATE OR REPLACE VIEW "{name}" AS {query}')

    def rows(self, query: str) -> list[Any]:
        """All rows of a query."""
        return list(self.con.execute(query).fetchall())

    def timed(self, name: str, work: Callable[[], T]) -> T:
        """Run something and note how long it took; a step that runs again counts again."""
        with self._telling:
            self._progress(name, len(self.seconds), self._total)
        started = perf_counter()
        result = work()
        took = perf_counter() - started
        with self._telling:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + took, 3)
        return result

    def path(self, name: str) -> Path:
        """Where a step's result lies."""
        return self.folder / f"{name}.parquet"

    def columns(self, name: str) -> dict[str, str]:
        """A relation's columns with DuckDB's types."""
        if name not in self._columns:
            self._columns[name] = {row[0]: row[1] for row in self.rows(f'DESCRIBE "{name}"')}
        return self._columns[name]

    def known(self, name: str) -> bool:
        """Whether a dataset has files."""
        return bool(self._store.lake.listed(name))

    def files(self, name: str) -> list[str]:
        """The files of a dataset; one without rows when none is listed."""
        return self._store.lake.paths(name) or [str(self._empty(name))]

    def dataset(self, name: str, buckets: Iterable[int] | None = None) -> str:
        """SQL for a dataset of the lake, or for what may be in these buckets; without rows when nothing is listed."""
        rows = self._store.lake.rows(name, buckets) if self.known(name) else rows_in(self._empty(name))
        return f"SELECT * FROM {rows}"

    def _empty(self, name: str) -> Path:
        path = self.path(f"empty-{name}")
        pq.write_table(arrow_schema(name).empty_table(), path)
        return path


def most_memory() -> int:
    """Bytes the engine may take before it spills into the store's scratch folder: not all that there is."""
    return min(_MOST_MEMORY, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2)
