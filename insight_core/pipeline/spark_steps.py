"""Spark steps: the same steps, of which Spark computes every expression and DuckDB the rest.

On Spark run all Ibis expressions of a build that looks at everybody: versions, the choice of
values, conflicts, contacts and uses with their customers, the facets, the snapshot, places and
consent states. In DuckDB stay the SQL and Python around them: sorting new files into buckets,
links, corrections, comparing with the last build, writing tables and files; and every build of
a few customers. Each sees the other's results as Parquet files, handed over by name one by one.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ibis import Table

from insight_core.errors import Fault
from insight_core.pipeline.plans import ibis_types, plan
from insight_core.pipeline.steps import Steps
from insight_core.records.progress import Progress
from insight_core.settings import cache_folder, read_settings
from insight_core.store import Store


class SparkSteps(Steps):
    """Runs expressions about everybody on a Spark session."""

    def __init__(self, store: Store, folder: Path, progress: Progress, total: int, session: Any) -> None:
        super().__init__(store, folder, progress, total)
        self._session = session
        self._files: dict[str, Sequence[str]] = {}

    def run(self, name: str, expression: Callable[..., Table], *inputs: str, as_view: bool = False) -> None:  # noqa: ARG002
        """Compute an expression over earlier relations into files of the relation `name`."""

        def work() -> None:
            for one in inputs:
                self._show(one)
            columns = {one: self.columns(one) for one in inputs}
            query = plan(cache_folder() / "plans", name, expression, columns, "pyspark")
            made = self.path(name).with_suffix(".spark")
            with _told(name):
                self._session.sql(query).write.mode("overwrite").parquet(self._named(made))
            self.over(name, sorted(str(one) for one in made.glob("*.parquet")))

        self.timed(name, work)

    def side_by_side(self, *works: Callable[[], Any], idle: bool = False) -> None:  # noqa: ARG002
        """One after the other: Spark has its own way to keep all its threads at work."""
        for work in works:
            work()

    def over(self, name: str, paths: Sequence[str]) -> None:
        """The rows of Parquet files as a relation."""
        super().over(name, paths)
        self._files[name] = paths

    def view(self, name: str, query: str) -> None:
        """A relation that is computed where it is used."""
        super().view(name, query)
        self._files.pop(name, None)

    def _show(self, name: str) -> None:
        """Make a relation known to Spark: its files, or what DuckDB sees there written down."""
        from ibis.backends.pyspark.datatypes import PySparkSchema

        if name not in self._files:
            self.keep(name, f'FROM "{name}"')
        schema = PySparkSchema.from_ibis(ibis_types(self.columns(name)))
        # Nothing in a file's name is a pattern, and no folder's name a column.
        reader = self._session.read.schema(schema).option("__globPaths__", "false")
        files = [self._named(one) for one in self._files[name]]
        reader.option("recursiveFileLookup", "true").parquet(*files).createOrReplaceTempView(name)

    def _named(self, path: str | Path) -> str:
        """The path as the cluster names it."""
        root = self._store.root.absolute()
        there = read_settings().spark_root or f"file://{root}"
        return f"{there.rstrip('/')}/{Path(path).absolute().relative_to(root)}"


@contextmanager
def _told(step: str) -> Iterator[None]:
    """What Spark says in its own words holds plans and values: it is ours to say which step failed."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as fault:
        raise Fault(f"Spark failed at the step {step!r}; nothing was changed.") from fault
