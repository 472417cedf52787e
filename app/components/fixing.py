"""Fixing: the form for one field, with its sources side by side; what is said there waits as a draft in the store."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import guard
from insight_core.records.results import Effect, FieldState

_IN_A_ROW = 4
ROUND = "fix_round"
ASKED = "fix"  # the field that a profile is asked to put right, in the address line

Change = dict[str, Any]
Row = Mapping[str, Any]
Save = Callable[[Change], None]

_BROKEN = "It {}: a value that breaks a rule has to be corrected."
_SAVED = "Saved at once, with the new scores and Undo on the page; what you add to the changes waits in Fix."


def one_field(
    customer: str,
    name: str,
    chosen: str,
    seen: FieldState | None,
    rows: Sequence[Row],
    prefix: str,
    save: Save | None = None,
) -> None:
    """Confirm, choose or correct one field; `rows` is the evidence of the customer, `seen` what a profile says.

    What is said goes to `save`; without it, or when it is added to the changes, it waits as a draft.
    """
    value = seen.value if seen else None
    change: Change = {"customer": customer, "field": chosen, "expects": value}
    done = save or _wait
    if save is not None:
        st.caption(_SAVED)
    if seen is not None and value is not None:
        now, act = st.columns([3, 1.4], vertical_alignment="center")
        now.text(f"{name}: {words.name_of(chosen)} is {words.shown(chosen, value)}")
        wrong = _BROKEN.format(text.markdown(seen.reason)) if seen.state == "invalid" else None
        if act.button("Confirm as it is", key=f"{prefix}_{chosen}_confirm", width="stretch", help=wrong,
                      disabled=wrong is not None):  # fmt: skip
            done({**change, "action": "confirm"})
    _sources(change, rows, prefix, done)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        right = value_widget(chosen, value, f"{prefix}_{chosen}")
        at_once = save is not None and st.button("Save now", type="primary", key=f"{prefix}_{chosen}_save",
                                                 disabled=right == "")  # fmt: skip
        later = st.button("Add to the changes", key=f"{prefix}_{chosen}_add", disabled=right == "")
    # What is wrong with it is told under the whole row.
    corrected = {**change, "action": "correct", "value": right}
    if at_once:
        done(corrected)
    if later:
        add([corrected])


def _sources(change: Change, rows: Sequence[Row], prefix: str, done: Save) -> None:
    """What every source says, newest word of each, with one click to take it."""
    said = by_source(change["field"], rows)
    if not said:
        return
    for start in range(0, len(said), _IN_A_ROW):
        some = said[start : start + _IN_A_ROW]
        for place, row in zip(st.columns(_IN_A_ROW), some, strict=False):
            with place.container(border=True):
                _source(change, row, prefix, done)


def _source(change: Change, row: Row, prefix: str, done: Save) -> None:
    field, source = change["field"], str(row["source"])
    seen = text.day(row.get("observed_at")) if row.get("observed_at") else "no date"
    st.html(
        f'<div class="iw"><strong>{text.html(words.shown_stored(field, row[field]))}</strong>'
        f'<p class="small">{text.html(text.words(source))}, {text.html(row.get("method") or "")}, {seen}</p></div>'
    )
    if st.button("Take this", key=f"{prefix}_{field}_take_{source}", help=f"Choose {text.markdown(source)}"):
        done({**change, "action": "choose", "source": source})


def by_source(field: str, rows: Iterable[Row]) -> list[Row]:
    """The newest row of every source that says something about the field."""
    said: dict[str, Row] = {}
    for row in rows:
        if row.get(field) is not None and row["source"] != "steward":
            said.setdefault(str(row["source"]), row)
    return list(said.values())


def value_widget(name: str, value: Any, key: str) -> str:
    """The widget that fits the field's type; gives the text of the value, empty when none is said."""
    one = words.field(name)
    if one.type == "choice":
        at = one.values.index(value) if value in one.values else None
        picked: Any = st.selectbox(
            "Right value", one.values, index=at, format_func=text.words, key=f"{key}_value", placeholder="Choose"
        )
        return str(picked or "")
    if one.type == "boolean":
        told = {"true": "yes", "false": "no"}
        return str(st.selectbox("Right value", list(told), format_func=lambda said: told[said], key=f"{key}_value"))
    if one.type == "date":
        read = text.moment(str(value)) if value else None
        day = st.date_input("Right value", value=read.date() if read else None, format="YYYY-MM-DD",
                            min_value=text.EARLIEST, key=f"{key}_value")  # fmt: skip
        return str(day) if day else ""
    shown = ", ".join(str(item) for item in value) if isinstance(value, list) else "" if value is None else str(value)
    return str(st.text_input("Right value", value=shown, key=f"{key}_value", help=text.markdown(one.meaning)) or "")


def _wait(change: Change) -> None:
    add([change])


def add(changes: Sequence[Change]) -> None:
    """Keep changes as drafts when each can be made; tell what is wrong with the first that cannot."""
    with guard.told():
        session.workspace().fix(changes, dry_run=True)
        draft(changes)
        renew()
        close()
        st.rerun()


def close() -> None:
    """The field that was asked for is dealt with, or left as it is."""
    st.query_params.pop(ASKED, None)


def draft(changes: Sequence[Change]) -> None:
    """Keep changes as drafts, also such as cannot be applied yet: they say why where they wait."""
    session.workspace().draft(changes)
    session.say(f"{text.plural(len(session.workspace().drafts()), 'change')} waiting in Fix")


def renew() -> None:
    """Let the grid of the worklist be made anew, with the drafts as they are now."""
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def weighed(changes: Sequence[Change], scored: int | None = None) -> list[dict[str, Any]]:
    """What the changes would do, the scores for the first `scored`."""
    return _weighed(cached.key(), json.dumps(changes), scored, session.workspace())


@st.cache_data(max_entries=16, show_spinner="Working out the effect")
def _weighed(key: cached.Key, changes: str, scored: int | None, _ws: ic.Workspace) -> list[dict[str, Any]]:  # noqa: ARG001 the key of the cache
    return _ws.weigh(json.loads(changes), scored)


def plain(one: Mapping[str, Any]) -> Change:
    """A weighed change as it is asked for again, against what the field says now."""
    named = ("customer", "field", "action", "value", "source")
    return {name: one[name] for name in named if one[name] is not None} | {"expects": one["before"]}


def effect(changes: Sequence[Change]) -> list[Effect]:
    """What the changes would do to the interaction cards."""
    return _effect(cached.key(), json.dumps(changes), session.workspace())


@st.cache_data(max_entries=16, show_spinner=False)
def _effect(key: cached.Key, changes: str, _ws: ic.Workspace) -> list[Effect]:  # noqa: ARG001 the key of the cache
    return _ws.effect(json.loads(changes))


def undo(change: str) -> None:
    """Take a change, or a whole set, back."""
    with guard.told():
        _said(session.workspace().undo(change), "undone")


def redo(change: str) -> None:
    """Make a change, or a whole set, again."""
    with guard.told():
        _said(session.workspace().redo(change), "made again")


def _said(done: Sequence[ic.Change], did: str) -> None:
    renew()
    if len(done) == 1:
        one = done[0]
        session.say(f"{words.name_of(one.field)} is {words.shown(one.field, one.after)} again")
    else:
        session.say(f"{text.plural(len(done), 'change')} {did}")


def seen(item: ic.WorkItem) -> dict[str, Any]:
    """What the worklist showed of a field, as a change expects it; nothing where it shows less than there is."""
    one = words.field(item.field)
    if one.type in ("money", "ratio", "instant"):
        return {}
    if item.value is None:
        return {"expects": None}
    readers: dict[str, Any] = {"integer": int, "boolean": lambda told: told == "true", "list": json.loads}
    return {"expects": readers.get(one.type, str)(item.value)}
