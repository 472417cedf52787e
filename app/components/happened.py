"""What happened: fixes by change set with the way back, consents, loads, outcomes and long work, as sections."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import fixing, page, receipts, sidebar

_SETS = 20  # change sets on a page
_INSIDE = 50  # changes of a set that are shown

_OTHERS = {"duplicate": "known already", "quarantined": "quarantined"}

Row = Mapping[str, Any]


def fixes(rows: Sequence[Row]) -> None:
    """Changes by the set in which they were made, each and all of them with undo and redo."""
    page.section("Fixes", "Every change is kept beside the original, and any one of them can be taken back.")
    sets = [list(some) for _, some in groupby(rows, key=lambda one: one["change_set"])]
    if not sets:
        page.under("No field was changed here. Fix one in the worklist.")
        return
    pages = -(-len(sets) // _SETS)
    start = (min(int(st.session_state.get("page", 1)), pages) - 1) * _SETS
    shown = sets[start : start + _SETS]
    names = _names([one for some in shown for one in some[:_INSIDE]])
    for some in shown:
        if len(some) == 1:
            _change(some[0], names)
        else:
            _set(some, names)
    if pages > 1:
        st.pagination(pages, key="page", bind="query-params")


def _names(rows: Sequence[Row]) -> dict[str, str]:
    customers = sorted({str(one["customer"]) for one in rows if one["customer"]})
    return cached.names(customers) if customers else {}


def _set(some: Sequence[Row], names: Mapping[str, str]) -> None:
    now, first = session.workspace().now, some[0]
    stand = sum(one["undone_at"] is None for one in some)
    fields = sorted({words.name_of(one["field"]) for one in some})
    told = f"{text.plural(len(some), 'change')} of {', '.join(fields[:3])}{' and more' if len(fields) > 3 else ''}"
    undone = len(some) - stand
    told += f", {undone} undone" if undone else ""
    with st.container(key=f"history_set_{first['change_set']}"):
        what, back = st.columns([9, 2.2], vertical_alignment="center")
        with back.container(horizontal=True):
            _turn(first["change_set"], stand, undone)
        label = text.markdown(f"{text.ago(first['at'], now)}: {told}")
        with what.expander(label, key=f"open_{first['change_set']}", on_change="rerun") as more:
            if more.open:
                for one in some[:_INSIDE]:
                    _change(one, names)
                if len(some) > _INSIDE:
                    page.under(f"and {len(some) - _INSIDE:,} more")


def _turn(together: str, stand: int, undone: int) -> None:
    if stand and st.button(f"Undo all {stand}", key=f"undo_{together}"):
        fixing.undo(together)
        st.rerun()
    if undone and st.button(f"Redo {undone}", key=f"redo_{together}"):
        fixing.redo(together)
        st.rerun()


def _change(one: Row, names: Mapping[str, str]) -> None:
    now = session.workspace().now
    with st.container(key=f"history_{one['change']}"):
        when, who, what, act = st.columns([2, 3, 6, 1.6], vertical_alignment="center")
        when.html(_when(one, now))
        with who:
            _link(one["customer"], names)
        what.html(f'<div class="iw">{_did(one)}</div>')
        undone = bool(one["undone_at"])
        if act.button("Redo" if undone else "Undo", key=f"{'redo' if undone else 'undo'}_{one['change']}"):
            (fixing.redo if undone else fixing.undo)(one["change"])
            st.rerun()


def _link(customer: str, names: Mapping[str, str]) -> None:
    if customer in names:
        label, query = text.markdown(names[customer]), session.open_customer(customer)
        st.page_link(sidebar.page("profile"), label=label, query_params=query)
    else:
        st.caption("a customer that is gone")


def _when(one: Row, now: Any) -> str:
    told = "".join(f"; {event['what']} {text.ago(event['at'], now)}" for event in one.get("events", [])[1:][-2:])
    return f'<div class="iw small">{text.hour(one["at"])}<br>{text.html(text.ago(one["at"], now) + told)}</div>'


def _did(one: Row) -> str:
    name = text.html(words.name_of(one["field"]))
    before, after = (text.html(words.shown(one["field"], one[side])) for side in ("before", "after"))
    if one["withheld"]:
        did = "undone" if one["undone_at"] else one["action"]
        return f"<strong>{name}</strong> {text.html(did)} {receipts.state('withheld', words.readable(one['withheld']))}"
    if one["undone_at"]:
        return f'<strong>{name}</strong> <del>{after}</del> <span class="small">undone</span>'
    if one["action"] == "confirm":
        return f"<strong>{name}</strong> confirmed as {after}"
    chosen = ' <span class="small">from a source</span>' if one["action"] == "choose" else ""
    return f"<strong>{name}</strong> <del>{before}</del> <ins>{after}</ins>{chosen}"


def consents(rows: Sequence[Row]) -> None:
    """Consents given and withdrawn here, with the evidence that was written down."""
    page.section("Consents", "Given and withdrawn here. A word is never deleted: a newer one is added.")
    if not rows:
        page.under("No consent was recorded here. Record one on a profile.")
        return
    _people(rows, lambda one: {
        "Purpose": text.words(one["purpose"]),
        "Channel": "every channel" if one["channel"] == "*" else one["channel"],
        "Answer": one["state"],
        "Evidence": one["evidence"] or text.DASH,
    })  # fmt: skip


def _people(rows: Sequence[Row], told: Callable[[Row], dict[str, object]]) -> None:
    """A line of each: when, who, and what is told of it."""
    names = _names(rows)
    page.table([
        {"When": text.hour(one["at"]), "Customer": names.get(str(one["customer"]), text.DASH)} | told(one)
        for one in rows
    ])  # fmt: skip


def loads(rows: Sequence[Row]) -> None:
    """Files that were loaded, and those taken back."""
    page.section("Loads")
    if not rows:
        page.under("Nothing was loaded.")
        return
    back = any(one["unloaded_at"] for one in rows)
    page.table([
        {
            "Batch": one["id"],
            "Source": one["source"],
            "Recipe": one["recipe"],
            "Files": ", ".join(str(file["file"]) for file in one["files"]),
            "Rows": fates(one),
            "Loaded, UTC": _clock(one["recorded_at"]),
        }
        | ({"Taken back, UTC": _clock(one["unloaded_at"])} if back else {})
        for one in rows
    ])  # fmt: skip
    st.page_link(sidebar.page("load"), label="Take a load back")


def _clock(at: Any) -> str:
    """An instant where the head of the column says the zone."""
    return text.hour(at).removesuffix(" UTC")


def fates(one: Row) -> str:
    """What became of the rows of a load: `216 accepted, 4 known already, 2 quarantined`."""
    others = (f"{one[name]:,} {said}" for name, said in _OTHERS.items() if one[name])
    return ", ".join([f"{one['accepted']:,} accepted", *others])


def outcomes(rows: Sequence[Row]) -> None:
    """What came of cards."""
    page.section("Outcomes", "What came of the advice that was given.")
    if not rows:
        page.under("No outcome was recorded.")
        return
    _people(rows, lambda one: {
        "Result": text.words(one["result"]),
        "Worth": text.number(one["value"], 2),
        "By": text.words(one["channel"] or text.DASH),
        "Card": one["card"],
    })  # fmt: skip


def work() -> None:
    """Long work and runs of notebooks."""
    page.section("Long work and notebooks")
    jobs = ic.jobs.recent(session.workspace())
    runs = session.workspace().notebooks.runs()
    if not jobs and not runs:
        page.under("Nothing ran here yet.")
        return
    if jobs:
        told = [{"What": one.title, "State": one.state, "Said": one.told or one.message or text.DASH,
                 "Took": text.plural(one.seconds, "second")} for one in jobs]  # fmt: skip
        page.table(told, "Jobs, newest first")
    if runs:
        told = [{"Notebook": one.title, "State": one.state, "Began": text.hour(one.began_at),
                 "Took": text.plural(round(one.seconds), "second")} for one in runs[:_SETS]]  # fmt: skip
        page.table(told, "Notebooks, newest first")
