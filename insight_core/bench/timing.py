"""Seconds, processor and memory of one piece of work, in a process of its own."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time
from typing import Any

import duckdb

# Questions asked of a store in one run; the first quarter only warms it.
ASKED = 240


@dataclass(frozen=True, slots=True)
class Taken:
    """What a piece of work took: `seconds` as it says itself, what opens the store left out.

    `processor_s` is of all threads, opening included; `peak_mb` is of the whole process.
    """

    seconds: float
    processor_s: float
    peak_mb: float


def bare_duckdb(**settings: int) -> duckdb.DuckDBPyConnection:
    """DuckDB in memory as it comes, but for its progress bar: that would write into our answer."""
    con = duckdb.connect(config=dict(settings))
    con.execute("SET enable_progress_bar=false")
    return con


def in_child(work: Callable[..., float], *words: Any) -> Taken:
    """Run it in a fresh process, so that no run warms or fattens the next one."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_watched, work, words).result()


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    started = perf_counter()
    work()
    return perf_counter() - started


def each(ask: Callable[[int], object], customers: int) -> list[float]:
    """Seconds of each question once warm, the questions spread over all customers; shortest first."""
    took = [timed(partial(ask, number * 7919 % customers)) for number in range(ASKED)]
    return sorted(took[ASKED // 4 :])


def sync(path: Path) -> None:
    """Wait until the file is on the disk, as a load does before it says that it is done."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _watched(work: Callable[..., float], words: tuple[Any, ...]) -> Taken:
    before = process_time()
    seconds = work(*words)
    return Taken(seconds, process_time() - before, getrusage(RUSAGE_SELF).ru_maxrss / 1024)
