"""Pictures of a life: its dated facts in lanes, and who lives together since when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import lanes, sidebar
from app.components.seen import Seen, valid
from insight_core.records.results import FieldState, ValueHistory

# field: its lane
_LANES = {
    "stage": "Stage",
    "marital_status": "Marital status",
    "children_total": "Children",
    "children_at_home": "Children at home",
    "employment_status": "Work",
    "occupation": "Occupation",
    "city": "Town",
    "street": "Home",
}
_FAMILY = 12


def life(seen: Seen, key: str) -> bool:
    """Stages and the facts that they rest on, as long as each has held, with the newest life event."""
    histories = cached.value_history(seen.profile.customer, seen.as_of)
    served = {name: state for one in seen.profile.facets.values() for name, state in one.fields.items()}
    bars = [*_stage(served, seen.now)]
    for name, lane in _LANES.items():
        if name in served and name in histories:
            bars += _held(name, lane, histories[name], seen.now)
    marks = _events(served)
    if not bars and not marks:
        return False
    told = [f"{one.lane}: {one.label} since {text.day(one.start)}" for one in bars if one.end == seen.now]
    alt = "Lanes over time, what holds now: " + "; ".join(told)
    lanes.draw(bars, marks, seen.now, alt, key)
    return True


def _stage(served: dict[str, FieldState], now: datetime) -> list[lanes.Bar]:
    since = _moment(served, "stage_since")
    return [lanes.Bar(_LANES["stage"], since, now, text.words(served["stage"].value))] if since else []


def _moment(served: dict[str, FieldState], name: str) -> datetime | None:
    return text.moment(served[name].value) if name in served else None


def _held(name: str, lane: str, history: ValueHistory, now: datetime) -> list[lanes.Bar]:
    """A bar for each value; those in a row that say the same are one."""
    bars: list[lanes.Bar] = []
    for step in reversed(history.steps):
        start, end = text.moment(step["from"]) or now, text.moment(step["until"]) or now
        label = words.shown(name, step["value"])
        if bars and bars[-1].label == label:
            bars[-1] = bars[-1]._replace(end=end)
        elif step["value"] is not None:
            bars.append(lanes.Bar(lane, start, end, label))
    return bars


def _events(served: dict[str, FieldState]) -> list[lanes.Mark]:
    on = _moment(served, "last_life_event_on")
    return [lanes.Mark("Event", on, text.sentence(served["last_life_event"].value))] if on else []


def household(seen: Seen, key: str) -> bool:
    """Everybody of the household: a thin line since birth, a thick one since they are known to live there."""
    fields = seen.profile.facets["household"].fields
    ids = fields["household_members"].value if "household_members" in fields else None
    if not ids or len(ids) >= _FAMILY:
        return False
    joint = _moment(fields, "household_since")
    family = [seen.profile, *(cached.profile(one, seen.as_of) for one in ids)]
    names = _told_apart(family, seen.now)
    bars = [bar for one in family for bar in _lane(one, names[one.customer], joint, seen.now)]
    known = [one for one in bars if not one.faint]
    alt = "Members over time: " + "; ".join(f"{one.lane}, {one.label}" for one in known)
    lanes.draw(bars, [], seen.now, alt, key)
    _links(family[1:])
    return True


def _told_apart(family: Sequence[ic.Profile], now: datetime) -> dict[str, str]:
    """Name and age of each; two who share both carry the start of their ids."""
    told = {one.customer: _with_age(one, now) for one in family}
    shared = {name for name in told.values() if list(told.values()).count(name) > 1}
    return {who: f"{name} ({who[:4]})" if name in shared else name for who, name in told.items()}


def _with_age(one: ic.Profile, now: datetime) -> str:
    born = _known(one, "demographics", "birth_date")
    return f"{one.name}, {(now - born).days // 365.25:.0f}" if born else one.name


def _lane(one: ic.Profile, lane: str, joint: datetime | None, now: datetime) -> list[lanes.Bar]:
    born = _known(one, "demographics", "birth_date")
    since = _known(one, "identity", "address_since") or joint
    bars = [lanes.Bar(lane, born, now, "since birth", faint=True)] if born else []
    told = f"here since {text.day(since)}" if since else "since when is not known"
    return [*bars, lanes.Bar(lane, max(since or now, born or since or now), now, told)]


def _known(one: ic.Profile, facet: str, name: str) -> datetime | None:
    return text.moment(valid(one.facets[facet], name))


def _links(members: Sequence[ic.Profile]) -> None:
    with st.container(horizontal=True):
        for one in members:
            query: dict[str, Any] = session.open_customer(one.customer)
            st.page_link(sidebar.page("profile"), label=text.markdown(one.name), query_params=query)
