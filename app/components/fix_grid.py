"""The worklist as a grid: pick rows, confirm with one click, type what is right; every edit is a draft at once."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

import insight_core as ic
from app import session, text, words
from app.components import fixing, guard, worklist

# The grid's own output is never fed back to it: that loses every second edit. Its rows stay as they were
# made until the question changes (another key), and what is edited is read from the edits alone.
_EDITS = "edited_rows"
Place = tuple[str, str]  # customer and field
Drafts = Mapping[Place, fixing.Change]

_HEIGHT, _RIGHT_PX = 520, 106
PICK, CONFIRM, RIGHT = "Pick", "OK", "Right value"
_ORDER = [PICK, "Customer", "Field", CONFIRM, "Says now", RIGHT, "Why"]


def draw(items: Sequence[ic.WorkItem], question: str, one_field: str | None) -> list[ic.WorkItem]:
    """The rows; gives those that are picked. `question` names what they answer, `one_field` the only field in them."""
    key = f"fix_grid_{st.session_state.get(fixing.ROUND, 0)}_{question}"
    first = st.session_state.setdefault(f"{key}_first", _drafts())
    frame = st.session_state.setdefault(f"{key}_rows", _frame(items, one_field, first))
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        height=_HEIGHT,
        width="stretch",
        num_rows="fixed",
        disabled=[one for one in frame.columns if one not in (PICK, CONFIRM, RIGHT)],
        column_config=_columns(one_field),
        placeholder="",
        on_change=_edited,
        args=(key, items),
        alt="Fields worth fixing, most valuable first; confirm or type what is right",
    )
    edits = st.session_state[key][_EDITS]
    return [items[at] for at, cells in edits.items() if cells.get(PICK)]


def _drafts() -> Drafts:
    return {(one["customer"], one["field"]): one for one in session.workspace().drafts()}


def _frame(items: Sequence[ic.WorkItem], one_field: str | None, drafts: Drafts) -> pd.DataFrame:
    rows = [_row(one, drafts.get((one.customer, one.field), {}), one_field) for one in items]
    return pd.DataFrame(rows, columns=_ORDER)


def _row(one: ic.WorkItem, draft: dict[str, Any], one_field: str | None) -> dict[str, Any]:
    right, typed = draft.get("value"), words.field(one_field).type if one_field else "text"
    if draft.get("source") and typed not in ("date", "choice", "boolean"):
        right = f"as {text.words(draft['source'])} says"
    if typed == "date":
        right = pd.Timestamp(right).date() if right else None
    elif right is not None:
        right = ", ".join(str(item) for item in right) if isinstance(right, list) else str(right)
    return {
        PICK: False,
        "Customer": one.name,
        "Field": words.name_of(one.field),
        "Says now": "" if one.value is None else worklist.shown(one),
        CONFIRM: draft.get("action") == "confirm",
        RIGHT: right,
        "Why": worklist.brief(one),
    }


def _columns(one_field: str | None) -> dict[str, Any]:
    # Together they fit a page of 1024; what is pinned keeps its width, and the others share what room there is more.
    config = st.column_config
    return {
        PICK: config.CheckboxColumn(width=60, pinned=True),
        "Customer": config.TextColumn(width=112, pinned=True),
        "Field": config.TextColumn(width=92, pinned=True),
        CONFIRM: config.CheckboxColumn(width=58, pinned=True, help="What it says now is right"),
        "Says now": config.TextColumn(width=164),
        RIGHT: _right(one_field),
        "Why": config.TextColumn(width=120),
    }


def _right(one_field: str | None) -> Any:
    config, told = st.column_config, "What it should say; it waits as a draft"
    one = words.field(one_field) if one_field else None
    if one and one.type == "choice":
        return config.SelectboxColumn(options=list(one.values), help=told, width=_RIGHT_PX)
    if one and one.type == "boolean":
        return config.SelectboxColumn(options=["true", "false"], help=told, width=_RIGHT_PX)
    if one and one.type == "date":
        return config.DateColumn(min_value=text.EARLIEST, format="YYYY-MM-DD", help=told, width=_RIGHT_PX)
    return config.TextColumn(help=told, width=_RIGHT_PX)


class Said(NamedTuple):
    """What stands in a row of the grid: whether its value is right, and what it should say."""

    confirm: bool
    right: Any


def _edited(key: str, items: Sequence[ic.WorkItem]) -> None:
    """Each row that says something else than at the last look has its draft made anew, or dropped when it says nothing.

    A cell that is put back to what it was is no edit any more: only the whole row tells what is meant.
    """
    frame, first = st.session_state[f"{key}_rows"], st.session_state[f"{key}_first"]
    edits = {at: dict(cells) for at, cells in st.session_state[key][_EDITS].items()}
    known = st.session_state.get(f"{key}_known", {})
    st.session_state[f"{key}_known"] = edits
    drafts: list[fixing.Change] = []
    gone: list[Place] = []
    for at in sorted({*known, *edits}):
        was, now = (_said(frame, at, some.get(at, {})) for some in (known, edits))
        if was == now:
            continue
        place = (items[at].customer, items[at].field)
        waited = first.get(place) if now.right == _said(frame, at, {}).right else None
        change = meant(items[at], was, now, waited)
        drafts += [change] if change else []
        gone += [] if change else [place]
    _keep(drafts, gone)


def _keep(drafts: Sequence[fixing.Change], gone: Sequence[Place]) -> None:
    with guard.told():
        if gone:
            session.workspace().drop_draft(*gone)
        if drafts:
            fixing.draft(drafts)


def _said(frame: pd.DataFrame, at: int, edits: Mapping[str, Any]) -> Said:
    confirm, right = (edits.get(name, frame[name].iloc[at]) for name in (CONFIRM, RIGHT))
    return Said(bool(confirm), None if pd.isna(right) or right == "" else right)


def meant(item: ic.WorkItem, was: Said, now: Said, waited: fixing.Change | None) -> fixing.Change | None:
    """What a row means: the tick that came last, else what it should say, else a tick; None when nothing is said.

    `waited` is the draft that stood there first, where it still says what it did.
    """
    place = {"customer": item.customer, "field": item.field, **fixing.seen(item)}
    if now.confirm and (now.right is None or not was.confirm):
        return {**place, "action": "confirm"}
    if now.right is None:
        return None
    return waited or {**place, "action": "correct", "value": str(now.right)}
