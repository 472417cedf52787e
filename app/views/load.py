"""Load: a file in, seen before it is kept, and every load's way back."""

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from app import session, text
from app.components import guard, incoming, page, work

_DONE = "load_done"
_UNDER = (
    "CSV, TSV, XLSX, JSON, JSON lines, Parquet, and gz or zip of these. "
    "Nothing is kept before you have seen what it would bring."
)
_SOURCE = "Who asserts this. The same name next time, so that new rows meet the old ones."


def main() -> None:
    """The new file, what was loaded, and what was refused."""
    page.head("Load", _UNDER)
    _finished()
    path = incoming.chosen()
    if path is not None:
        with guard.told():
            _new(path)
    batches = session.workspace().batches()
    if batches:
        _batches(batches)
        _quarantine(batches)


def _finished() -> None:
    """After a load: what came of it, and the build that makes profiles of it."""
    done = st.session_state.get(_DONE)
    if done is None:
        return
    with st.container(border=True, key="load_finished"):
        page.block(f"<h2>Loaded as batch {done.batch}</h2>")
        fates = f"{done.accepted:,} accepted, {done.duplicate:,} asserted before, {done.quarantined:,} quarantined"
        page.under(f"{text.plural(done.read, 'row')} read: {fates}.")
        if st.button("Build the profiles", type="primary", key="load_build"):
            work.build()
            st.session_state.pop(_DONE)
            st.rerun()


def _new(path: Path) -> None:
    ws = session.workspace()
    stamp = f"{path}_{path.stat().st_mtime_ns}" if path.is_file() else str(path)
    recipe = incoming.mapping(ws.suggest(path), stamp)
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    usual = recipe.source or path.name.split(".")[0].lower()
    source = left.text_input("Source", value=usual, key=f"source_{stamp}", help=_SOURCE)
    with st.spinner("Looking at every row"):
        found = ws.preview([path], source, recipe)
    incoming.preview(found)
    if right.button(f"Load {text.plural(found.read - found.quarantined, 'row')}", type="primary", key="load_go"):
        done = work.run("Loading", lambda report: ws.load([path], source, recipe, progress=report))
        st.session_state[_DONE] = done
        incoming.drop()
        st.rerun()


def _batches(batches: list[dict[str, Any]]) -> None:
    page.section("What was loaded")
    for one in reversed(batches):
        with st.container(key=f"batch_{one['id']}"):
            what, rows, when, act = st.columns([5, 4, 2, 2.6], vertical_alignment="center")
            files = text.joined([file["file"] for file in one["files"]])
            told = (
                f'{text.html(one["source"])} <span class="small">{text.html(one["dataset"])}, {text.html(files)}</span>'
            )
            what.html(f'<div class="iw">{told}</div>')
            rows.html(f'<div class="iw small">{_fates(one)}</div>')
            when.html(f'<div class="iw small">{_when(one)}</div>')
            if one["unloaded_at"] is None and act.button("Take back", key=f"unload_{one['id']}"):
                _take_back(one)


def _fates(one: dict[str, Any]) -> str:
    return ", ".join(f"{one[name]:,} {name}" for name in ("accepted", "duplicate", "quarantined"))


def _when(one: dict[str, Any]) -> str:
    now = session.workspace().now
    return (
        f"taken back {text.ago(one['unloaded_at'], now)}" if one["unloaded_at"] else text.ago(one["recorded_at"], now)
    )


@st.dialog("Take a load back")
def _take_back(one: dict[str, Any]) -> None:
    with guard.told():
        ws = session.workspace()
        rows = ws.unload(one["id"], dry_run=True)["rows"]
        kept = rows.pop("kept_for_other_batches", 0)
        told = " and ".join(f"{count:,} rows of {text.words(name)}" for name, count in rows.items()) or "no rows"
        st.text(f"Batch {one['id']} from {one['source']}: {told} go, and everything that was derived from them.")
        st.text(f"{kept:,} rows stay, because another load asserted them too.")
        if st.button("Take it back and rebuild", type="primary", key=f"unload_go_{one['id']}"):
            work.run("Taking back", lambda report: ws.unload(one["id"], progress=report))
            session.say(f"Batch {one['id']} is taken back. Load the file again to have it back.")
            st.rerun()


def _quarantine(batches: list[dict[str, Any]]) -> None:
    refused = [one["id"] for one in batches if one["quarantined"] and one["unloaded_at"] is None]
    if not refused:
        return
    page.section("Quarantine", "Rows that could not be read, each with its reason.")
    chosen = st.selectbox("Of which load", [None, *refused], key="quarantine", bind="query-params", width=220,
                          format_func=lambda one: "All" if one is None else f"Batch {one}")  # fmt: skip
    rows = session.workspace().quarantine(chosen, 500)
    counted = Counter(row["code"] for row in rows)
    page.table([{"Reason": text.words(code), "Cells": f"{count:,}"} for code, count in counted.most_common()])
    titles = {name: text.sentence(name) for name in ("batch", "file", "line", "column", "value", "message")}
    shown = pd.DataFrame(rows, columns=list(titles))
    st.dataframe(shown, hide_index=True, height=300, alt="Refused cells", column_config=titles)


main()
