"""A facet of a profile: one plain sentence, and behind one click its picture and its fields with their receipts."""

from collections.abc import Mapping, Sequence

import streamlit as st

import insight_core as ic
from app import cached, text, words
from app.components import facet_pictures, fields, into_view, page, receipts
from app.components.seen import Seen
from insight_core.records.results import Facet, Score

SEE = "see"  # the field, the facet or the timeline that a profile is opened at, in the address line
TIMELINE = "timeline"


def open_first(seen: Seen) -> str | None:
    """The facet that the address line names, or that of its field, else the first of which something is known."""
    wanted = st.query_params.get(SEE)
    shown = {name: seen.profile.facets[name].fields for name in seen.shown}
    first = next((name for name, known in shown.items() if wanted in (name, *known)), None)
    if first or wanted == TIMELINE:
        into_view.ask(fields.SEEN, turn=f"{seen.profile.customer} {wanted}")
        return first
    return next((name for name in words.FACETS if fields.counted(seen.profile.facets[name])["known"]), None)


def mark(part: str) -> str:
    """The class of a part of the profile that it is opened at; nothing for another."""
    return fields.SEEN if st.query_params.get(SEE) == part else ""


@st.fragment
def draw(seen: Seen, name: str, expanded: bool) -> None:
    """The section of one facet of which something may be seen. What is behind the click is made when it is opened."""
    one = seen.profile.facets[name]
    title = text.html(words.FACET_TITLES[name])
    told = f'<div class="iw-section {mark(name)}"><h2>{title}</h2>{_sentence(seen, name, one)}</div>'
    page.block(told)
    with st.expander(_behind(seen, name, one), expanded=expanded, key=name, bind="query-params") as more:
        if more.open:
            facet_pictures.draw(name, seen)
            histories = cached.value_history(seen.profile.customer, seen.as_of)
            body = fields.rows(one, histories, seen.now, fixable=seen.as_of is None, wanted=st.query_params.get(SEE))
            page.block(body + fields.withheld(seen.held_back(name), seen.profile.purpose))


@st.fragment
def held(seen: Seen, names: Sequence[str]) -> None:
    """The facets of which the purpose may see nothing: the reason once, and their fields behind a click."""
    kept = {name: seen.held_back(name) for name in names}
    whole = [one for some in kept.values() for one in some]
    why = words.readable(next(iter(receipts.grouped(whole))))
    page.section(f"Withheld from {text.words(seen.profile.purpose)}", f"{text.sentence(why)}.")
    titles = ", ".join(words.FACET_TITLES[name] for name in names)
    label = f"{text.plural(len(whole), 'field')}: {titles}"
    with st.expander(label, key="withheld", bind="query-params") as more:
        if more.open:
            page.block("".join(_held(words.FACET_TITLES[name], some) for name, some in kept.items()))


def _held(title: str, some: Sequence[Mapping[str, str]]) -> str:
    names = ", ".join(words.name_of(one["field"]) for one in some)
    told = f"<span>{text.html(title)}<br><span class='small'>{text.html(names)}</span></span>"
    return f'<div class="iw-missing">{receipts.state("withheld", some[0]["reason"])}{told}</div>'


def _sentence(seen: Seen, name: str, one: Facet) -> str:
    scores = _four(seen.profile.scores["facets"][name])
    return f'<p class="lead">{text.html(words.dated(one.summary))}</p><p class="small">{scores}</p>'


def _behind(seen: Seen, name: str, one: Facet) -> str:
    """What waits behind the click: `Picture and 12 of 17 fields: 2 stale, 1 conflicting`."""
    found, held = fields.counted(one), len(seen.held_back(name))
    wrong = [f"{found[state]} {state}" for state in ("conflicting", "invalid", "stale") if state in found]
    wrong += [f"{held} withheld"] if held else []
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
        f'<span title="{text.attribute(words.because(score.because))}">{text.percent(score.value)} {title}</span>'
        for title, score in known.items()
    )
