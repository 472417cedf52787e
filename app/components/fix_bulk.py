"""Many fields at once: one decision for all that are picked, with its count and its first effects before it is made."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import applied, fix_waiting, fixing, guard, page, sidebar, worklist

_ACTIONS = {"confirm": "Confirm as they are", "correct": "Set a value", "choose": "Choose a source"}
_FIRST = 5

Row = dict[str, Any]


def draw(picked: Sequence[ic.WorkItem]) -> None:
    """The decision for what is picked: of a single one its sources side by side."""
    with st.container(border=True, key="fix_bulk"), guard.told():
        if len(picked) == 1:
            _one(picked[0])
        else:
            _many(picked)


def _one(item: ic.WorkItem) -> None:
    seen, rows = cached.profile(item.customer), cached.evidence(item.customer)
    who, _ = st.columns([3, 5])
    with who:
        query = session.open_customer(item.customer)
        st.page_link(sidebar.page("profile"), label=text.markdown(item.name), query_params=query)
    page.block(worklist.line(item))
    said = next((one.fields[item.field] for one in seen.facets.values() if item.field in one.fields), None)
    fixing.one_field(item.customer, item.name, item.field, said, rows, "fix")


def _many(picked: Sequence[ic.WorkItem]) -> None:
    page.block(f"<h2>{text.plural(len(picked), 'field')} picked</h2>")
    fields = {one.field for one in picked}
    offered = [one for one in _ACTIONS if one != "correct" or len(fields) == 1]
    action = st.segmented_control("What to do with all of them", offered, default="confirm", required=True,
                                  format_func=lambda one: _ACTIONS[one], key="fix_bulk_action")  # fmt: skip
    said = _said(str(action), picked[0].field)
    if said is None:
        return
    changes = [{"customer": one.customer, "field": one.field, **fixing.seen(one), **said} for one in picked]
    rows = fixing.weighed(changes, _FIRST)
    good = [change for change, row in zip(changes, rows, strict=True) if not row["refused"]]
    _preview(rows)
    with st.container(horizontal=True):
        if st.button(f"Keep {text.plural(len(good), 'draft')}", key="fix_bulk_draft", disabled=not good):
            fixing.draft(good)
            fixing.renew()
            st.rerun()
        if st.button(f"Apply to {len(good):,} now", key="fix_bulk_apply", type="primary", disabled=not good):
            before = applied.scores_of(good)
            done = session.workspace().fix(good)
            fixing.renew()
            applied.finish(done, before)


def _said(action: str, field: str) -> Row | None:
    """The decision as every change says it; None while it is not said yet."""
    if action == "correct":
        value = fixing.value_widget(field, None, f"fix_bulk_{field}")
        return {"action": action, "value": value} if value else None
    if action == "choose":
        sources = [str(one["source"]) for one in session.workspace().sources()]
        picked: Any = st.selectbox("Source", sources, index=None, key="fix_bulk_source", placeholder="Choose a source")
        return {"action": action, "source": picked} if picked else None
    return {"action": action}


def _preview(rows: Sequence[Row]) -> None:
    good, why = [one for one in rows if not one["refused"]], Counter[str]()
    why.update(_reason(one) for one in rows if one["refused"])
    told = f"{text.plural(len(good), 'field')} would be changed"
    told += "".join(f"; {count:,} not: {words.readable(one)}" for one, count in why.most_common(3))
    page.under(told + ".")
    if good:
        page.block(fix_waiting.table(good[:_FIRST]))
    if len(good) > _FIRST:
        page.under(f"and {len(good) - _FIRST:,} more like these")


def _reason(one: Row) -> str:
    """The refusal without whom it is about, so that alike ones are counted together."""
    return str(one["refused"]).replace(str(one["customer"]), "").replace(str(one["name"]), "the customer")
