"""Steps of a build: each result is a Parquet file and a relation of the same name, so that it can be timed and read."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from ibis import Table

from insight_core.pipeline.plans import plan
from insight_core.pipeline.steward import arrow_schema
from insight_core.settings import cache_folder
from insight_core.store import Store
from insight_core.store.sql import rows_in, text

T = TypeVar("T")
Progress = Callable[[str, int, int | None], None]


class Steps:
    """Runs named steps on one engine; `seconds` says how long each took."""

    def __init__(self, store: Store, folder: Path, progress: Progress, total: int) -> None:
        self.con: Any = store.duck()
        self.seconds: dict[str, float] = {}
        self._store, self._folder, self._progress, self._total = store, folder, progress, total

    def run(self, name: str, expression: Callable[..., Table], *inputs: str) -> None:
        """Compute an expression over earlier relations into the relation `name`."""

        def work() -> None:
            columns = {one: self.columns(one) for one in inputs}
            self.keep(name, plan(cache_folder() / "plans", name, expression, columns))

        self.timed(name, work)

    def keep(self, name: str, query: str) -> None:
        """Compute a query into the relation `name`."""
        options = "FORMAT parquet, COMPRESSION zstd"
        self.con.execute(f"COPY ({query}) TO {text(str(self.path(name)))} ({options})")
        self.view(name, f"SELECT * FROM {rows_in(self.path(name))}")

    def put(self, name: str, table: pa.Table) -> None:
        """A table from outside as the relation `name`."""
        pq.write_table(table, self.path(name))
        self.view(name, f"SELECT * FROM {rows_in(self.path(name))}")

    def view(self, name: str, query: str) -> None:
        """A relation that is computed where it is used."""
        self.con.execute(f'CREATE OR REPLACE VIEW "{name}" AS {query}')

    def timed(self, name: str, work: Callable[[], T]) -> T:
        """Run something and note how long it took."""
        self._progress(name, len(self.seconds), self._total)
        started = perf_counter()
        result = work()
        self.seconds[name] = round(perf_counter() - started, 3)
        return result

    def path(self, name: str) -> Path:
        """Where a step's result lies."""
        return self._folder / f"{name}.parquet"

    def columns(self, name: str) -> dict[str, str]:
        """A relation's columns with DuckDB's types."""
        return {row[0]: row[1] for row in self.con.execute(f'DESCRIBE "{name}"').fetchall()}

    def dataset(self, name: str) -> str:
        """SQL for a dataset of the lake, without rows when nothing is listed."""
        paths = self._store.lake.paths(name)
        if not paths:
            path = self.path(f"empty-{name}")
            pq.write_table(arrow_schema(name).empty_table(), path)
            paths = [str(path)]
        return f"SELECT * FROM {rows_in(paths)}"
