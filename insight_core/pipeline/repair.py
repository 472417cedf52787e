"""Repair: what a build makes is made again; evidence that cannot be read is set aside and never forgotten.

Evidence stands nowhere else than in the lake. So a damaged file of it is moved to `damaged/`,
what it held is noted as lost, and `verify` goes on saying so until the rows are back: loading
the same files again adds just the rows that are missing.
"""

from collections.abc import Sequence
from time import time

from sqlmodel import select

from insight_core.pipeline.build import build
from insight_core.pipeline.losses import note_loss
from insight_core.records.datasets import DATASETS
from insight_core.store import Store
from insight_core.store.lake import BUILT
from insight_core.store.tables import LakeFile

# A file this young may belong to a load that is about to list it.
YOUNG_SECONDS = 60


def repair(store: Store, now: int) -> list[str]:
    """Mend what can be mended; says what was done."""
    with store.turn("a repair", lambda _told: None):
        did = [f"{path}: removed" for path in remove_strays(store)]
        broken = [one for one, _ in store.lake.broken()]
        did += _set_aside(store, [one for one in broken if one.dataset not in BUILT])
        again = any(one.dataset in BUILT for one in broken)
        if again:
            _unlist(store, [one for name in BUILT for one in store.lake.listed(name)])
    if again:
        build(store, now, full=True, progress=lambda _step, _done, _total: None)
        did.append("the profiles were built anew")
    return did


def strays(store: Store) -> list[str]:
    """Files that are not listed: they do not count, but they may hold personal data."""
    with store.read() as session:
        listed = {one.path for one in session.exec(select(LakeFile))}
    root = store.lake.root
    return [name for path in sorted(root.rglob("*.parquet")) if (name := str(path.relative_to(root))) not in listed]


def remove_strays(store: Store) -> list[str]:
    """Delete the files that are not listed and not about to be."""
    old = [one for one in strays(store) if (store.lake.root / one).stat().st_mtime < time() - YOUNG_SECONDS]
    for one in old:
        (store.lake.root / one).unlink(missing_ok=True)
    return old


def _set_aside(store: Store, files: Sequence[LakeFile]) -> list[str]:
    for one in files:
        path = store.lake.root / one.path
        if path.exists():
            aside = store.root / "damaged" / one.path
            aside.parent.mkdir(parents=True, exist_ok=True)
            path.replace(aside)
    _unlist(store, files)
    for one in files:
        if one.dataset in DATASETS:
            note_loss(store, one)
    return [f"{one.path}: set aside in damaged/" for one in files]


def _unlist(store: Store, files: Sequence[LakeFile]) -> None:
    with store.write() as session:
        store.lake.relist(session, [], files)
    store.lake.unlink(files)
