"""Rows of long work: asked for by one process, done by another, looked at by all."""

from collections.abc import Collection
from typing import Any

from sqlmodel import col, select

from insight_core.errors import NotFound
from insight_core.store import Store
from insight_core.store.desk_tables import LIVE, Job


class JobRows:
    """The store's jobs; what is written here changes no answer, so it leaves the store's version alone."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, job: Job) -> None:
        """A new job."""
        with self._store.write(quiet=True) as session:
            session.add(job)

    def one(self, job: str) -> Job:
        """The job as it is now; raises NotFound."""
        with self._store.read() as session:
            found = session.get(Job, job)
        if found is None:
            raise NotFound("job", job)
        return found

    def newest(self, limit: int, states: Collection[str] = ()) -> list[Job]:
        """Jobs, newest first; with `states`, those only."""
        query = select(Job).order_by(col(Job.made_at).desc(), col(Job.id)).limit(limit)
        if states:
            query = query.where(col(Job.state).in_(states))
        with self._store.read() as session:
            return list(session.exec(query).all())

    def change(self, job: str, among: Collection[str] = LIVE, **values: Any) -> None:
        """New values for a job that is in one of the states still: what has ended stays as it ended."""
        with self._store.write(quiet=True) as session:
            found = session.get(Job, job)
            if found is not None and found.state in among:
                found.sqlmodel_update(values)
                session.add(found)
