"""Profile: one customer as the gate let it out, with states, scores, sentences and reasons."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from insight_core import quality
from insight_core.catalogue import FACETS, Field, by_facet, field, fields
from insight_core.compliance import Opened
from insight_core.facets import FACETS as RULES
from insight_core.records.clock import iso
from insight_core.records.results import Facet, FieldState, Profile, Score
from insight_core.records.values import plain, readable


class Spoke(NamedTuple):
    """What a profile was chosen from, with its clocks; `at` is the best of them."""

    evidence: str
    source: str
    method: str
    observed: int | None
    verified: int | None
    at: int | None


Evidence = list[Spoke]


@dataclass(frozen=True, slots=True)
class _Facts:
    """The fields that somebody tells as cells, and the states of the known ones.

    `wins` has the evidence by field, `behind` all of it.
    """

    cells: dict[str, quality.Cell]
    states: quality.States
    wins: dict[str, tuple[str, ...]]
    behind: tuple[str, ...]


def present(opened: Opened, purpose: str, now: datetime) -> Profile:
    """The profile of one customer for one purpose at one instant."""
    customer, withheld = opened.customer, opened.withheld
    facts = _facts(opened, now)
    kind = None if "kind" in withheld else customer.kind
    counted = quality.counted(countable(facts.states, withheld), kind, purpose)
    return Profile(
        customer=customer.customer_id,
        name=opened.name or customer.customer_id,
        kind=kind or "unknown",
        purpose=purpose,
        as_of=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        facets={facet: _facet(facet, opened, facts, now) for facet in FACETS},
        scores=_scores(quality.scores(counted, withheld)),
        next_question=quality.next_question(counted, kind, purpose, withheld),
        redacted=[{"field": name, "reason": reason} for name, reason in withheld.items()],
        receipt=opened.receipt,
        records=[
            {"record": one.record_id, "source": one.source, "rule": one.rule, "partner": one.partner}
            for one in opened.records
        ],
    )


def cells_of(opened: Opened, now: datetime) -> dict[str, quality.Cell]:
    """Every field of the profile as a cell, withheld ones too: for scores, never to be shown."""
    known, _ = _known(opened.unfiltered, _evidence(opened.customer.evidence))
    return dict.fromkeys(_names(), quality.UNKNOWN) | quality.with_tenure(known, now)


def countable(states: quality.States, withheld: Mapping[str, str]) -> quality.States:
    """The states that the scores count: that a special category is known at all must not show in them."""
    return {name: one for name, one in states.items() if name not in withheld or field(name).category != "special"}


def _facts(opened: Opened, now: datetime) -> _Facts:
    evidence = _evidence(opened.customer.evidence)
    known, wins = _known(opened.unfiltered, evidence)
    cells = quality.with_tenure(known, now)
    wins = {quality.TENURE: wins[quality.SINCE], **wins} if cells.keys() > known.keys() else wins
    behind = tuple(dict.fromkeys(one.evidence for one in evidence))
    return _Facts(cells, quality.states_of(cells, now), wins, behind)


def _evidence(text: str) -> Evidence:
    return [_said(*one) for one in json.loads(text)]


def _said(name: str, source: str, method: str, *clocks: str | None) -> Spoke:
    observed, verified = (None if one is None else int(one) for one in clocks)
    at = max((one for one in (observed, verified) if one is not None), default=None)
    return Spoke(name, source, method, observed, verified, at)


def _known(
    values: dict[str, dict[str, Any]], evidence: Evidence
) -> tuple[dict[str, quality.Cell], dict[str, tuple[str, ...]]]:
    """Every field that somebody tells as a cell, and which evidence won the asserted ones."""
    cells: dict[str, quality.Cell] = {}
    wins: dict[str, tuple[str, ...]] = {}
    for facet in FACETS:
        row = values[facet]
        won = _won(facet, row.get("won") or "", evidence)
        opposed, seen, origins = (row.get("opposed") or "").split(","), row.get("derived_at"), _origins(facet)
        for name, value in row.items():
            if value is not None and name in origins:
                cells[name] = _cell(value, won.get(name), name in opposed, origins[name], seen)
            elif name in opposed:
                cells[name] = quality.UNKNOWN._replace(conflict=True)
        wins.update({name: (one.evidence,) for name, one in won.items()})
    return cells, wins


@cache
def _names() -> tuple[str, ...]:
    return tuple(one.name for one in fields())


@cache
def _origins(facet: str) -> dict[str, str]:
    return {one.name: one.origin for one in by_facet(facet)}


def _won(facet: str, won: str, evidence: Evidence) -> dict[str, Spoke]:
    """Which evidence gave a field its value, for each that has some: `won` says it by place."""
    return {name: evidence[int(at)] for name, at in zip(_asserted(facet), won.split(","), strict=False) if at}


@cache
def _asserted(facet: str) -> tuple[str, ...]:
    return tuple(one.name for one in by_facet(facet) if one.origin == "asserted")


def _cell(value: Any, won: Spoke | None, opposed: bool, origin: str, seen: int | None) -> quality.Cell:
    if won is None:
        return quality.Cell(value, seen, False, origin, origin, seen, None)
    return quality.Cell(value, won.at, opposed, won.method, won.source, won.observed, won.verified)


def _facet(facet: str, opened: Opened, facts: _Facts, now: datetime) -> Facet:
    kind, withheld = opened.customer.kind, opened.withheld
    served = _served(facet, kind, tuple(withheld))
    states = dict.fromkeys(served, _NOTHING_KNOWN)
    told: dict[str, Any] = {}
    for name in [name for name in served if name in facts.cells]:
        states[name] = _state(served[name], facts)
        if _true(name, states[name], facts):
            told[name] = readable(served[name], facts.cells[name].value)
    if "kind" not in withheld:
        told["kind"] = kind
    return Facet(_hidden(facet, tuple(withheld.items())) or RULES[facet].sentence(told, now), states)


@lru_cache(maxsize=1024)
def _hidden(facet: str, withheld: tuple[tuple[str, str], ...]) -> str | None:
    """That nothing of a facet may be told, and why; None where something may."""
    reasons, names = dict(withheld), [one.name for one in by_facet(facet)]
    if not reasons.keys() >= set(names):
        return None
    told = Counter(reasons[name].replace(f"{name} is", "it is") for name in names)
    return f"Withheld: {told.most_common(1)[0][0]}."


def _true(name: str, state: FieldState, facts: _Facts) -> bool:
    """Whether a sentence may tell it, which is read as true: what breaks a rule or bounced stands among the fields."""
    sound = state.state not in ("invalid", "unknown")
    return sound and quality.bounced_day(name, facts.cells[name], facts.cells) is None


@lru_cache(maxsize=1024)
def _served(facet: str, kind: str | None, withheld: tuple[str, ...]) -> dict[str, Field]:
    """The fields of a facet that apply to the kind and are let out."""
    return {one.name: one for one in by_facet(facet) if one.name not in withheld and quality.applies(one.name, kind)}


def _state(one: Field, facts: _Facts) -> FieldState:
    cell = facts.cells[one.name]
    if cell.value is None:
        return _NOTHING_KNOWN._replace(reason=quality.unknown(one, cell).reason)
    state = facts.states[one.name]
    return FieldState(
        plain(one, cell.value),
        cell.method,
        cell.source,
        iso(cell.observed_at),
        iso(cell.verified_at),
        quality.confidence(one.name, cell, state).value,
        state.name,
        state.freshness,
        facts.wins.get(one.name, facts.behind),
        state.reason,
    )


# The same for every field, so that a profile does not make it a hundred times.
_NOTHING_KNOWN = FieldState(
    value=None, method=None, source=None, observed_at=None, verified_at=None, confidence=None,
    state=quality.NOTHING_KNOWN.name, freshness=None, evidence=(), reason=quality.NOTHING_KNOWN.reason,
)  # fmt: skip


def _scores(groups: dict[str, dict[str, Score]]) -> dict[str, Any]:
    return groups["overall"] | {"facets": {name: four for name, four in groups.items() if name != "overall"}}
