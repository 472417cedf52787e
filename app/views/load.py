"""Load: files in, seen before they are kept, and every load's way back."""

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import bringing, fixing, guard, happened, into_view, job, page, places, sidebar, twin

_UNDER = "Nothing is kept before you have seen what it would bring, and every load can be taken back."
_LISTED = 20
_CELLS = 500
_REFUSED, _CELLS_OPEN = "refused", "cells"


def main() -> None:
    """The work under way, the next files, what was loaded, and what was refused."""
    page.head("Load", _UNDER)
    watched = job.watched(_next)
    if watched is None or not watched.live:
        bringing.draw()
    batches = session.workspace().batches()
    if batches:
        _batches(batches)
        with st.container(key=_REFUSED):
            _quarantine(batches)


def _next(done: ic.jobs.JobState) -> None:
    """After work that went well: what one may do with it."""
    if "built" in done.result and st.button("Open what is most worth fixing", type="primary", key="open_worst"):
        _open_worst(done.arguments.get("source"))
    if done.result.get("quarantined"):
        batch = done.result["batch"]
        st.button("See what was refused", key="see_refused", on_click=_see_refused, args=(batch,))
    if done.kind == "unload":
        _again(done.result["batches"])


def _open_worst(source: str | None) -> None:
    """What comes from the source that was just loaded goes first."""
    with guard.told():
        own = (cached.worklist("invalid", source=source) or cached.worklist(source=source)) if source else []
        found = own or cached.worklist("stale") or cached.worklist()
        if found:
            if source and not own:
                session.say(f"Nothing that comes from {text.markdown(source)} is worth fixing: this is, of all.")
            # With the field asked for, and the facet open in which it stands.
            asked = {fixing.ASKED: found[0].field, words.field(found[0].field).facet: "true"}
            places.go(sidebar.page("profile"), session.open_customer(found[0].customer, asked))
        st.toast("Nothing of anybody is worth fixing.")


def _see_refused(batch: int) -> None:
    st.session_state.update({"quarantine": batch, _CELLS_OPEN: True})
    into_view.ask(into_view.container(_REFUSED))


def _again(batches: list[int]) -> None:
    """A load that was taken back can be had again while its file is where it was."""
    known = [one for one in ic.jobs.recent(session.workspace(), 200) if one.kind == "load"]
    for one in known:
        if one.result.get("batch") in batches and all(Path(file).is_file() for file in one.arguments["files"]):
            if st.button(f"Load {Path(one.arguments['files'][0]).name} again", key=f"reload_{one.id}"):
                job.start("load", **one.arguments)
            return
    st.caption("The file is not kept here: choose it again to have its rows back.")


def _batches(batches: list[dict[str, Any]]) -> None:
    page.section("What was loaded")
    for one in list(reversed(batches))[:_LISTED]:
        with st.container(key=f"batch_{one['id']}"):
            what, act = st.columns([11, 2.6], vertical_alignment="center")
            files = ", ".join(file["file"] for file in one["files"])
            about = f"{text.html(one['dataset'])}, {text.html(files)}"
            said = f'{one["id"]}. {text.html(one["source"])} <span class="small">{about}</span>'
            came = "".join(f'<span class="small">{told}</span>' for told in (happened.fates(one), _when(one)))
            what.html(f'<div class="iw iw-batch"><span>{said}</span>{came}</div>')
            if one["unloaded_at"] is None and act.button("Take back", key=f"unload_{one['id']}"):
                _take_back(one)
    if len(batches) > _LISTED:
        rest = [_row(one) for one in reversed(batches[:-_LISTED])]
        page.twin(rest, f"{text.plural(len(rest), 'older load')}")
    twin.offer("Loads", [_row(one) for one in reversed(batches)])


def _row(one: dict[str, Any]) -> dict[str, object]:
    counts = {text.sentence(name): one[name] for name in ("read", "accepted", "duplicate", "quarantined")}
    about = {"Batch": one["id"], "Source": one["source"], "What": one["dataset"], "Recipe": one["recipe"]}
    return about | counts | {"Loaded": one["recorded_at"], "Taken back": one["unloaded_at"] or text.DASH}


def _when(one: dict[str, Any]) -> str:
    now = session.workspace().now
    return (
        f"taken back {text.ago(one['unloaded_at'], now)}" if one["unloaded_at"] else text.ago(one["recorded_at"], now)
    )


@st.dialog("Take a load back")
def _take_back(one: dict[str, Any]) -> None:
    with guard.told():
        rows = session.workspace().unload(one["id"], dry_run=True)["rows"]
        kept = rows.pop("kept_for_other_batches", 0)
        told = " and ".join(f"{text.plural(count, 'row')} of {text.words(name)}" for name, count in rows.items())
        st.text(f"Batch {one['id']} from {one['source']}: {told or 'no rows'} go, and all that was derived from them.")
        if kept:
            st.text(f"{text.plural(kept, 'row')} stay, because another load asserted them too.")
        with st.container(horizontal=True):
            if st.button("Take it back", type="primary", key=f"unload_go_{one['id']}"):
                job.start("unload", batch=one["id"])
            if st.button("Cancel", key=f"unload_not_{one['id']}"):
                st.rerun()


def _quarantine(batches: list[dict[str, Any]]) -> None:
    refused = [one["id"] for one in batches if one["quarantined"] and one["unloaded_at"] is None]
    if not refused:
        return
    page.section("Quarantine", "Rows that could not be read, each with its reason.")
    chosen = st.selectbox("Of which load", [None, *refused], key="quarantine", bind="query-params", width=220,
                          format_func=lambda one: "All" if one is None else f"Batch {one}")  # fmt: skip
    rows = session.workspace().quarantine(chosen, _CELLS)
    if len(rows) == _CELLS:
        lines = sum(
            one["quarantined"] for one in batches if one["id"] == (chosen or one["id"]) and one["id"] in refused
        )
        st.caption(f"The first {_CELLS} cells, of {text.plural(lines, 'row')} that were refused.")
    counted = Counter(row["code"] for row in rows).most_common()
    told = page.rows_html([{"Reason": text.sentence(code), "Cells": f"{count:,}"} for code, count in counted])
    page.block(f'<div class="iw-narrow">{told}</div>')
    with st.expander(
        "Every cell that was refused", expanded=chosen is not None, key=_CELLS_OPEN, bind="query-params"
    ) as all_:
        if all_.open:
            _cells(rows)


def _cells(rows: list[dict[str, Any]]) -> None:
    told = [{name.title(): one[name] for name in ("batch", "file", "line")} | words.refused(one) for one in rows]
    st.dataframe(pd.DataFrame(told), hide_index=True, height=300, alt="Refused cells")
    twin.offer("Quarantine", rows, label=f"Download these {len(rows):,}" if len(rows) == _CELLS else "Download")


main()
