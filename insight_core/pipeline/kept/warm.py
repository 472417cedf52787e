"""Warm: count what most people ask first, so that nobody waits for it."""

from contextlib import suppress
from datetime import datetime

from insight_core.catalogue import CARE
from insight_core.errors import Refused
from insight_core.pipeline.kept.answers import Wanted, best, overview, scored
from insight_core.pipeline.plans import code_print
from insight_core.settings import cache_folder
from insight_core.store import Store

_LOOKED_THROUGH = 2000


# With fewer customers nobody waits long enough to notice, once the questions were put into SQL.
MANY = 5_000


def warm(store: Store, now: datetime, customers: int) -> None:
    """Keep the usual purpose's answers for the day, as deep as a person looks through the worklist.

    The first build of an installation asks whatever the size: to put these questions into SQL takes seconds.
    """
    asked = cache_folder() / "plans" / f"asked-{code_print()[:16]}"
    known = asked.exists()
    if known and customers < MANY:
        return
    # an empty store has no answers
    with suppress(Refused):
        overview(store, CARE, now)
        best(store, CARE, now, _LOOKED_THROUGH, Wanted())
        if not known:
            scored(store, CARE, now)
            # a home that cannot be written costs seconds, not the build
            with suppress(OSError):
                asked.parent.mkdir(parents=True, exist_ok=True)
                asked.touch()
