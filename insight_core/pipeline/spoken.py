"""Spoken: everybody who says something about a field, who wins, and why.

The order of precedence is that of `fold.versions`: method, then observed_at, then source rank, then record id.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from insight_core.catalogue import Field, method
from insight_core.pipeline.steward import STEWARD, lapses_at, typed
from insight_core.records.clock import instant
from insight_core.records.values import plain
from insight_core.store.tables import Correction

_NEVER = -(2**62)
_EVER = 2**62


@dataclass(frozen=True, slots=True)
class Word:
    """One statement about one field. It counts from `since` until `until`; `lapses` is when a fix loses its rank.

    Clocks are epoch seconds; `observed` may be None. `value` is as JSON holds it.
    """

    evidence: str
    source: str
    key: str | None
    method: str
    rank: int
    value: Any
    observed: int | None
    verified: int | None
    recorded: int
    record: str
    action: str = "said"
    lapses: int = _EVER
    until: int = _EVER

    @property
    def since(self) -> int:
        """When it began to count: when it was observed, or else when it was learnt."""
        return self.recorded if self.observed is None or self.source == STEWARD else self.observed

    def method_at(self, moment: int) -> str:
        """How it is known at the moment: a fix that has lapsed is what somebody once declared."""
        return "declared" if self.method == "corrected" and moment >= self.lapses else self.method

    def counts_at(self, moment: int) -> bool:
        """Whether it is said and not taken back at the moment."""
        return self.since <= moment < self.until

    def strength(self, moment: int) -> tuple[int, int, int, str, str]:
        """Its place in the order of precedence at the moment."""
        observed = _NEVER if self.observed is None else self.observed
        return (method(self.method_at(moment)).rank, observed, self.rank, self.record, self.evidence)


def words_of(field: Field, rows: Sequence[Mapping[str, Any]], fixes: Sequence[Correction]) -> list[Word]:
    """Every row and every fix that says something about the field."""
    said = [_of_row(row, plain(field, row[field.name])) for row in rows if row.get(field.name) is not None]
    mine = [one for one in fixes if one.field == field.name]
    # Of two fixes of one moment the later made wins, as in `steward.steward_rows`.
    return said + [_of_fix(one, field, nth) for nth, one in enumerate(mine)]


def _of_row(row: Mapping[str, Any], value: Any) -> Word:
    return Word(
        evidence=f"{row['record_id']}.{row['evidence']}", source=row["source"], key=row["key"],
        method=row["method"] or "declared", rank=row["rank"] or 0, value=value, observed=row["observed_at"],
        verified=row["verified_at"], recorded=row["recorded_at"], record=row["record_id"],
    )  # fmt: skip


def _of_fix(one: Correction, field: Field, nth: int) -> Word:
    lapses = lapses_at(one)
    return Word(
        evidence=f"fix.{one.change}.0", source=STEWARD, key=one.change, method="corrected", rank=nth,
        value=plain(field, typed(field.name, one.value)), observed=one.observed_at, verified=one.verified_at,
        recorded=one.verified_at, record=f"fix.{one.change}", action=one.action,
        lapses=_EVER if lapses is None else lapses, until=_EVER if one.undone_at is None else one.undone_at,
    )  # fmt: skip


def why(one: Word, winner: Word | None, others: Sequence[Word], now: int, whole: str = "") -> str:
    """In one line why a statement won, or why it lost against the winner or speaks of another `whole`."""
    if one.until <= now:
        return "was undone"
    if one is winner:
        return _why_won(one, others, now)
    if winner is None or one.strength(now) > winner.strength(now):
        return f"speaks of another {whole}"
    agrees = "says the same; " if one.value == winner.value else ""
    return agrees + _first_difference(one, winner, now, _LOST)


def _why_won(winner: Word, others: Sequence[Word], now: int) -> str:
    # who is stronger and did not win speaks of another whole
    rivals = [one for one in others if one.until > now and one.strength(now) < winner.strength(now)]
    if not rivals:
        return "the only one that speaks"
    return _first_difference(winner, max(rivals, key=lambda one: one.strength(now)), now, _WON)


Told = Callable[[str, str], str]
_LOST: dict[str, Told] = {
    "method": lambda own, other: f"{own} ranks below {other}",
    "observed": lambda own, other: f"observed {own}, the chosen one {other}",
    "rank": lambda own, other: f"of a source with rank {own}, the chosen one has {other}",
    "record": lambda *_: "equal in all else; the larger record id decides",
}
_WON: dict[str, Told] = {
    "method": lambda own, other: f"{own} outranks {other}",
    "observed": lambda own, other: f"observed {own}, the next {other}",
    "rank": lambda own, other: f"of a source with rank {own}, the next has {other}",
    "record": lambda *_: "equal in all else; the larger record id decides",
}


def _first_difference(one: Word, other: Word, now: int, told: Mapping[str, Told]) -> str:
    pairs = {
        "method": (one.method_at(now), other.method_at(now)),
        "observed": (_day(one.observed), _day(other.observed)),
        "rank": (str(one.rank), str(other.rank)),
    }
    if one.observed != other.observed and pairs["observed"][0] == pairs["observed"][1]:
        pairs["observed"] = (_time(one.observed), _time(other.observed))
    name = next((name for name, (own, theirs) in pairs.items() if own != theirs), "record")
    return told[name](*pairs.get(name, ("", "")))


def _day(at: int | None) -> str:
    return "at no known time" if at is None else _worded(instant(at).date())


def _time(at: int | None) -> str:
    return "at no known time" if at is None else f"{_day(at)} at {instant(at):%H:%M:%S}"


def _worded(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
