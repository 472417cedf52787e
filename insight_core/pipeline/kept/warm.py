"""Warm: count what most people ask first, so that nobody waits for it."""

from contextlib import suppress
from datetime import datetime

from insight_core.errors import Refused
from insight_core.pipeline.kept.answers import Wanted, best, overview
from insight_core.store import Store

USUAL = "customer_care"
_LOOKED_THROUGH = 2000


# With fewer customers nobody waits long enough to notice.
_MANY = 5_000


def warm(store: Store, now: datetime, customers: int) -> None:
    """Keep the usual purpose's answers for the day, as deep as a person looks through the worklist."""
    if customers < _MANY:
        return
    # an empty store has no answers
    with suppress(Refused):
        overview(store, USUAL, now)
        best(store, USUAL, now, _LOOKED_THROUGH, Wanted())
