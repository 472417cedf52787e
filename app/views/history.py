"""History: what was changed, loaded and allowed, and the way back."""

from typing import Any

import streamlit as st

from app import session, text, words
from app.components import empty, fixing, page, sidebar


def main() -> None:
    """Changes with undo, then loads."""
    page.head("History", "Every change is kept beside the original, and any one of them can be taken back.")
    _changes()
    _loads()


def _changes() -> None:
    page.section("Changes")
    changes = session.workspace().history(limit=100)
    if not changes:
        empty.nobody("No field was changed here yet. Fix one in the worklist.")
        return
    for one in changes:
        _change(one)


def _change(one: dict[str, Any]) -> None:
    now, name = session.workspace().now, words.name_of(one["field"])
    with st.container(key=f"history_{one['change']}"):
        when, what, who, act = st.columns([2, 6, 3, 2], vertical_alignment="center")
        when.html(f'<div class="iw small" title="{text.day(one["at"])}">{text.ago(one["at"], now)}</div>')
        before, after = (words.shown(one["field"], one[side]) for side in ("before", "after"))
        told = f"<strong>{name}</strong> {one['action']}: "
        told += f"<del>{text.html(before)}</del> <ins>{text.html(after)}</ins>" if before != after else text.html(after)
        what.html(f'<div class="iw">{told}</div>')
        with who:
            query = session.open_customer(one["customer"])
            st.page_link(sidebar.page("profile"), label="Open the profile", query_params=query)
        with act:
            if one["undone_at"]:
                st.caption("undone")
            elif st.button("Undo", key=f"undo_{one['change']}"):
                fixing.undo(one["change"])
                st.rerun()


def _loads() -> None:
    page.section("Loads")
    now = session.workspace().now
    rows = [
        {
            "Batch": one["id"],
            "Source": one["source"],
            "Recipe": one["recipe"],
            "Files": ", ".join(str(file["file"]) for file in one["files"]),
            "Accepted": f"{one['accepted']:,}",
            "Duplicate": f"{one['duplicate']:,}",
            "Quarantined": f"{one['quarantined']:,}",
            "Loaded": text.ago(one["recorded_at"], now),
            "Taken back": text.ago(one["unloaded_at"], now) if one["unloaded_at"] else text.DASH,
        }
        for one in reversed(session.workspace().batches())
    ]
    if rows:
        page.table(rows)
        st.page_link(sidebar.page("load"), label="Take a load back")
    else:
        empty.nobody("Nothing was loaded yet.")


main()
