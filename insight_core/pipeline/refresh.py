"""Refresh: profiles are written by one at a time, so that nobody's older look overwrites a newer one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from insight_core.errors import Busy
from insight_core.pipeline.build import rebuild
from insight_core.store import Store

_TURN = "profiles"
_PATIENCE = 60.0  # seconds that an editor waits for others; a build waits as long as the settings say

Waiting = Callable[[str], None]


@contextmanager
def alone(store: Store, what: str, waiting: Waiting, patience: float | None = None) -> Iterator[None]:
    """The turn to write profiles; raises Busy when another keeps it too long."""
    with store.turn(what, waiting, _TURN, patience):
        yield


def refresh(store: Store, now: int, customers: Sequence[str]) -> None:
    """Bring the customers' profiles up to date with what was just recorded.

    Raises Busy when others keep writing: what was recorded is kept, and the next build shows it.
    """
    try:
        with alone(store, "bringing profiles up to date", lambda _: None, _PATIENCE):
            rebuild(store, now, customers, lambda *_: None)
    except Busy as busy:
        raise Busy(f"It is kept, and the profile shows it after the next build. {busy}") from busy
