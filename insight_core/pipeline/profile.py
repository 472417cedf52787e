"""Profile: one customer as the gate let it out, with states, scores, sentences and reasons."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from insight_core import quality
from insight_core.catalogue import FACETS, Field, by_facet
from insight_core.compliance import Opened
from insight_core.facets import FACETS as RULES
from insight_core.records.clock import iso
from insight_core.records.results import Facet, FieldState, Profile, Score
from insight_core.records.values import plain, readable

Evidence = list[tuple[str, str, str, int | None, int | None]]


@dataclass(frozen=True, slots=True)
class _Facts:
    """Every field as a cell, the known ones with their states; evidence by field in `wins`, all of it in `behind`."""

    cells: dict[str, quality.Cell]
    states: quality.States
    wins: dict[str, tuple[str, ...]]
    behind: tuple[str, ...]


def present(opened: Opened, purpose: str, now: datetime) -> Profile:
    """The profile of one customer for one purpose at one instant."""
    customer, withheld = opened.customer, opened.withheld
    facts = _facts(opened, now)
    counted = quality.counted(facts.states, customer.kind, purpose)
    shown = customer.name if not {"family_name", "organisation_name"} <= withheld.keys() else None
    return Profile(
        customer=customer.customer_id,
        name=shown or customer.customer_id,
        kind=customer.kind or "unknown",
        purpose=purpose,
        as_of=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        facets={facet: _facet(facet, opened, facts, now) for facet in FACETS},
        scores=_scores(quality.scores(counted, withheld)),
        next_question=quality.next_question(counted, customer.kind, purpose, withheld),
        redacted=[{"field": name, "reason": reason} for name, reason in withheld.items()],
        receipt=opened.receipt,
        records=[
            {"record": one.record_id, "source": one.source, "rule": one.rule, "partner": one.partner}
            for one in opened.records
        ],
    )


def cells_of(opened: Opened) -> dict[str, quality.Cell]:
    """Every field of the profile as a cell, withheld ones too: for scores, never to be shown."""
    return _cells(opened.unfiltered, _evidence(opened.customer.evidence))[0]


def _facts(opened: Opened, now: datetime) -> _Facts:
    evidence = _evidence(opened.customer.evidence)
    cells, wins = _cells(opened.unfiltered, evidence)
    behind = tuple(dict.fromkeys(one[0] for one in evidence))
    return _Facts(cells, quality.states_of(cells, now), wins, behind)


def _evidence(text: str) -> Evidence:
    return [
        (name, source, method, _whole(seen), _whole(checked))
        for name, source, method, seen, checked in json.loads(text)
    ]


def _whole(text: str | None) -> int | None:
    return None if text is None else int(text)


def _cells(
    values: dict[str, dict[str, Any]], evidence: Evidence
) -> tuple[dict[str, quality.Cell], dict[str, tuple[str, ...]]]:
    """Every field as a cell, and which evidence won the asserted ones."""
    cells: dict[str, quality.Cell] = {}
    wins: dict[str, tuple[str, ...]] = {}
    for facet in FACETS:
        row = values[facet]
        won = iter((row.get("won") or "").split(","))
        opposed = set((row.get("opposed") or "").split(","))
        for field in by_facet(facet):
            at = next(won, "") if field.origin == "asserted" else ""
            spoke = evidence[int(at)] if at else None
            if spoke is not None:
                wins[field.name] = (spoke[0],)
            cells[field.name] = _cell(field, row, spoke, field.name in opposed)
    return cells, wins


def _cell(
    field: Field, row: dict[str, Any], won: tuple[str, str, str, int | None, int | None] | None, opposed: bool
) -> quality.Cell:
    value = row.get(field.name)
    if value is None:
        return quality.UNKNOWN
    if won is None:
        seen = row["derived_at"]
        return quality.Cell(value, seen, False, field.origin, field.origin, seen, None)
    _, source, method, observed, verified = won
    clocks = [one for one in (observed, verified) if one is not None]
    return quality.Cell(value, max(clocks, default=None), opposed, method, source, observed, verified)


def _facet(facet: str, opened: Opened, facts: _Facts, now: datetime) -> Facet:
    row, kind = opened.facets[facet], opened.customer.kind
    served = [one for one in by_facet(facet) if one.name not in opened.withheld and quality.applies(one.name, kind)]
    # A sentence is read as true: what breaks a rule stands among the fields, with its reason, and is not told.
    told = {one.name: readable(one, row.get(one.name)) for one in served if not _invalid(one, facts)}
    subject = {} if "kind" in opened.withheld else {"kind": kind}
    return Facet(RULES[facet].sentence(told | subject, now), {one.name: _state(one, facts) for one in served})


def _invalid(field: Field, facts: _Facts) -> bool:
    return facts.states.get(field.name, quality.NOTHING_KNOWN).name == "invalid"


def _state(field: Field, facts: _Facts) -> FieldState:
    state = facts.states.get(field.name)
    if state is None:
        return _NOTHING_KNOWN
    cell = facts.cells[field.name]
    return FieldState(
        value=plain(field, cell.value),
        method=cell.method,
        source=cell.source,
        observed_at=iso(cell.observed_at),
        verified_at=iso(cell.verified_at),
        confidence=quality.confidence(field.name, cell, state).value,
        state=state.name,
        freshness=state.freshness,
        evidence=facts.wins.get(field.name, facts.behind),
        reason=state.reason,
    )


# The same for every field, so that a profile does not make it a hundred times.
_NOTHING_KNOWN = FieldState(
    value=None, method=None, source=None, observed_at=None, verified_at=None, confidence=None,
    state=quality.NOTHING_KNOWN.name, freshness=None, evidence=(), reason=quality.NOTHING_KNOWN.reason,
)  # fmt: skip


def _scores(groups: dict[str, dict[str, Score]]) -> dict[str, Any]:
    return groups["overall"] | {"facets": {name: four for name, four in groups.items() if name != "overall"}}
