"""What the steps give back: plain records, each with a `to_json` twin made by `as_json`."""

import dataclasses
from dataclasses import dataclass
from math import isnan
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class LoadReport:
    """A load: `read` = `accepted` + `duplicate` + `quarantined`; `reasons` counts quarantined rows by code."""

    batch: int | None
    read: int
    accepted: int
    duplicate: int
    quarantined: int
    reasons: dict[str, int]
    files: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LoadPreview:
    """What a load would do: rows by fate, the mapping it would use, and samples; `samples` are lines by fate.

    `alike` is about how many of the new records would be linked to customers known; None where nobody is known yet.
    `invalid` counts values that are taken in and break a rule: field, reason, count, and one of them as example.
    """

    recipe: str
    mapping: list[dict[str, Any]]
    read: int
    new: int
    changed: int
    conflicting: int
    duplicate: int
    quarantined: int
    reasons: dict[str, int]
    sample: list[dict[str, Any]]
    conflicts: list[dict[str, Any]]
    samples: dict[str, list[dict[str, Any]]] = dataclasses.field(default_factory=dict)
    alike: int | None = None
    invalid: list[dict[str, Any]] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """A build: customers in all, those whose profile changed, and the seconds it took.

    `unattached` counts contacts, uses and consents about nobody's record: all of them when everybody was looked at,
    otherwise of those that came since the last build.
    """

    customers: int
    changed: int
    seconds: float
    unattached: int
    steps: dict[str, float]


class FieldState(NamedTuple):
    """One field of a profile as a reader may see it; a tuple, because a profile has a hundred of them.

    `state` is fresh, ageing, stale, conflicting, invalid or unknown. `freshness` is 0 to 1,
    or None when the value does not age or is unknown. `reason` is one plain sentence.
    """

    value: Any
    method: str | None
    source: str | None
    observed_at: str | None
    verified_at: str | None
    confidence: float | None
    state: str
    freshness: float | None
    evidence: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet: a plain sentence made from its facts, and its fields."""

    summary: str
    fields: dict[str, FieldState]


# How the reason begins of what the purpose may not be told.
WITHHELD = "withheld: "


@dataclass(frozen=True, slots=True)
class Score:
    """A score between 0 and 1, or None when nothing can be said or may be told, and why."""

    value: float | None
    because: tuple[str, ...]

    @property
    def withheld(self) -> bool:
        """Whether the purpose may not be told it."""
        return self.value is None and any(one.startswith(WITHHELD) for one in self.because)


@dataclass(frozen=True, slots=True)
class Profile:
    """One customer for one purpose, as the gate lets it out."""

    customer: str
    name: str
    kind: str
    purpose: str
    as_of: str
    facets: dict[str, Facet]
    scores: dict[str, Any]
    next_question: dict[str, Any] | None
    redacted: list[dict[str, str]]
    receipt: str
    records: list[dict[str, Any]] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ValueHistory:
    """Who spoke of a field, strongest first, each with why it won or lost; and its values step by step, newest first.

    `spoke`: evidence, source, key, value, method, rank, observed_at, verified_at, recorded_at, won, why.
    `steps`: from, until, value, source, method, learnt, how.
    """

    field: str
    spoke: tuple[dict[str, Any], ...]
    steps: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A field worth fixing: why, and how much a fix is worth (weight lost for the purpose)."""

    customer: str
    name: str
    field: str
    value: Any
    reason: str
    state: str
    impact: float


@dataclass(frozen=True, slots=True)
class Change:
    """One change to one field, made or proposed."""

    change: str | None
    customer: str
    field: str
    action: str
    before: Any
    after: Any
    scores_before: dict[str, Any] = dataclasses.field(default_factory=dict)
    scores_after: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Card:
    """An interaction card: how to talk to one customer, why, why not otherwise, and how sure.

    `abstained` is None, or the reason for which nothing is recommended; then the dimensions are None.
    `eligible` lists the channels that could have been chosen, `propensity` the chance with which this one was.
    `confidence` is from 0 to below 0.995, which no percent makes a certainty: where `eligible` names one channel
    alone there was nothing to be better than, and it tells the freshness of the evidence.
    """

    card: str
    customer: str
    name: str
    purpose: str
    channel: str | None
    window: str | None
    tone: str | None
    cadence_days: int | None
    solution_set: str | None
    experience: str | None
    confidence: float
    reasons: list[dict[str, Any]]
    refused: list[dict[str, Any]]
    abstained: str | None
    eligible: list[str]
    propensity: float
    made_at: str


@dataclass(frozen=True, slots=True)
class ExportReport:
    """An export: rows written, cards that abstain among them, customers withheld with the reasons, the receipt."""

    path: str
    rows: int
    withheld: int
    reasons: dict[str, int]
    receipt: str
    abstained: int = 0

    @property
    def told(self) -> str:
        """`799 rows in cards.csv: 630 cards, 169 with nothing recommended`."""
        told = f"{self.rows:,} rows in {self.path}"
        silent = f"{self.rows - self.abstained:,} cards, {self.abstained:,} with nothing recommended"
        return f"{told}: {silent}" if self.abstained else told


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes would do to one customer: the four scores, the interaction card, and the difference in words."""

    customer: str
    scores_before: dict[str, Any]
    scores_after: dict[str, Any]
    card_before: Card
    card_after: Card
    differences: list[str]


def is_record(value: Any) -> bool:
    """Whether it is one of the records above, or another with named parts."""
    return bool(_parts(value))


def as_json(value: Any) -> Any:
    """Records as plain dictionaries, lists and scalars, ready for json.dumps."""
    if names := _parts(value):
        return {name: as_json(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {str(key): as_json(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(one) for one in value]
    return None if isinstance(value, float) and isnan(value) else value


def _parts(value: Any) -> tuple[str, ...]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return tuple(one.name for one in dataclasses.fields(value))
    return getattr(value, "_fields", ()) if isinstance(value, tuple) else ()
