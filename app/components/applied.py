"""What was applied last: its new scores on the page, and its way back."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app import cached, session, text, words
from app.components import fixing, guard, page

_DONE = "fix_done"
_FEW = 4

Row = Mapping[str, Any]


def save(change: dict[str, Any]) -> None:
    """Apply one change at once."""
    before = scores_of([change])
    with guard.told(), st.spinner("Applying the change"):
        done = session.workspace().fix([change])
        fixing.close()
        finish(done, before)


def finish(done: Sequence[Any], before: Mapping[str, Any]) -> None:
    """After changes were applied: offer the way back with the new scores."""
    fixing.renew()
    if done:
        rows = session.workspace().history(done[0].customer, limit=200)
        # of a set that holds what is withheld, the history tells only the rest
        made = {one.change for one in done}
        together = next((one["change_set"] for one in rows if one["change"] in made), done[0].change)
        st.session_state[_DONE] = {"set": together, "count": len(done), "before": before}
        session.say(f"{text.plural(len(done), 'change')} applied")
    st.rerun()


def under_way(rows: Sequence[Row]) -> None:
    """What is being applied, with the scores that it leads to where one change of one customer says them."""
    told = [_new_scores(_four(rows[0], "before"), _four(rows[0], "after"))] if len(rows) == 1 else []
    page.block(f'<h2 role="status">Applying {text.plural(len(rows), "change")}</h2>{"".join(told)}')


def _four(row: Row, side: str) -> dict[str, Any]:
    return {"name": row["name"], "scores": {name: row[f"scores_{side}"].get(name) for name in words.SCORES}}


def _scores(customers: Sequence[str]) -> dict[str, Any]:
    """The scores of a few customers for the purpose, by customer: name and four figures."""
    found = {}
    for customer in customers:
        seen = cached.profile(customer)
        four = {name: seen.scores[name].value for name in words.SCORES}
        found[customer] = {"name": seen.name, "scores": four}
    return found


def draw(customer: str | None = None) -> None:
    """The new scores of what was applied last, until it is undone or seen; of one customer only where one is named."""
    done = st.session_state.get(_DONE)
    if not done or (customer and customer not in done["before"]):
        return
    if done.get("undone"):
        _undone(done)
        return
    with st.container(border=True, key="fix_done"), guard.told():
        after = _told(done, "applied", done["before"])
        with st.container(horizontal=True):
            if st.button("Undo", key="fix_undo", shortcut="mod+z"):
                st.session_state[_DONE] = done | {"undone": True, "applied": after}
                fixing.undo(done["set"])
                st.rerun()
            if st.button("Done", key="fix_seen", type="tertiary"):
                st.session_state.pop(_DONE)
                st.rerun()


def _undone(done: dict[str, Any]) -> None:
    """What was applied and taken back can be made again, where it was undone."""
    with st.container(border=True, key="fix_undone"), guard.told():
        _told(done, "undone", done["applied"])
        with st.container(horizontal=True):
            if st.button("Redo", key="fix_redo"):
                st.session_state[_DONE] = done | {"undone": False}
                fixing.redo(done["set"])
                st.rerun()
            if st.button("Done", key="fix_seen", type="tertiary"):
                st.session_state.pop(_DONE)
                st.rerun()


def _told(done: Mapping[str, Any], did: str, before: Mapping[str, Any]) -> dict[str, Any]:
    """Draw what was done and the scores as they are now, beside those before it; gives those of now."""
    now = _scores(list(done["before"]))
    lines = "".join(_new_scores(before[one], now[one]) for one in now)
    page.block(f"<h2>{text.plural(done['count'], 'change')} {did}</h2>{lines}")
    return now


def _new_scores(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    told = []
    for name, (title, _) in words.SCORES.items():
        was, is_ = text.apart(before["scores"][name], after["scores"][name])
        told.append(f"{title} {is_}" + ("" if was == is_ else f", was {was}"))
    return f"<p>{text.html(after['name'])}: {'; '.join(told)}</p>"


def scores_of(changes: Sequence[Row]) -> dict[str, Any]:
    """The scores of the first few customers of some changes, to compare with after."""
    return _scores(list(dict.fromkeys(one["customer"] for one in changes))[:_FEW])
