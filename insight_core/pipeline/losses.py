"""Losses: evidence that was set aside because it could not be read, remembered until it is back."""

import json
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from insight_core.store import Store
from insight_core.store.sql import rows_in
from insight_core.store.tables import Batch, LakeFile, Note

_LOST = "lost:"


def lost(store: Store) -> list[dict[str, Any]]:
    """Evidence that was set aside and is not back: file, dataset, rows left to bring, batches that it was of."""
    with store.read() as session:
        return [json.loads(one.value) for one in _notes(session)]


def bring_back(session: Session, batch: Batch) -> None:
    """Within a load's transaction: rows that it brings of files that were lost are lost no more."""
    brought = batch.accepted
    for note in _notes(session):
        one = json.loads(note.value)
        if one["dataset"] != batch.dataset or batch.source not in one["sources"]:
            continue
        one["rows"], brought = one["rows"] - brought, max(brought - one["rows"], 0)
        if one["rows"] > 0:
            note.value = json.dumps(one)
            session.add(note)
        else:
            session.delete(note)


def _notes(session: Session) -> Sequence[Note]:
    return session.exec(select(Note).where(col(Note.name).startswith(_LOST)).order_by(col(Note.name))).all()


def note_loss(store: Store, one: LakeFile) -> None:
    """Remember that the rows of a file are gone, and of which batches they were."""
    short = _short(store, one.dataset)
    said = {
        "file": one.path,
        "dataset": one.dataset,
        "rows": one.rows,
        "sources": sorted({batch.source for batch in short}),
        "batches": [{"batch": batch.id, "source": batch.source, "files": _names(batch)} for batch in short],
    }
    with store.write() as session:
        session.merge(Note(name=f"{_LOST}{one.path}", value=json.dumps(said)))


def _short(store: Store, dataset: str) -> list[Batch]:
    """The batches of which fewer rows are there than were accepted."""
    with store.read() as session:
        found = session.exec(select(Batch).where(col(Batch.unloaded_at).is_(None), Batch.dataset == dataset)).all()
    paths = store.lake.paths(dataset)
    query = f"SELECT batch, count(*) FROM {rows_in(paths)} GROUP BY batch" if paths else "SELECT 0, 0"
    there = dict(store.duck().execute(query).fetchall())
    return [one for one in found if there.get(one.id, 0) < one.accepted]


def _names(batch: Batch) -> list[str]:
    return sorted({str(one["file"]) for one in batch.files})


def told(one: dict[str, Any]) -> str:
    """A loss in words, with the way back."""
    files = ", ".join(f"{name} ({batch['source']})" for batch in one["batches"] for name in batch["files"])
    back = f"Load again what it was of: {files}" if files else "Restore a backup"
    return f"{one['rows']:,} rows of {one['dataset']} were lost with the lake's file {one['file']}. {back}."
