"""Steady: what loses its database on the way is done once more where that does nothing twice."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlalchemy.exc import DBAPIError

from insight_core.errors import Unreachable
from insight_core.store import in_our_words


def steady(work: Callable[..., Any]) -> Callable[..., Any]:
    """The method, done again when the connection was lost before anything was kept and the database answers again.

    A second receipt for one answer does no harm; a second event would. What lost its connection while it was
    being kept may be there or not: that is told, and a person looks.
    """

    @wraps(work)
    def once_more(self: Any, *given: Any, **named: Any) -> Any:
        database = self._store.database
        before = database.kept
        try:
            return work(self, *given, **named)
        except (DBAPIError, Unreachable) as fault:
            lost = isinstance(in_our_words(fault, self.root), Unreachable)
            if not lost or database.kept != before or not database.back():
                raise
        return work(self, *given, **named)

    return once_more
