"""Sights: what a steward has before the eyes for a change, for many customers in a few reads."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from insight_core import quality
from insight_core.catalogue import CARE, field, wholes
from insight_core.compliance import Gate
from insight_core.errors import BadInput
from insight_core.pipeline.apart import alike
from insight_core.pipeline.linked import owned
from insight_core.pipeline.profile import cells_of, countable
from insight_core.pipeline.steward import lapses_at, typed
from insight_core.records.values import plain
from insight_core.store.desk_tables import FixEvent
from insight_core.store.tables import Correction, Link

AT_ONCE = 500  # names in one IN (...)

Place = tuple[str, str]  # customer and field


@dataclass(frozen=True, slots=True)
class Sight:
    """One customer: its kind, every field as a cell, its records, and why a steward may not see some of the fields."""

    customer: str
    name: str
    kind: str | None
    cells: dict[str, quality.Cell]
    records: list[str]
    withheld: Mapping[str, str]

    def shown(self, name: str) -> Any:
        """What the field says as JSON holds it; None where that is unknown or withheld."""
        return None if name in self.withheld else plain(field(name), self.cells[name].value)


def look(gate: Gate, customers: Iterable[str], now: datetime) -> dict[str, Sight]:
    """The customers as a steward sees them; one that is not there is left out."""
    names = sorted(set(customers))
    return {
        name: Sight(
            name,
            one.name or name,
            one.customer.kind,
            cells_of(one, now),
            [row.record_id for row in one.records],
            one.withheld,
        )
        for name, one in gate.open_many(names, CARE).items()
    }


def said(gate: Gate, con: Any, customers: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """What every source says of the customers, newest row first."""
    return gate.evidence_many(con, sorted(set(customers)), CARE)


@dataclass(frozen=True, slots=True)
class Last:
    """What happened to the fixes of a field: how many there are, the last event, and the one that stands above all."""

    made: int
    event: int
    fix: Correction | None


def last_fixes(session: Session, places: Iterable[Place], now: int) -> dict[Place, Last]:
    """By customer and field, whether a profile shows it already or not; a field without fixes is left out."""
    wanted, found = set(places), dict[Place, list[tuple[int, int, Correction]]]()
    for customer, one, made, event in _fixes(session, sorted({customer for customer, _ in wanted})):
        if (customer, one.field) in wanted:
            found.setdefault((customer, one.field), []).append((made, event, one))
    return {place: _last(fixes, now) for place, fixes in found.items()}


def _last(fixes: list[tuple[int, int, Correction]], now: int) -> Last:
    standing = [(one.observed_at, made, one) for made, _, one in fixes if one.undone_at is None and _holds(one, now)]
    newest = max(standing, key=lambda each: each[:2], default=None)
    return Last(len(fixes), max(event for _, event, _ in fixes), newest[2] if newest else None)


def _holds(one: Correction, now: int) -> bool:
    lapse = lapses_at(one)
    return lapse is None or now < lapse


def _fixes(session: Session, customers: Sequence[str]) -> Iterable[tuple[str, Correction, int, int]]:
    """Whose it is now, every fix of the customers, and the numbers of its first and its last event."""
    ends = (
        select(FixEvent.change, func.min(FixEvent.id).label("first"), func.max(FixEvent.id).label("last"))
        .group_by(col(FixEvent.change))
        .subquery()
    )
    for start in range(0, len(customers), AT_ONCE):
        some = customers[start : start + AT_ONCE]
        query: Any = select(col(Link.customer_id), Correction, ends.c.first, ends.c.last).select_from(Correction)
        query = owned(query.join(ends, ends.c.change == Correction.change), Correction.customer_id)
        yield from session.exec(query.where(col(Link.customer_id).in_(some)))


def brought_up(sight: Sight, last: Last | None) -> Sight:
    """The sight with a fix in it that no profile shows yet."""
    if last is None or last.fix is None:
        return sight
    return replace(sight, cells=fixed(sight.cells, last.fix))


def fixed(cells: Mapping[str, quality.Cell], one: Correction) -> dict[str, quality.Cell]:
    """The cells with a fix in them, and in conflict those parts of the same whole that were told with another value."""
    before, value = cells[one.field], typed(one.field, one.value)
    made = before._replace(
        value=value, method="corrected", source="steward", conflict=False,
        at=one.verified_at, observed_at=one.observed_at, verified_at=one.verified_at,
    )  # fmt: skip
    beside = [part.name for part in wholes().get(field(one.field).part_of, ()) if _of_source(cells[part.name])]
    apart = beside if one.field in beside and not alike(before.value, value) else []
    return {**cells, **{name: cells[name]._replace(conflict=True) for name in apart}, one.field: made}


def _of_source(cell: quality.Cell) -> bool:
    return cell.value is not None and cell.method != "corrected"


def four(sight: Sight, now: datetime) -> dict[str, Any]:
    """The four scores, for care."""
    states = countable(quality.states_of(sight.cells, now), sight.withheld)
    counted = quality.counted(states, sight.kind, CARE)
    return {name: score.value for name, score in quality.scores(counted)["overall"].items()}


def as_text(value: Any) -> str:
    """A typed value as a correction keeps it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def same(name: str, seen: Any, present: Any) -> bool:
    """Whether two values of a field as JSON holds them say the same; raises BadInput for what is no single value."""
    if isinstance(seen, (dict, list)) and field(name).type != "list":
        raise BadInput(f"{name} expects one value, not {seen!r}.")
    if field(name).type in ("money", "ratio", "integer") and None not in (seen, present):
        with suppress(ValueError, OverflowError):
            return float(seen) == float(present)
    return bool(seen == present)
