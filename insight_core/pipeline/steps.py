"""Steps of a build: each result is a Parquet file with a name, so that it can be timed, read and looked at."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import pyarrow.parquet as pq
from ibis import Table

from insight_core.pipeline.steward import arrow_schema
from insight_core.store import Store

T = TypeVar("T")
Progress = Callable[[str, int, int | None], None]


class Steps:
    """Runs named steps on one engine; `seconds` says how long each took."""

    def __init__(self, store: Store, folder: Path, progress: Progress, total: int) -> None:
        self.con: Any = store.duck()
        self.seconds: dict[str, float] = {}
        self._store, self._folder, self._progress, self._total = store, folder, progress, total

    def run(self, name: str, table: Table) -> Table:
        """Compute the table into a file and give it back as a table over that file."""
        self._progress(name, len(self.seconds), self._total)
        started = perf_counter()
        path = self.path(name)
        table.to_parquet(path, compression="zstd")
        self.seconds[name] = round(perf_counter() - started, 3)
        return self.read(name)

    def timed(self, name: str, work: Callable[[], T]) -> T:
        """Run something that is not a table."""
        self._progress(name, len(self.seconds), self._total)
        started = perf_counter()
        result = work()
        self.seconds[name] = round(perf_counter() - started, 3)
        return result

    def path(self, name: str) -> Path:
        """Where a step's result lies."""
        return self._folder / f"{name}.parquet"

    def read(self, name: str) -> Table:
        """A result as a table."""
        return self.con.read_parquet(str(self.path(name)))

    def dataset(self, name: str) -> Table:
        """A dataset of the lake as a table, empty when nothing is listed."""
        paths = self._store.lake.paths(name)
        if not paths:
            path = self.path(f"empty-{name}")
            pq.write_table(arrow_schema(name).empty_table(), path)
            paths = [str(path)]
        return self.con.read_parquet(paths)


def snapshot_table(con: Any, store: Store) -> Table | None:
    """The last build's snapshot, None before the first build."""
    paths = store.lake.paths("snapshot")
    return con.read_parquet(paths) if paths else None
