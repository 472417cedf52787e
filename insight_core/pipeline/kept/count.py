"""Count: the shares of some places of the base, anew, in one pass over their customers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from insight_core.catalogue import Purpose
from insight_core.pipeline.kept.figures import Shares, figures
from insight_core.pipeline.kept.judge import everyone
from insight_core.pipeline.kept.looked import Looked, moved, settled
from insight_core.pipeline.kept.parts import Part, place
from insight_core.pipeline.kept.prints import Files, is_beside
from insight_core.store import Store
from insight_core.store.buckets import BUCKETS

# Customers that are looked at together: a gigabyte of their cells. Fewer would spend their time on planning.
_AT_ONCE = 250_000
_SIDE_BY_SIDE = 2


def count_settled(
    store: Store, aim: Purpose, now: datetime, files: Files, depths: Mapping[int, int]
) -> Iterator[dict[int, Shares]]:
    """The shares of the buckets' own files; `depths` says how many cells worth fixing of each kind each one keeps."""

    def looked(some: Sequence[int]) -> tuple[Looked, dict[int, int]]:
        return settled(store, files, some), {bucket: depths[bucket] for bucket in some}

    rows = sum(one.rows for one in files["snapshot"] if not is_beside(one))
    yield from _counted(store, aim, now, map(looked, batches(rows, sorted(depths))))


def count_moved(
    store: Store, aim: Purpose, now: datetime, files: Files, depths: Mapping[int, int]
) -> Iterator[dict[int, Shares]]:
    """The shares, by place, of whoever moved out of these buckets: as they stood there, and as they stand now."""

    def looked(some: Sequence[int]) -> tuple[Looked, dict[int, int]]:
        # nobody asks which of the old cells were worth fixing
        places = {place(Part.LEFT, bucket): 0 for bucket in some}
        return moved(store, files, some), places | {place(Part.CAME, bucket): depths[bucket] for bucket in some}

    rows = 2 * sum(one.rows for one in files["snapshot"] if is_beside(one))
    yield from _counted(store, aim, now, map(looked, batches(rows, sorted(depths))))


def _counted(
    store: Store, aim: Purpose, now: datetime, parts: Iterable[tuple[Looked, Mapping[int, int]]]
) -> Iterator[dict[int, Shares]]:
    """Each part's shares; of several two at a time, each by one thread, for half of the work is one thread's anyway."""
    every = list(parts)
    counted = partial(_of_part, store, aim, now, threads=1 if len(every) > 1 else None)
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        yield from pool.map(lambda part: counted(*part), every)


def _of_part(
    store: Store, aim: Purpose, now: datetime, looked: Looked, depths: Mapping[int, int], threads: int | None
) -> dict[int, Shares]:
    con = store.duck()
    try:
        if threads:
            con.execute(f"SET threads = {threads}")
        everyone(con, aim, now, looked, depths)
        return figures(con, aim, now, looked.place, depths)
    finally:
        con.close()


def batches(rows: int, buckets: Sequence[int]) -> Iterator[list[int]]:
    """The buckets in parts that are looked at together; `rows` are those of all buckets."""
    step = max(1, int(_AT_ONCE / max(rows / BUCKETS, 1)))
    return (list(buckets[start : start + step]) for start in range(0, len(buckets), step))
