"""Fixes: a steward's changes as evidence; weighed before, recorded as one set, never against what somebody else did."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from insight_core import quality
from insight_core.catalogue import field
from insight_core.compliance import Gate
from insight_core.errors import BadInput, Conflict, NotFound, Refused, UserError
from insight_core.pipeline.sights import Last, Place, Sight, as_text, brought_up, four, last_fixes, look, said, same
from insight_core.records.clock import epoch
from insight_core.records.ids import digest
from insight_core.records.results import Change
from insight_core.records.values import plain
from insight_core.store import Store
from insight_core.store.desk_tables import FixEvent
from insight_core.store.tables import Correction

_DIGITS = 12
SCORED = 50  # changes of a large set that tell their scores when they are made


@dataclass(frozen=True, slots=True)
class Weighed:
    """A change as it was asked for, and what it would do (`told`, `row`) or why it cannot be (`refused`).

    `held` is the last event of the field that the steward knew of, None where it does not matter;
    `name` and `present` are who it is about and what the field says now, None where it is `withheld`.
    """

    asked: Mapping[str, Any]
    name: str | None = None
    present: Any = None
    told: Change | None = None
    row: Correction | None = None
    held: int | None = None
    refused: UserError | None = None
    withheld: bool = False


def weigh(
    store: Store, gate: Gate, con: Any, changes: Sequence[Mapping[str, Any]], now: datetime, scored: int | None = None
) -> list[Weighed]:
    """What each change would record and do to the four scores, or why it cannot be; nothing is written.

    A change has customer, field and action (confirm, correct, choose), with value for correct and
    source for choose, and may say with `expects` which value the steward saw. Several changes of
    one field of one customer contradict each other. Scores are worked out for the first `scored`
    changes, for all when it is None: they take most of the time.
    """
    names = {str(one["customer"]) for one in changes if one.get("customer")}
    owners, sights, unknown = _people(gate, names, now)
    places = [_place(one, owners) for one in changes]
    with store.read() as session:
        lasts = last_fixes(session, [one for one in places if one], epoch(now))
    chosen = [place[0] for one, place in zip(changes, places, strict=True) if place and one.get("action") == "choose"]
    desk = _Desk(sights, lasts, said(gate, con, chosen) if chosen else {}, now)
    weighed: list[Weighed] = []
    seen: set[Place] = set()
    for number, (one, place) in enumerate(zip(changes, places, strict=True)):
        try:
            with_scores = scored is None or number < scored
            weighed.append(desk.weigh(one, _fresh(one, place, seen, unknown), with_scores))
        except UserError as wrong:
            weighed.append(_against(one, place, desk, wrong))
    return weighed


def record(
    store: Store, weighed: Sequence[Weighed], now: int, also: Callable[[Session], None] = lambda _: None
) -> list[Change]:
    """Keep the changes as one set; the next build of their customers folds them in.

    `also` is done in the same transaction. Raises Conflict, and keeps none, when somebody else
    changed a field since the steward looked.
    """
    rows = [one.row for one in weighed if one.row is not None]
    places = [(row.customer_id, row.field) for row in rows]
    with store.write() as session:
        lasts = last_fixes(session, places, now)
        for one, place in zip(weighed, places, strict=True):
            _unmoved(one, lasts.get(place))
        for row, place in zip(rows, places, strict=True):
            made = lasts[place].made if place in lasts else 0
            row.change = f"c{_short(row.customer_id, row.field, row.action, row.value, row.verified_at, made)}"
        together = f"s{_short(*(row.change for row in rows))}"
        for row in rows:
            row.change_set = together
            session.add(row)
        session.flush()
        session.add_all([FixEvent(change=row.change, what="made", at=row.verified_at) for row in rows])
        also(session)
    return [replace(one.told, change=one.row.change) for one in weighed if one.told and one.row]


def all_of(weighed: Sequence[Weighed]) -> Sequence[Weighed]:
    """The changes when each can be; raises what is wrong with the first that cannot."""
    for one in weighed:
        if one.refused is not None:
            raise one.refused
    return weighed


def _people(
    gate: Gate, names: set[str], now: datetime
) -> tuple[dict[str, str], dict[str, Sight], dict[str, UserError]]:
    """Which customer each name stands for, the customers as a steward sees them, and the names that nobody has."""
    sights = look(gate, names, now)
    owners, unknown = {name: name for name in sights}, dict[str, UserError]()
    for name in sorted(names - set(sights)):
        try:
            owners[name] = gate.resolve(name)
        except UserError as nobody:
            unknown[name] = nobody
    others = set(owners.values()) - set(sights)
    return owners, sights | (look(gate, others, now) if others else {}), unknown


def _place(change: Mapping[str, Any], owners: Mapping[str, str]) -> Place | None:
    owner = owners.get(str(change.get("customer")))
    return (owner, str(change["field"])) if owner and change.get("field") else None


def _fresh(change: Mapping[str, Any], place: Place | None, seen: set[Place], unknown: Mapping[str, UserError]) -> Place:
    for needed in ("customer", "field"):
        if not change.get(needed):
            raise BadInput(f"A change needs {needed!r}: {dict(change)}.")
    if place is None:
        raise unknown[str(change["customer"])]
    if place in seen:
        raise Refused(f"The change set has two changes of {place[1]} of customer {place[0]}.")
    seen.add(place)
    return place


def _against(change: Mapping[str, Any], place: Place | None, desk: "_Desk", wrong: UserError) -> Weighed:
    if place is None or place[1] not in desk.sights[place[0]].cells:
        return Weighed(change, refused=wrong)
    sight = desk.sight(place)
    return Weighed(change, sight.name, sight.shown(place[1]), refused=wrong, withheld=place[1] in sight.withheld)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Everything that the changes of one set are weighed against."""

    sights: dict[str, Sight]
    lasts: dict[Place, Last]
    evidence: dict[str, list[dict[str, Any]]]
    now: datetime

    def sight(self, place: Place) -> Sight:
        return brought_up(self.sights[place[0]], self.lasts.get(place))

    def weigh(self, change: Mapping[str, Any], place: Place, with_scores: bool) -> Weighed:
        one = field(place[1])
        sight, last = self.sight(place), self.lasts.get(place)
        action = str(change.get("action") or ("correct" if change.get("value") is not None else "confirm"))
        present, withheld = sight.shown(one.name), one.name in sight.withheld
        # what is withheld is not compared either: whoever guesses would learn it
        if "expects" in change and not withheld and not same(one.name, change["expects"], present):
            raise Conflict(moved(one.name, sight.name, change["expects"], present))
        row = self._row(change, sight, one.name, action)
        careful = "expects" in change or action == "confirm"
        told = self._told(row, sight, present, with_scores)
        held = (last.event if last else 0) if careful else None
        return Weighed(change, sight.name, present, told, row, held, withheld=withheld)

    def _row(self, change: Mapping[str, Any], sight: Sight, name: str, action: str) -> Correction:
        current, moment = sight.cells[name], epoch(self.now)
        given = self._chosen(sight, name, str(change.get("source", ""))) if action == "choose" else change.get("value")
        value = quality.validate_change(name, action, given, sight.kind, self.now, sight.cells)
        if action == "confirm":
            value = self._as_it_is(sight, name)
        return Correction(
            change="",
            change_set="",
            customer_id=sight.customer,
            anchors=sight.records,
            field=name,
            action=action,
            value=as_text(value),
            before=None if current.value is None else as_text(current.value),
            observed_at=(current.observed_at or moment) if action == "confirm" else moment,
            verified_at=moment,
        )

    def _as_it_is(self, sight: Sight, name: str) -> Any:
        """The present value, to be confirmed; refused when it is withheld, unknown, or breaks a rule."""
        state = quality.state_of(name, sight.cells, self.now)
        if name in sight.withheld:
            wrong = f"is withheld ({sight.withheld[name]}): correct it instead"
        elif state.name == "unknown":
            wrong = "is unknown: there is nothing to confirm; correct it instead"
        elif state.name == "invalid":
            wrong = f"{state.reason}: correct it instead"
        else:
            return sight.cells[name].value
        raise Refused(f"{name} of customer {sight.customer} {wrong}.")

    def _chosen(self, sight: Sight, name: str, source: str) -> Any:
        """What a source says of the field, newest row first."""
        rows = self.evidence.get(sight.customer, [])
        told = {row["source"]: row.get(name) for row in reversed(rows) if row.get(name) is not None}
        if source not in told:
            raise NotFound(f"source that says something about {name} of this customer", source, told)
        return plain(field(name), told[source])

    def _told(self, row: Correction, sight: Sight, present: Any, with_scores: bool) -> Change:
        last = brought_up(sight, Last(0, 0, row))
        after = plain(field(row.field), last.cells[row.field].value)
        told = Change(None, row.customer_id, row.field, row.action, present, after)
        if not with_scores:
            return told
        before, then = (four(one, self.now) for one in (sight, last))
        return replace(told, scores_before=before, scores_after=then)


def moved(name: str, who: str, seen: Any, present: Any) -> str:
    """That somebody else was faster, with both values."""
    told = [json.dumps(one, ensure_ascii=False, default=str) for one in (seen, present)]
    return f"{name} of {who} was changed meanwhile: you saw {told[0]}, it is {told[1]} now. Look again, then change it."


def _unmoved(one: Weighed, last: Last | None) -> None:
    if one.held is None or one.held == (last.event if last else 0) or one.row is None:
        return
    name = one.row.field
    fix = last.fix if last and not one.withheld else None
    raise Conflict(moved(name, one.name or one.row.customer_id, one.present, fix.value if fix else None))


def _short(*parts: object) -> str:
    return digest(*parts)[:_DIGITS]
