"""A facet of a profile: one plain sentence, one picture where it says something, and the fields with their receipts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

import insight_core as ic
from app import session, text, words
from app.components import facet_pictures, fixing, page, receipts
from insight_core.records.results import Facet, FieldState, Score


def says_something(profile: ic.Profile, name: str) -> bool:
    """Whether the facet applies to the customer: persons have no business direction."""
    return bool(profile.facets[name].fields)


def draw(
    profile: ic.Profile,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    events: Sequence[Mapping[str, Any]],
    deep: bool,
) -> None:
    """The section of one facet; `deep` brings the picture and the fields, `rows` the way to fix them."""
    one, now = profile.facets[name], text.moment(profile.as_of) or session.workspace().now
    page.section(words.FACET_TITLES[name])
    scored = _four(profile.scores["facets"][name])
    told, act = st.columns([7, 1.3])
    with told:
        page.block(f'<p class="lead">{text.html(one.summary)}</p><p class="small">{scored}</p>')
    if rows and deep:
        with act.popover("Fix", help="Confirm or correct a field", key=f"fix_{name}", width="stretch"):
            fixing.form(profile.customer, profile.name, one.fields, rows, prefix=f"facet_{name}")
    if deep:
        facet_pictures.draw(name, one, events, profile.customer)
        _fields(one, rows, now)


def shares(profile: ic.Profile) -> dict[str, dict[str, float | None]]:
    """Which share of each facet's fields is in order, stale, conflicting, invalid or missing."""
    return {
        words.FACET_TITLES[name]: _parts(list(one.fields.values()))
        for name, one in profile.facets.items()
        if one.fields
    }


def _parts(fields: list[FieldState]) -> dict[str, float | None]:
    names = {"unknown": "missing", "stale": "stale", "conflicting": "conflicting", "invalid": "invalid"}
    counted = dict.fromkeys(("filled", "stale", "conflicting", "invalid", "missing"), 0)
    for one in fields:
        counted[names.get(one.state, "filled")] += 1
    return {name: count / len(fields) for name, count in counted.items()}


def _four(scores: Mapping[str, Score]) -> str:
    known = {title.lower(): scores[name] for name, (title, _) in words.SCORES.items() if scores[name].value is not None}
    return ", ".join(
        f'<span title="{text.attribute("; ".join(score.because))}">{text.percent(score.value)} {title}</span>'
        for title, score in known.items()
    )


def _fields(one: Facet, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    known = {name: state for name, state in one.fields.items() if state.value is not None}
    missing = [words.name_of(name) for name, state in one.fields.items() if state.value is None]
    body = "".join(_field(name, state, rows, now) for name, state in known.items())
    if missing:
        body += (
            f'<p class="small iw-missing">{receipts.state("unknown")}<span>{text.html(", ".join(missing))}</span></p>'
        )
    page.block(body)


def _field(name: str, one: FieldState, rows: Sequence[Mapping[str, Any]], now: datetime) -> str:
    meaning = words.field(name).meaning
    return f"""<details class="iw-field"><summary>
        <span class="name" title="{text.attribute(meaning)}">{text.html(words.name_of(name))}</span>
        <span class="value">{text.html(words.shown(name, one.value))}</span>
        {receipts.state(one.state, one.reason)}
        <span class="receipt">{receipts.receipt(one, now)}</span></summary>
        <div class="iw-evidence">{_behind(name, one, rows, now)}</div></details>"""


def _behind(name: str, one: FieldState, rows: Sequence[Mapping[str, Any]], now: datetime) -> str:
    table = receipts.spoke(name, rows, one.evidence, now)
    sure = f", {text.percent(one.confidence)} sure" if one.confidence is not None else ""
    told = f'<p class="small">{text.html(words.field(name).meaning)}. State: {text.html(one.reason)}{sure}.</p>'
    if table:
        return told + table
    count = text.plural(len(one.evidence), "record")
    return f'{told}<p class="small">Computed from the contacts and orders of {count}, listed at the end.</p>'
