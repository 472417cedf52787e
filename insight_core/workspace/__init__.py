"""The workspace: the whole story as methods, for the command line, the app, notebooks and programs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from insight_core.pipeline import backup as backups
from insight_core.records.progress import Progress
from insight_core.settings import read_settings
from insight_core.store import Store
from insight_core.workspace.fixing import Fixing
from insight_core.workspace.keeping import Keeping
from insight_core.workspace.loading import Loading
from insight_core.workspace.reading import Reading
from insight_core.workspace.using import Using

__all__ = ["Progress", "Workspace", "open_store", "restore"]


class Workspace(Loading, Reading, Fixing, Using, Keeping):
    """One store at one instant. Every read states a purpose and leaves a receipt."""


def open_store(path: str | Path | None = None, now: datetime | None = None, door: str = "sdk") -> "Workspace":
    """Open the store in a directory, made when it is not there; without one, where INSIGHT_STORE says.

    `now` stands in for the clock, in any time zone (none is UTC); without it INSIGHT_NOW does, else the
    clock is read once, here. `door` goes into the receipts and says who asked.
    """
    settings = read_settings()
    return Workspace(Store(Path(path or settings.store)), now or settings.now or datetime.now(UTC), door)


def restore(backup_file: str | Path, path: str | Path) -> dict[str, Any]:
    """Make the store in a directory anew from a backup; the directory must hold none."""
    return backups.restore(Path(backup_file), Path(path))
