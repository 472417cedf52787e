"""An incoming file: where it lies, what it is taken for, and what it would bring."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

import insight_core as ic
from app import text, words
from app.components import page

_FOLDER = "load_folder"
_ROUND = "load_round"
_TYPES = ["csv", "tsv", "txt", "xlsx", "json", "jsonl", "ndjson", "parquet", "gz", "zip"]
_FATES = {
    "new": "new",
    "changed": "known, says something new",
    "conflicting": "contradicts another source",
    "duplicate": "asserted before",
    "quarantined": "refused, kept for a look",
}


def chosen() -> Path | None:
    """The file that was uploaded or named by its path."""
    left, right = st.columns([3, 2], gap="large")
    turn = st.session_state.get(_ROUND, 0)
    upload = left.file_uploader("A file", type=_TYPES, key=f"load_upload_{turn}")
    path = right.text_input("Or a path on this machine", key=f"load_path_{turn}", help="For files too large to upload")
    if upload is not None:
        return _kept(upload.name, upload.getbuffer())
    return Path(path.strip()).expanduser() if path and path.strip() else None


def _kept(name: str, content: memoryview) -> Path:
    """The upload as a file, until the load is done or another is chosen."""
    folder = st.session_state.get(_FOLDER) or tempfile.mkdtemp(prefix="insight-")
    st.session_state[_FOLDER] = folder
    path = Path(folder) / Path(name).name
    if not path.exists() or path.stat().st_size != len(content):
        for old in Path(folder).iterdir():
            old.unlink()
        path.write_bytes(content)
    return path


def drop() -> None:
    """Forget the file: its rows are in the store now, and the next one is awaited."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    if folder := st.session_state.pop(_FOLDER, None):
        shutil.rmtree(folder, ignore_errors=True)


def mapping(recipe: Any, key: str) -> Any:
    """The mapping as a table to confirm; a proposed one can be changed. Gives the recipe as confirmed."""
    proposed = any(spec.confidence is not None for spec in recipe.columns.values())
    title = "Proposed for this file: confirm or change it" if proposed else f"Recognised: {recipe.title or recipe.name}"
    page.section(title, f"Each row becomes one of {recipe.dataset}; its key is {recipe.key or 'the row itself'}.")
    if not proposed:
        page.twin(_readable(recipe.mapping), f"The mapping, {text.plural(len(recipe.mapping), 'line')}")
        return recipe
    for note in recipe.notes:
        st.caption(text.markdown(note))
    return _edited(recipe, key)


def _readable(rows: list[dict[str, Any]]) -> list[dict[str, object]]:
    return [{"Field": text.sentence(one["field"]), "From": one["from"], "How": one["how"] or text.DASH} for one in rows]


def _edited(recipe: Any, key: str) -> Any:
    reasons = {one["field"]: one for one in recipe.mapping}
    rows = [
        {"use": True, "from": reasons[name]["from"], "field": name, "how": reasons[name]["how"],
         "sure": round((spec.confidence or 0) * 100), "why": spec.reason}
        for name, spec in recipe.columns.items()
    ]  # fmt: skip
    told = st.data_editor(
        pd.DataFrame(rows),
        column_config={
            "use": st.column_config.CheckboxColumn("Use", width="small"),
            "from": st.column_config.TextColumn("Column of the file", disabled=True),
            "field": st.column_config.SelectboxColumn("Becomes", options=words.targets(recipe.dataset), required=True),
            "how": st.column_config.TextColumn("How", disabled=True),
            "sure": st.column_config.ProgressColumn("Sure", format="%d%%", min_value=0, max_value=100),
            "why": st.column_config.TextColumn("Why", disabled=True, width="large"),
        },
        hide_index=True, num_rows="fixed", key=f"mapping_{key}", alt="The proposed mapping, a row for each column",
    )  # fmt: skip
    specs = list(recipe.columns.values())
    columns = {row["field"]: spec for row, spec in zip(told.to_dict("records"), specs, strict=True) if row["use"]}
    return replace(recipe, columns=columns)


def preview(found: ic.LoadPreview) -> None:
    """What the load would bring, with samples of each fate."""
    counts = "".join(
        f"<div><dt>{what}</dt><dd>{text.number(getattr(found, name))}</dd></div>" for name, what in _FATES.items()
    )
    page.section(f"{text.plural(found.read, 'row')} read")
    page.block(f'<dl class="iw-figures">{counts}</dl>')
    if found.reasons:
        rows = [{"Refused because": text.words(why), "Rows": f"{count:,}"} for why, count in found.reasons.items()]
        page.table(rows)
    if found.conflicts:
        page.twin([_conflict(one) for one in found.conflicts], "Where it contradicts what is known")
    if found.sample:
        page.twin([_sample(one) for one in found.sample[:8]], "The first rows as they would be kept")


def _conflict(one: Mapping[str, Any]) -> dict[str, object]:
    known = {"Field": words.name_of(one["field"]), "Known": one["known"], "From": one["source"]}
    return known | {"This file says": one["says"]}


_HIDDEN = {"line", "record_id", "batch", "recorded_at", "fate", "file", "rank", "basis", "method", "key"}


def _sample(row: Mapping[str, Any]) -> dict[str, object]:
    kept = [f"{text.words(name)}: {value}" for name, value in row.items() if value is not None and name not in _HIDDEN]
    return {"Line": row["line"], "Says": "; ".join(kept)}
