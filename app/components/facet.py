"""A facet of a profile: one plain sentence, and behind one click its picture and its fields with their receipts."""

from collections.abc import Mapping

import streamlit as st

import insight_core as ic
from app import cached, text, words
from app.components import facet_pictures, fields, page, receipts
from app.components.seen import Seen
from insight_core.records.results import Facet, Score

OPEN_FIRST = "usage_pattern"


@st.fragment
def draw(seen: Seen, name: str) -> None:
    """The section of one facet. What is behind the click is made when it is opened."""
    one = seen.profile.facets[name]
    told = f'<div class="iw-section"><h2>{text.html(words.FACET_TITLES[name])}</h2>{_sentence(seen, name, one)}</div>'
    page.block(told)
    with st.expander(
        _behind(seen, name, one), expanded=name == OPEN_FIRST and bool(one.fields), key=name, bind="query-params"
    ) as more:
        if more.open:
            if one.fields:
                facet_pictures.draw(name, seen)
            histories = cached.value_history(seen.profile.customer, seen.as_of)
            body = fields.rows(one, histories, seen.now, fixable=seen.as_of is None)
            page.block(body + fields.withheld(seen.held_back(name), seen.profile.purpose))


def _sentence(seen: Seen, name: str, one: Facet) -> str:
    if not one.fields:
        why = words.readable(next(iter(receipts.grouped(seen.held_back(name)))))
        told = f"Withheld from {text.words(seen.profile.purpose)}: {why}."
        return f'<p class="lead">{text.html(told)}</p>'
    return (
        f'<p class="lead">{text.html(one.summary)}</p><p class="small">{_four(seen.profile.scores["facets"][name])}</p>'
    )


def _behind(seen: Seen, name: str, one: Facet) -> str:
    """What waits behind the click: `Picture and 12 of 17 fields: 2 stale, 1 conflicting`."""
    found, held = fields.counted(one), len(seen.held_back(name))
    wrong = [f"{found[state]} {state}" for state in ("conflicting", "invalid", "stale") if state in found]
    wrong += [f"{held} withheld"] if held else []
    if not one.fields:
        return f"{text.plural(held, 'field')} withheld"
    return f"Picture and {found['known']} of {found['of']} fields" + (f": {', '.join(wrong)}" if wrong else "")


def shares(profile: ic.Profile) -> dict[str, dict[str, float | None]]:
    """Which share of each facet's fields is in order, stale, conflicting, invalid or missing."""
    return {words.FACET_TITLES[name]: _parts(one) for name, one in profile.facets.items() if one.fields}


def _parts(one: Facet) -> dict[str, float | None]:
    names = {"unknown": "missing", "stale": "stale", "conflicting": "conflicting", "invalid": "invalid"}
    states = [names.get(state.state, "filled") for state in one.fields.values()]
    return {part: states.count(part) / len(states) for part in ("filled", *dict.fromkeys(names.values()))}


def _four(scores: Mapping[str, Score]) -> str:
    known = {title.lower(): scores[name] for name, (title, _) in words.SCORES.items() if scores[name].value is not None}
    return ", ".join(
        f'<span title="{text.attribute("; ".join(score.because))}">{text.percent(score.value)} {title}</span>'
        for title, score in known.items()
    )
