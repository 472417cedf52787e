"""The worklist as a grid: pick rows, confirm with one click, type what is right; every edit is a draft at once."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

import insight_core as ic
from app import session, text, words
from app.components import fixing, guard, worklist

# The grid's own output is never fed back to it: that loses every second edit. Its rows stay as they were
# made until the question changes (another key), and what is edited is read from the edits alone.
_EDITS = "edited_rows"
_HEIGHT, _RIGHT_PX = 520, 106
PICK, CONFIRM, RIGHT = "Pick", "OK", "Right value"
_ORDER = [PICK, "Customer", "Field", CONFIRM, "Says now", RIGHT, "Why"]


def draw(items: Sequence[ic.WorkItem], question: str, one_field: str | None) -> list[ic.WorkItem]:
    """The rows; gives those that are picked. `question` names what they answer, `one_field` the only field in them."""
    key = f"fix_grid_{st.session_state.get(fixing.ROUND, 0)}_{question}"
    frame = st.session_state.setdefault(f"{key}_rows", _frame(items, one_field))
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


def _frame(items: Sequence[ic.WorkItem], one_field: str | None) -> pd.DataFrame:
    drafts = {(one["customer"], one["field"]): one for one in session.workspace().drafts()}
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


def _edited(key: str, items: Sequence[ic.WorkItem]) -> None:
    """What changed in the grid since the last look becomes drafts; what was emptied is dropped."""
    edits = {at: dict(cells) for at, cells in st.session_state[key][_EDITS].items()}
    known = st.session_state.get(f"{key}_known", {})
    st.session_state[f"{key}_known"] = edits
    drafts: list[dict[str, Any]] = []
    gone: list[dict[str, Any]] = []
    for at, cells in edits.items():
        new = {name: said for name, said in cells.items() if known.get(at, {}).get(name) != said and name != PICK}
        for name, said in new.items():
            (drafts if said else gone).append(_change(items[at], name, said))
    with guard.told():
        if gone:
            session.workspace().drop_draft(*((one["customer"], one["field"]) for one in gone))
        if drafts:
            fixing.draft(drafts)


def _change(item: ic.WorkItem, column: str, said: Any) -> dict[str, Any]:
    place = {"customer": item.customer, "field": item.field, **fixing.seen(item)}
    return {**place, "action": "confirm"} if column == CONFIRM else {**place, "action": "correct", "value": str(said)}
