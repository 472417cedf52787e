"""What people at work leave in the store: long work under way, changes not applied yet, views worth keeping."""

from sqlalchemy import JSON, BigInteger, Column, Text
from sqlmodel import Field, SQLModel

# A job in one of these has not ended.
LIVE = ("waiting", "running")


class Job(SQLModel, table=True):
    """Long work that a page asked for: it outlives the page, says how far it is, and can be stopped.

    `state` is waiting, running, done, failed or stopped. Times are of the wall clock, in seconds
    since 1970; a running job beats at least every few seconds, so that a dead one shows.
    """

    id: str = Field(primary_key=True)
    kind: str
    arguments: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))
    state: str = Field(index=True)
    step: str = ""
    done: int = Field(default=0, sa_type=BigInteger)
    total: int | None = Field(default=None, sa_type=BigInteger)
    message: str = Field(default="", sa_column=Column(Text, nullable=False))
    result: dict[str, object] | None = Field(default=None, sa_column=Column(JSON))
    stop_asked: bool = False
    pid: int | None = None
    made_at: int = Field(sa_type=BigInteger)
    beat_at: int | None = Field(default=None, sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)


class Draft(SQLModel, table=True):
    """A change that somebody has begun and not applied: a reload, or a crash, loses none.

    `seen` is the value that it was made against, as JSON: when the field says something else by
    now, somebody else was faster.
    """

    customer_id: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    action: str
    value: str | None = Field(default=None, sa_column=Column(Text))
    source: str | None = None
    seen: str | None = Field(default=None, sa_column=Column(Text))
    made_at: int = Field(sa_type=BigInteger)


class FixEvent(SQLModel, table=True):
    """A fix was made, undone or redone: never changed, never deleted (a trigger says so).

    The order of the ids is the order in which it happened. `Correction.undone_at` says how it
    stands now, these rows how it stood at any past moment.
    """

    __tablename__ = "fix_event"

    id: int | None = Field(default=None, primary_key=True)
    change: str = Field(index=True)
    what: str
    at: int = Field(sa_type=BigInteger)


class SavedView(SQLModel, table=True):
    """A view with its filters under a name: where it is and what its address line says."""

    __tablename__ = "saved_view"

    name: str = Field(primary_key=True)
    view: str
    query: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    made_at: int = Field(sa_type=BigInteger)


class KeptAnswer(SQLModel, table=True):
    """One bucket's share of an answer about the whole base, kept while the bucket stays as it is.

    `print` names what it was counted from; with another print it is counted again.
    """

    __tablename__ = "kept_answer"

    question: str = Field(primary_key=True)
    purpose: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    bucket: int = Field(primary_key=True)
    print: str
    body: str = Field(sa_column=Column(Text, nullable=False))
