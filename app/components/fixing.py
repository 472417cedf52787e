"""Fixing: one form for a change to a field, and the basket of changes that wait."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import guard
from insight_core.records.results import FieldState

_ACTIONS = {"confirm": "Confirm as it is", "correct": "Correct", "choose": "Choose between sources"}


def form(
    customer: str,
    name: str,
    fields: Mapping[str, FieldState],
    rows: Sequence[Mapping[str, Any]],
    prefix: str,
) -> None:
    """Pick a field, say what is right, and put the change into the basket."""
    fixable = [one for one in fields if words.field(one).origin == "asserted"]
    if not fixable:
        st.caption("Everything here is computed from other fields: fix those.")
        return
    chosen = st.selectbox("Field", fixable, format_func=words.name_of, key=f"{prefix}_field")
    one_field(customer, name, chosen, fields[chosen].value, rows, prefix)


def one_field(
    customer: str, name: str, chosen: str, value: Any, rows: Sequence[Mapping[str, Any]], prefix: str
) -> None:
    """The change of one field."""
    said = {str(row["source"]): row[chosen] for row in reversed(rows) if row.get(chosen) is not None}
    actions = ["correct"] if value is None else ["confirm", "correct", *(["choose"] if len(said) > 1 else [])]
    action = st.segmented_control("What to do", actions, default=actions[0], required=True,
                                  format_func=lambda one: _ACTIONS[one], key=f"{prefix}_{chosen}_action")  # fmt: skip
    change = {"customer": customer, "name": name, "field": chosen, "action": str(action)}
    ready = True
    if action == "correct":
        change["value"] = _value(chosen, value, f"{prefix}_{chosen}")
        ready = change["value"] != ""
    elif action == "choose":
        change["source"] = str(st.radio("Which source is right?", list(said), key=f"{prefix}_{chosen}_source",
                                        format_func=lambda one: _told(chosen, said[one], one)))  # fmt: skip
    else:
        st.text(f"{words.name_of(chosen)}: {words.shown(chosen, value)}")
    if st.button("Add to the changes", key=f"{prefix}_{chosen}_add", disabled=not ready):
        with guard.told():
            _add(change)


def _told(field: str, value: Any, source: str) -> str:
    return f"{text.markdown(words.shown_stored(field, value))} ({text.markdown(source)})"


def _value(name: str, value: Any, key: str) -> str:
    one = words.field(name)
    if one.type == "choice":
        return str(st.selectbox("Right value", one.values, format_func=text.words, key=f"{key}_value"))
    if one.type == "boolean":
        told = {"true": "yes", "false": "no"}
        return str(st.selectbox("Right value", list(told), format_func=lambda said: told[said], key=f"{key}_value"))
    if one.type == "date":
        read = text.moment(str(value)) if value else None
        picked = st.date_input("Right value", value=read.date() if read else None, format="YYYY-MM-DD",
                               min_value=text.EARLIEST, key=f"{key}_value")  # fmt: skip
        return str(picked) if picked else ""
    shown = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return str(st.text_input("Right value", value=shown, key=f"{key}_value", help=text.markdown(one.meaning)) or "")


def _add(change: dict[str, str]) -> None:
    """A second change of the same field takes the place of the first."""
    same = (change["customer"], change["field"])
    kept = [one for one in session.basket() if (one["customer"], one["field"]) != same]
    preview([change])
    session.basket()[:] = [*kept, change]
    session.say(f"{text.plural(len(kept) + 1, 'change')} waiting in Fix")
    st.rerun()


def preview(changes: Sequence[Mapping[str, str]]) -> list[ic.Change]:
    """What the changes would do; raises for the first that cannot be."""
    return session.workspace().fix(_plain(changes), dry_run=True)


def apply(changes: Sequence[Mapping[str, str]]) -> None:
    """Make the changes, empty the basket, and offer the way back."""
    done = session.workspace().fix(_plain(changes))
    cached.forget()
    session.basket().clear()
    session.say(f"{text.plural(len(done), 'change')} applied. Each can be undone in History.")


def undo(change: str) -> None:
    """Take one change back."""
    with guard.told():
        done = session.workspace().undo(change)[0]
        cached.forget()
        session.say(f"{words.name_of(done.field)} is back to {words.shown(done.field, done.after)}")


def _plain(changes: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    return [{name: value for name, value in one.items() if name != "name"} for one in changes]
