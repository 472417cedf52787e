"""The store's tables, but for the facets: see `facet_tables`."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, Text, text
from sqlmodel import Field, SQLModel

# SQLite has one kind of integer; elsewhere a count may outgrow the usual one.
_COUNT: Any = Integer().with_variant(BigInteger(), "postgresql")
# Few profiles are changed by time alone: the others need no place in the index.
_DUE = text("due_at IS NOT NULL")


class Batch(SQLModel, table=True):
    """One load: what was read and what became of every row."""

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(index=True)
    recipe: str
    dataset: str
    files: list[dict[str, object]] = Field(sa_column=Column(JSON, nullable=False))
    read: int = Field(sa_type=_COUNT)
    accepted: int = Field(sa_type=_COUNT)
    duplicate: int = Field(sa_type=_COUNT)
    quarantined: int = Field(sa_type=_COUNT)
    reasons: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))
    recorded_at: int = Field(sa_type=BigInteger)
    unloaded_at: int | None = Field(default=None, sa_type=BigInteger)


class LakeFile(SQLModel, table=True):
    """One Parquet file of the lake. A file that is not listed does not exist.

    `bucket` is None for a small load that waits for the next build to sort it in.
    """

    __tablename__ = "lake_file"

    path: str = Field(primary_key=True)
    dataset: str = Field(index=True)
    bucket: int | None
    rows: int = Field(sa_type=_COUNT)
    bytes: int = Field(sa_type=_COUNT)
    sha256: str


class Link(SQLModel, table=True):
    """Which customer a record belongs to, by which rule and through which other record."""

    record_id: str = Field(primary_key=True)
    customer_id: str = Field(index=True)
    source: str
    rule: str
    partner: str | None


class Customer(SQLModel, table=True):
    """One customer: the head of a profile.

    `evidence` lists what the profile was chosen from, weakest first, each
    [evidence id, source, method, observed_at, verified_at]; the facets' `won` columns are
    indexes into it. `due_at` is when time alone would change the profile.
    """

    __table_args__ = (Index("ix_customer_due_at", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),)

    customer_id: str = Field(primary_key=True)
    kind: str | None
    name: str | None
    evidence: str = Field(sa_column=Column(Text, nullable=False))
    due_at: int | None = Field(default=None, sa_type=BigInteger)


class ConsentState(SQLModel, table=True):
    """What a customer allows now: the strictest answer over the customer's records."""

    __tablename__ = "consent_state"

    customer_id: str = Field(primary_key=True)
    purpose: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    state: str
    since: int = Field(sa_type=BigInteger)
    expires_at: int | None = Field(default=None, sa_type=BigInteger)


class ConsentEvent(SQLModel, table=True):
    """A consent given or withdrawn here; never changed, never deleted (a trigger says so)."""

    __tablename__ = "consent_event"

    id: int | None = Field(default=None, primary_key=True)
    anchors: list[str] = Field(sa_column=Column(JSON, nullable=False))
    purpose: str
    channel: str
    status: str
    decided_at: int = Field(sa_type=BigInteger)
    wording: str


class Correction(SQLModel, table=True):
    """A steward's word on one field of one customer: evidence that can be undone alone.

    `anchors` are the records the customer had: the fix follows the smallest that is still there.
    """

    change: str = Field(primary_key=True)
    change_set: str = Field(index=True)
    customer_id: str = Field(index=True)
    anchors: list[str] = Field(sa_column=Column(JSON, nullable=False))
    field: str
    action: str
    value: str
    before: str | None
    observed_at: int = Field(sa_type=BigInteger)
    verified_at: int = Field(sa_type=BigInteger)
    undone_at: int | None = Field(default=None, sa_type=BigInteger)


class Receipt(SQLModel, table=True):
    """One answer of the gate: who asked for what and why; it holds no values.

    Each row's digest covers the row before it, so that a changed or missing row shows.
    """

    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=BigInteger)
    purpose: str
    door: str
    subjects: int = Field(sa_type=_COUNT)
    subject: str | None = Field(default=None, index=True)
    served: str
    withheld: str
    digest: str


class CardRow(SQLModel, table=True):
    """An interaction card as it was given out, kept for what may come of it."""

    __tablename__ = "card"

    card: str = Field(primary_key=True)
    customer_id: str = Field(index=True)
    purpose: str
    channel: str | None
    window: str | None
    tone: str | None
    cadence_days: int | None
    solution_set: str | None
    experience: str | None
    confidence: int
    reasons: str = Field(sa_column=Column(Text, nullable=False))
    refused: str = Field(sa_column=Column(Text, nullable=False))
    abstained: str | None
    eligible: str
    propensity: int
    context: str | None
    made_at: int = Field(sa_type=BigInteger)


class Outcome(SQLModel, table=True):
    """What came of a card, with what was known when it was made."""

    id: int | None = Field(default=None, primary_key=True)
    card: str
    customer_id: str = Field(index=True)
    at: int = Field(sa_type=BigInteger)
    result: str
    value: int | None = Field(default=None, sa_type=BigInteger)
    channel: str | None
    window: str | None
    tone: str | None
    eligible: str
    propensity: int
    context: str | None
    __table_args__ = (Index("outcome_once", "card", "at", "result", unique=True),)


class Note(SQLModel, table=True):
    """Small facts about the store itself, such as what the last build saw."""

    name: str = Field(primary_key=True)
    value: str
