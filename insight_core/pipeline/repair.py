"""Repair: what a build makes is made again; evidence that cannot be read is set aside and never forgotten.

Evidence stands nowhere else than in the lake. So a damaged file of it is moved to `damaged/`,
what it held is noted as lost, and `verify` goes on saying so until the rows are back: loading
the same files again adds just the rows that are missing.
"""

from collections.abc import Sequence

from insight_core.pipeline.build import build
from insight_core.pipeline.losses import note_loss
from insight_core.records.datasets import DATASETS
from insight_core.store import Store
from insight_core.store.buckets import BUILT
from insight_core.store.disk import GRACE_SECONDS
from insight_core.store.scratch import sweep
from insight_core.store.tables import LakeFile


def repair(store: Store, now: int) -> list[str]:
    """Mend what can be mended; says what was done."""
    with store.turn("a repair", lambda _told: None):
        sweep(store.lake.root)
        did = [f"{path}: removed" for path in _remove_unlisted(store)]
        broken = [one for one, _ in store.lake.broken()]
        did += _set_aside(store, [one for one in broken if one.dataset not in BUILT])
        again = any(one.dataset in BUILT for one in broken)
        if again:
            _unlist(store, [one for name in BUILT for one in store.lake.listed(name)])
    if again:
        build(store, now, full=True, progress=lambda _step, _done, _total: None)
        did.append("the profiles were built anew")
    return did


def _remove_unlisted(store: Store) -> list[str]:
    found = store.lake.unlisted(GRACE_SECONDS)
    for one in found:
        (store.lake.root / one).unlink(missing_ok=True)
    return found


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
    store.lake.unlink(files, at_once=True)
