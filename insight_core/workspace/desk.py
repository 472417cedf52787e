"""The desk: one store at one instant, and what every part of the workspace needs of it."""

from collections.abc import Sequence
from datetime import datetime
from inspect import isfunction
from pathlib import Path
from typing import Any

from insight_core.compliance import Gate
from insight_core.errors import BadInput
from insight_core.notebooks import Notebooks
from insight_core.pipeline import job_rows
from insight_core.pipeline import refresh as refreshing
from insight_core.records.clock import epoch, utc
from insight_core.store import Store
from insight_core.workspace.steady import steady


class Desk:
    """One store at one instant; whatever a part of the workspace offers is `steady`."""

    def __init_subclass__(cls) -> None:
        """Every part of the workspace comes by here, so that none can forget it."""
        for name, one in list(vars(cls).items()):
            if isfunction(one) and not name.startswith("_"):
                setattr(cls, name, steady(one))

    def __init__(self, store: Store, now: datetime, door: str) -> None:
        # instants are told with a Z, and the clock's day is its day in UTC
        self.now = utc(now).replace(microsecond=0)
        self._store = store
        self._gate = Gate(store, epoch(self.now), door)
        self._duck: Any = None

    @property
    def root(self) -> Path:
        """The store's directory."""
        return self._store.root

    @property
    def version(self) -> int:
        """A number that every write moves on, whichever process it comes from: what was answered before it is old."""
        return self._store.version()

    @property
    def exports(self) -> Path:
        """Where exports go that name no other place."""
        return self._store.exports

    @property
    def notebooks(self) -> Notebooks:
        """The registered notebooks, and running them over this store."""
        return Notebooks(self._store, self.now)

    @property
    def jobs(self) -> job_rows.JobRows:
        """The rows of long work; `insight_core.jobs` starts it and says how far it is."""
        return job_rows.JobRows(self._store)

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()

    def _refresh(self, found: Sequence[str]) -> None:
        refreshing.refresh(self._store, epoch(self.now), sorted(set(found)))

    def _con(self) -> Any:
        if self._duck is None:
            self._duck = self._store.ibis()
            # files of the lake never change, nor do their footers
            self._duck.con.execute("SET parquet_metadata_cache = true")
        return self._duck


def existing(files: Sequence[str | Path]) -> list[Path]:
    """The paths, each checked to be a file; raises BadInput otherwise, or when none is named."""
    paths = [Path(one) for one in files]
    for path in paths:
        if not path.is_file():
            raise BadInput(f"There is no file {path}.")
    if not paths:
        raise BadInput("Name at least one file to load.")
    return paths
