"""Engines: on what a build computes its expressions; the result is the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from insight_core.errors import NotFound
from insight_core.pipeline.spark import check_spark, spark_session
from insight_core.pipeline.spark_steps import SparkSteps
from insight_core.pipeline.steps import Steps
from insight_core.records.progress import Progress
from insight_core.store import Store

ENGINES = ("duckdb", "spark")


def check_engine(name: str) -> None:
    """Raises NotFound for an engine that is not known, and Refused for one that is not installed."""
    if name not in ENGINES:
        raise NotFound("engine", name, ENGINES)
    if name == "spark":
        check_spark()


@contextmanager
def opened(engine: str, store: Store, folder: Path, progress: Progress, total: int, few: bool) -> Iterator[Steps]:
    """Steps on the engine, which is let go of at the end; about a few customers always on DuckDB."""
    if engine == "duckdb" or few:
        yield Steps(store, folder, progress, total, few)
        return
    progress("start Spark", 0, total)
    with spark_session(folder) as session:
        yield SparkSteps(store, folder, progress, total, session)
