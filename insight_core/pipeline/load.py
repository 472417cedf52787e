"""Load: files in, one batch out, visible as a whole or not at all."""

import re
import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import col, func, select

from insight_core.errors import NotFound
from insight_core.intake import Parsed, Recipe, parse
from insight_core.pipeline.assertions import Asserted, assert_rows, said_by
from insight_core.pipeline.losses import bring_back
from insight_core.records.clock import iso
from insight_core.records.datasets import columns
from insight_core.records.progress import Progress
from insight_core.records.results import LoadReport
from insight_core.store import Store
from insight_core.store.sorted_in import at_once
from insight_core.store.space import room
from insight_core.store.sql import dicts, listed, rows_in, text
from insight_core.store.tables import Batch, LakeFile

_NARROW = 20


def load(store: Store, paths: Sequence[Path], recipe: Recipe, source: str, now: int, progress: Progress) -> LoadReport:
    """Load the files as one batch.

    The rows lie in the lake and are synced before one transaction lists them with the batch;
    what fails before that leaves nothing behind that counts.
    """
    with staging(store) as folder:
        parsed = parse(paths, recipe, source, folder, now, progress, said_by(recipe.dataset, source))
        with closing(parsed.engine), store.turn(f"loading {paths[0].name}", lambda told: progress(told, 0, None)):
            batch = _add(store, parsed, recipe, source, now, progress)
    return LoadReport(
        batch.id, batch.read, batch.accepted, batch.duplicate, batch.quarantined, batch.reasons, parsed.files
    )


def _add(store: Store, parsed: Parsed, recipe: Recipe, source: str, now: int, progress: Progress) -> Batch:
    """Compare with what is known, write and sync the files, and list them; nobody else adds meanwhile."""
    con = parsed.engine
    progress("compare with what is known", 0, None)
    asserted = assert_rows(con, store, parsed.of_buckets, parsed.dataset, source)
    counts = _fates(con, asserted, parsed.read - parsed.quarantined)
    batch = _batch(parsed, recipe, source, counts, now)
    batch.id = _next_id(store)
    files = _write(store, parsed, asserted, batch, counts)
    heap, old = store.lake.heap(con, parsed.dataset)
    with store.write() as session:
        session.add(batch)
        store.lake.relist(session, [*files, *heap], old)
        bring_back(session, batch)
    if old:
        store.lake.unlink(old)
    return batch


def _next_id(store: Store) -> int:
    with store.read() as session:
        return (session.exec(select(func.max(Batch.id))).one() or 0) + 1


@contextmanager
def staging(store: Store) -> Iterator[Path]:
    """A scratch folder inside the store that is gone afterwards; a full disk is told as such."""
    with room(store.root):
        folder = store.scratch()
    try:
        with room(store.root):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def batches(store: Store) -> list[dict[str, Any]]:
    """Every load, oldest first, with what became of its rows."""
    with store.read() as session:
        found = session.exec(select(Batch).order_by(col(Batch.id))).all()
    return [
        one.model_dump() | {"recorded_at": iso(one.recorded_at), "unloaded_at": iso(one.unloaded_at)} for one in found
    ]


def sources(store: Store) -> list[dict[str, Any]]:
    """The sources that have something in, by name."""
    with store.read() as session:
        query = (
            select(Batch.source, func.count(), func.sum(Batch.accepted), func.max(Batch.recorded_at))
            .where(col(Batch.unloaded_at).is_(None)).group_by(Batch.source).order_by(Batch.source)
        )  # fmt: skip
        rows = session.exec(query).all()
    return [
        {"source": name, "batches": count, "rows": rows_in, "last": iso(last)} for name, count, rows_in, last in rows
    ]


def resembling(store: Store, name: str) -> str | None:
    """The known source that a name which is none may mean: a word of it, or nearly the same; None for a known one."""
    known = {one["source"].casefold(): one["source"] for one in sources(store)}
    said = name.strip().casefold()
    if said in known:
        return None if known[said] == name.strip() else known[said]
    words = re.split(r"[\W_]+", said)
    near = [one for one in known if one in words] or get_close_matches(said, known, n=1)
    return known[near[0]] if near else None


def quarantined(store: Store, con: Any, batch: int | None, limit: int) -> list[dict[str, Any]]:
    """What was refused, by batch, file and line; raises NotFound for a batch that there never was."""
    if batch is not None:
        _check_batch(store, batch)
    paths = store.lake.paths("quarantine")
    if not paths:
        return []
    only = "" if batch is None else f"WHERE batch = {int(batch)}"
    order = 'batch, file, line, "column", code'
    query = f"SELECT {listed(columns('quarantine'))} FROM {rows_in(paths)} {only} ORDER BY {order} LIMIT {int(limit)}"
    return dicts(con, query)


def _check_batch(store: Store, batch: int) -> None:
    with store.read() as session:
        known = session.exec(select(Batch.id)).all()
    if batch not in known:
        raise NotFound("batch", str(batch), map(str, known))


def _fates(con: Any, asserted: Asserted, rows: int) -> Counter[str]:
    if asserted.new:
        return Counter(new=rows)
    counts: Counter[str] = Counter()
    for buckets in at_once(con, asserted.rows(None), "record_id", rows):
        counts.update(dict(con.sql(f"SELECT fate, count(*) FROM ({asserted.rows(buckets)}) GROUP BY fate").fetchall()))
    return counts


def _batch(parsed: Parsed, recipe: Recipe, source: str, counts: Counter[str], now: int) -> Batch:
    return Batch(
        source=source,
        recipe=recipe.name,
        dataset=parsed.dataset,
        files=parsed.files,
        read=parsed.read,
        accepted=counts["new"],
        duplicate=counts["repeated"] + counts["again"],
        quarantined=parsed.quarantined,
        reasons=dict(sorted(parsed.reasons.items())),
        recorded_at=now,
    )


def _write(store: Store, parsed: Parsed, asserted: Asserted, batch: Batch, counts: Counter[str]) -> list[LakeFile]:
    con, dataset = parsed.engine, parsed.dataset
    told = {
        "source": text(batch.source),
        "batch": f"{batch.id}::INTEGER",
        "recorded_at": f"{batch.recorded_at}::BIGINT",
        "dataset": text(dataset),
    }
    into = {"new": dataset, "again": "again"}
    alike = {fate: _alike(columns(name), told, parsed.blank) for fate, name in into.items()}

    def of_fate(fate: str, buckets: Sequence[int] | None) -> str:
        names = [name for name in columns(into[fate]) if name not in alike[fate]]
        return f"SELECT {listed(names)}, bucket FROM ({asserted.rows(buckets)}) WHERE fate = '{fate}'"

    stamped = f"SELECT *, {told['batch']} AS batch FROM {rows_in(parsed.quarantine)}"
    refused = f"SELECT {listed(columns('quarantine'))} FROM ({stamped})"
    if len(columns(dataset)) - len(alike["new"]) > _NARROW:
        # One thread needs less memory to put wide rows in order than two, and others write meanwhile.
        con.execute("SET threads = 1")
    return [
        *store.lake.put_parts(con, partial(of_fate, "new"), dataset, counts["new"], alike["new"]),
        *store.lake.put_parts(con, partial(of_fate, "again"), "again", counts["again"], alike["again"]),
        *store.lake.put(con, refused, "quarantine", parsed.quarantined),
    ]


def _alike(names: Mapping[str, str], told: Mapping[str, str], blank: Collection[str]) -> dict[str, str]:
    """What all rows of a load have in the same columns: what the load says of them, and nothing."""
    return {name: told.get(name, f"NULL::{kind}") for name, kind in names.items() if name in told or name in blank}
