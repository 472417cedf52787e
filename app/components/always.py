"""Always: what is said of all rows of a file at once, where no column of it says it."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from app import session, text, words
from app.components import incoming

_UNDER = "No column says these. What stands here holds for every row, and is kept with the mapping."
_RENEW = "The mapping says one day for all rows of a file. Say the day of this one, if it is another."
_DATES = ("date", "instant")


def told(recipe: Any, filled: Collection[str], path: Path, key: str) -> dict[str, str]:
    """What is said of all rows, by field; "" where nothing is said."""
    asked = session.workspace().unsaid(recipe, filled)
    if not asked:
        return {}
    st.caption(_UNDER)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        return {one["field"]: _said(one, path, key) for one in asked}


def renewed(recipe: Any, path: Path, key: str) -> Any:
    """A recipe that is known, with the day of this file in the place of the one that it says for all rows."""
    dated = [one for one in session.workspace().unsaid(recipe, recipe.columns) if one["type"] in _DATES]
    fixed = [one for one in dated if _day(one["says"])]
    if not fixed:
        return recipe
    st.caption(_RENEW)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        said = {one["field"]: _said(one, path, key) for one in fixed}
    same = all(said[one["field"]] == one["says"] for one in fixed)
    return recipe if same else session.workspace().always(recipe, said)


def _said(one: Mapping[str, Any], path: Path, key: str) -> str:
    """What one field says of all rows."""
    if one["type"] in _DATES:
        return _dated(one, path, f"day_{one['field']}_{key}")
    at = one["allowed"].index(one["says"]) if one["says"] in one["allowed"] else None
    chosen = st.selectbox(words.name_of(one["field"]), one["allowed"], index=at, format_func=text.words,
                          key=f"always_{one['field']}_{key}", placeholder="Say which", width=190)  # fmt: skip
    return str(chosen or "")


def _dated(one: Mapping[str, Any], path: Path, field: str) -> str:
    """The day of all rows: nobody's but a person's, who is offered the one that there is."""
    chosen: Any = st.date_input(words.name_of(one["field"]), value=_day(one["says"]), format="YYYY-MM-DD", key=field,
                                min_value=text.EARLIEST, max_value=text.LATEST, width=190)  # fmt: skip
    day, why = _offered(path)
    if chosen != day:
        st.button(f"It is {text.day(day)}", key=f"offer_{field}", help=why, on_click=_take, args=(field, day))
    return chosen.isoformat() if isinstance(chosen, date) else ""


def _take(field: str, day: date) -> None:
    st.session_state[field] = day


def _offered(path: Path) -> tuple[date, str]:
    """The day on which the file was last changed; an uploaded one does not tell, so today."""
    if incoming.ours(path.parent):
        return session.workspace().now.date(), "Today: an uploaded file does not tell when it was last changed"
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date(), "The day on which the file was last changed"


def _day(said: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(said)
    return None
