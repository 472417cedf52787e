"""Refresh: what somebody just said of a customer is brought into the profile at once."""

from collections.abc import Sequence

from insight_core.errors import Busy
from insight_core.pipeline.build import alone, rebuild
from insight_core.records.progress import silent
from insight_core.store import Store

_PATIENCE = 60.0  # seconds that an editor waits for others to have written; a build waits as long as the settings say


def refresh(store: Store, now: int, customers: Sequence[str]) -> None:
    """Bring the customers' profiles up to date with what was just recorded.

    Raises Busy when others keep writing: what was recorded is kept, and the next build shows it.
    """
    try:
        with alone(store, "bringing profiles up to date", lambda _: None, _PATIENCE):
            rebuild(store, now, customers, silent)
    except Busy as busy:
        raise Busy(f"It is kept, and the profile shows it after the next build. {busy}") from busy
