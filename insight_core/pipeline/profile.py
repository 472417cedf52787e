"""Profile: one customer as the gate let it out, with states, scores, sentences and reasons."""

import json
from datetime import datetime
from typing import Any

from insight_core import quality
from insight_core.catalogue import FACETS, Field, by_facet
from insight_core.compliance import Opened, Verdict
from insight_core.facets import FACETS as RULES
from insight_core.records.clock import iso
from insight_core.records.results import Facet, FieldState, Profile
from insight_core.records.values import plain, readable
from insight_core.store.tables import Link

Evidence = list[tuple[str, str, str, int | None, int | None]]


def present(opened: Opened, purpose: str, now: datetime, records: list[Link]) -> Profile:
    """The profile of one customer for one purpose at one instant."""
    evidence = _evidence(opened.customer.evidence)
    cells, wins = _cells(opened.unfiltered, evidence)
    withheld = {name: one.reason for name, one in opened.decisions.items() if one.verdict is not Verdict.ALLOWED}
    facets = {facet: _facet(facet, opened, cells, wins, evidence, now) for facet in FACETS}
    kind = opened.customer.kind
    shown = opened.customer.name if not {"family_name", "organisation_name"} <= set(withheld) else None
    return Profile(
        customer=opened.customer.customer_id,
        name=shown or opened.customer.customer_id,
        kind=kind or "unknown",
        purpose=purpose,
        as_of=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        facets=facets,
        scores=_scores(cells, kind, purpose, now, withheld),
        next_question=quality.next_question(cells, kind, purpose, now, withheld),
        redacted=opened.redacted,
        receipt=opened.receipt,
        records=[
            {"record": one.record_id, "source": one.source, "rule": one.rule, "partner": one.partner} for one in records
        ],
    )


def cells_of(opened: Opened) -> dict[str, quality.Cell]:
    """Every field of the profile as a cell, withheld ones too: for scores, never to be shown."""
    return _cells(opened.unfiltered, _evidence(opened.customer.evidence))[0]


def _evidence(text: str) -> Evidence:
    return [
        (name, source, method, _whole(seen), _whole(checked))
        for name, source, method, seen, checked in json.loads(text)
    ]


def _whole(text: str | None) -> int | None:
    return None if text is None else int(text)


def _cells(values: dict[str, dict[str, Any]], evidence: Evidence) -> tuple[dict[str, quality.Cell], dict[str, int]]:
    """Every field as a cell, and which evidence won the asserted ones."""
    cells: dict[str, quality.Cell] = {}
    wins: dict[str, int] = {}
    for facet in FACETS:
        row = values[facet]
        fields = by_facet(facet)
        won = dict(
            zip(
                [one.name for one in fields if one.origin == "asserted"],
                (row.get("won") or "").split(","),
                strict=False,
            )
        )
        opposed = set((row.get("opposed") or "").split(","))
        for field in fields:
            at = won.get(field.name, "")
            if at:
                wins[field.name] = int(at)
            cells[field.name] = _cell(field, row, evidence[int(at)] if at else None, field.name in opposed)
    return cells, wins


def _cell(
    field: Field, row: dict[str, Any], won: tuple[str, str, str, int | None, int | None] | None, opposed: bool
) -> quality.Cell:
    value = row.get(field.name)
    if value is None:
        return quality.Cell()
    if won is None:
        seen = row.get("derived_at")
        return quality.Cell(value, seen, False, field.origin, field.origin, seen, None)
    _, source, method, observed, verified = won
    clocks = [one for one in (observed, verified) if one is not None]
    return quality.Cell(value, max(clocks, default=None), opposed, method, source, observed, verified)


def _facet(
    facet: str, opened: Opened, cells: dict[str, quality.Cell], wins: dict[str, int], evidence: Evidence, now: datetime
) -> Facet:
    row = opened.facets[facet]
    served = [one for one in by_facet(facet) if opened.decisions[one.name].verdict is Verdict.ALLOWED]
    served = [one for one in served if quality.applies(one.name, opened.customer.kind)]
    behind = tuple(dict.fromkeys(one[0] for one in evidence))
    fields = {
        one.name: _state(one, cells, (evidence[wins[one.name]][0],) if one.name in wins else behind, now)
        for one in served
    }
    told = {one.name: readable(one, row.get(one.name)) for one in served}
    return Facet(RULES[facet].sentence(told | _subject(opened), now), fields)


def _subject(opened: Opened) -> dict[str, Any]:
    return {"kind": opened.customer.kind} if opened.decisions["kind"].verdict is Verdict.ALLOWED else {}


def _state(field: Field, cells: dict[str, quality.Cell], evidence: tuple[str, ...], now: datetime) -> FieldState:
    cell = cells[field.name]
    state = quality.state_of(field.name, cells, now)
    known = cell.value is not None
    return FieldState(
        value=plain(field, cell.value) if known else None,
        method=cell.method,
        source=cell.source,
        observed_at=iso(cell.observed_at),
        verified_at=iso(cell.verified_at),
        confidence=_confidence(field.name, cells, now) if known else None,
        state=state.name,
        freshness=state.freshness,
        evidence=evidence if known else (),
        reason=state.reason,
    )


def _confidence(name: str, cells: dict[str, quality.Cell], now: datetime) -> float | None:
    return quality.confidence(name, cells, now).value


def _scores(
    cells: dict[str, quality.Cell], kind: str | None, purpose: str, now: datetime, withheld: dict[str, str]
) -> dict[str, Any]:
    groups = quality.scores(cells, kind, purpose, now, withheld)
    overall: dict[str, Any] = dict(groups["overall"])
    return overall | {"facets": {name: dict(four) for name, four in groups.items() if name != "overall"}}
