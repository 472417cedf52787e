"""Twin: what a view shows as a file, JSON or CSV, made in the browser from what the gate let out.

The text travels over the session's own connection and becomes a file there. There is no link to it, so
nobody can open it who has not got this page; a download button of Streamlit would leave it at an open address.
"""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

import insight_core as ic
from app import cached, session

# What a page's own connection brings along without a wait.
_MOST = 20_000
_HERE = Path(__file__).parent
_files = st.components.v2.component(
    "insight_twin",
    html='<div class="twin" role="group"></div>',
    css=(_HERE / "twin.css").read_text(encoding="utf-8"),
    js=(_HERE / "twin.js").read_text(encoding="utf-8"),
)


Rows = Sequence[Mapping[str, Any]]


def offer(name: str, rows: Rows = (), data: Any = None, label: str = "Download") -> None:
    """Offer what the view shows as files: `rows` as CSV and JSON, `data` (nested, or a record) as JSON.

    `name` is the file's and must be the only one on its page. Give only what the page asked the workspace for with
    the session's purpose. JSON also says the purpose and the clock. `label` stands before the buttons.
    """
    if not rows and data is None:
        return
    made = [_file(name, "CSV", "text/csv", ic.as_csv(rows))] if rows else []
    made.append(_file(name, "JSON", "application/json", _json(name, rows if data is None else data)))
    _files(key=f"twin_{_slug(name)}", width="content", data={"title": name, "files": made, "label": label})


def part(name: str, rows: Rows, total: int, whole: Callable[[], Rows] | None = None) -> None:
    """Offer the rows of one page of a list, told by their count; `whole` gives them all once that is asked for."""
    if len(rows) == total:
        offer(name, rows, label=f"Download all {total:,}")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="large"):
        offer(name, rows, label=f"Download these {len(rows):,}")
        if whole is not None:
            _whole(f"All {name.lower()}", total, whole)


def _whole(name: str, total: int, whole: Callable[[], Rows]) -> None:
    filters = {one: said for one, said in st.query_params.to_dict().items() if one != "page"}
    key, asked = f"twin_asked_{_slug(name)}", (cached.key(), total, filters)
    if total > _MOST:
        st.caption(f"All {total:,} are too many for a page: narrow the list, or export Profiles in Recommend.")
    elif st.session_state.get(key) == asked:
        offer(name, whole(), label=f"Download all {total:,}")
    else:
        st.button(f"All {total:,} as files", key=f"{key}_go", type="tertiary", on_click=_ask, args=(key, asked))


def _ask(key: str, asked: Any) -> None:
    st.session_state[key] = asked


class Made(NamedTuple):
    """A file that is ready: what its button says, its name, its media type, its text, or its bytes in base 64."""

    kind: str
    name: str
    type: str
    text: str
    base64: bool = False


def made_of(file: Path) -> Made:
    """A file that lies here, as it is."""
    ending = file.suffix.removeprefix(".")
    held = b64encode(file.read_bytes()).decode()
    return Made(ending.upper(), file.name, "application/octet-stream", held, base64=True)


def carry(title: str, files: Sequence[Made]) -> None:
    """Offer files that are ready; `title` must be the only one on its page."""
    told = {"title": title, "files": [one._asdict() for one in files], "label": "Download"}
    _files(key=f"twin_{_slug(title)}", data=told)


def _file(name: str, kind: str, type_: str, text: str) -> dict[str, str]:
    stem = f"{_slug(name)}-{session.purpose()}-{session.workspace().now:%Y-%m-%d}"
    return {"kind": kind, "name": f"{stem}.{kind.lower()}", "type": type_, "text": text}


def _json(name: str, held: Any) -> str:
    told = {"view": name, "purpose": session.purpose(), "now": session.workspace().now.isoformat()}
    return json.dumps(told | {"data": ic.as_json(held)}, ensure_ascii=False, indent=1, default=str)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
