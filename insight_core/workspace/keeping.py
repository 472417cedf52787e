"""Keeping: whole, backed up, emptied."""

from pathlib import Path
from typing import Any

from insight_core.pipeline import backup as backups
from insight_core.pipeline import losses, verify
from insight_core.records.clock import epoch
from insight_core.records.progress import Progress, silent
from insight_core.store.wipe import wipe
from insight_core.workspace.desk import Desk


class Keeping(Desk):
    """That nothing is lost."""

    def verify(self, repair: bool = False, explain: bool = False) -> dict[str, Any]:
        """Whether the store is whole, and its state hash; `explain` adds the digest of each part."""
        found = verify.verify(self._store, self.now, repair)
        return found if explain else {name: value for name, value in found.items() if name != "parts"}

    def losses(self) -> list[str]:
        """Evidence that could not be read, was set aside and is not back: each in words, with the way back."""
        return [losses.told(one) for one in losses.lost(self._store)]

    def wipe(self, progress: Progress = silent) -> None:
        """Empty the store, for a demonstration that starts anew; the receipts stay."""
        with self._store.turn("emptying the store", lambda told: progress(told, 0, None)):
            wipe(self._store)

    def backup(self, to: str | Path) -> dict[str, Any]:
        """Write store and lake as they stand at one moment to a file, also while others load and build."""
        return backups.backup(self._store, Path(to), epoch(self.now))
