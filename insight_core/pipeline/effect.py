"""Effect: what changes would do to the four scores and to the interaction card, without writing anything."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Any

from insight_core.compliance import Gate, Opened
from insight_core.pipeline import fixes, one_card
from insight_core.pipeline.cards import withheld
from insight_core.pipeline.profile import cells_of
from insight_core.pipeline.sights import Sight, fixed, four, look
from insight_core.quality import Cell
from insight_core.recommend import to_cards
from insight_core.records.results import Card, Effect
from insight_core.store import Store
from insight_core.store.tables import Correction

_SCORES = {"completeness": "Complete", "freshness": "Fresh", "accuracy": "Accurate", "lawful": "Lawful"}
_DIMENSIONS = {
    "channel": "Channel", "window": "Time", "tone": "Tone", "cadence_days": "Rhythm in days",
    "solution_set": "Offer", "experience": "Experience",
}  # fmt: skip
_NOTHING = "nothing"


def effect(
    store: Store, gate: Gate, con: Any, changes: Sequence[Mapping[str, Any]], purpose: str, now: datetime
) -> list[Effect]:
    """The effect on each customer of all changes of theirs, in the order in which the customers appear.

    Fields that are computed stay as they are until the next build, as in the preview of a fix. Raises for a change
    that cannot be.
    """
    weighed = fixes.all_of(fixes.weigh(store, gate, con, changes, now))
    rows: dict[str, list[Correction]] = {}
    for one in weighed:
        if one.row is not None:
            rows.setdefault(one.row.customer_id, []).append(one.row)
    sights = look(gate, rows, now)
    return [_of_one(store, gate, con, sights[customer], mine, purpose, now) for customer, mine in rows.items()]


def _of_one(
    store: Store, gate: Gate, con: Any, sight: Sight, rows: Sequence[Correction], purpose: str, now: datetime
) -> Effect:
    opened = gate.open(sight.customer, purpose)
    after = reduce(fixed, rows, cells_of(opened, now))
    was, would = (four(one, now) for one in (sight, replace(sight, cells=after)))
    card, then = _cards(store, con, opened, after, purpose, now)
    return Effect(sight.customer, was, would, card, then, [*_moves(was, would), *_differences(card, then)])


def _cards(
    store: Store, con: Any, opened: Opened, after: Mapping[str, Cell], purpose: str, now: datetime
) -> tuple[Card, Card]:
    if not one_card.allowed(opened, purpose, now):
        card = withheld(opened, purpose, now)
        return card, card
    inputs = one_card.inputs_of(store, con, opened, now)
    changed = inputs._replace(snapshot=one_card.row_of(opened, after))
    before, then = (to_cards(one_card.card(store, one, purpose, now))[0] for one in (inputs, changed))
    return before, then


def _moves(before: Mapping[str, float | None], after: Mapping[str, float | None]) -> Iterator[str]:
    for name, title in _SCORES.items():
        if before.get(name) != after.get(name):
            yield f"{title}: {_percent(before.get(name))} to {_percent(after.get(name))}"


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.1%}"


def _sure(share: float | None) -> str:
    """Nothing is wholly sure, and nothing that is said is wholly unsure."""
    return _percent(share if share is None else min(max(share, 0.001), 0.999))


def _differences(before: Card, after: Card) -> Iterator[str]:
    if before.abstained and after.abstained is None:
        yield f"The card would advise; now it abstains: {before.abstained}"
    elif before.abstained != after.abstained and after.abstained:
        yield f"The card would abstain: {after.abstained}"
    for name, title in _DIMENSIONS.items():
        was, would = getattr(before, name), getattr(after, name)
        if was != would:
            yield f"{title}: {_word(was)} to {_word(would)}"
    gone = [one for one in before.refused if one not in after.refused]
    come = [one for one in after.refused if one not in before.refused]
    reopened = {one["what"] for one in gone} - {one["what"] for one in come}
    yield from (f"No longer refused: {one['what']} ({one['why']})" for one in gone if one["what"] in reopened)
    yield from (f"Refused: {one['what']} ({one['why']})" for one in come)
    if before.confidence != after.confidence:
        yield f"Sure: {_sure(before.confidence)} to {_sure(after.confidence)}"


def _word(value: object) -> str:
    return _NOTHING if value is None else str(value).replace("_", " ")
