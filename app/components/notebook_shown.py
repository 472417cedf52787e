"""What a run of a notebook shows: prose, tables, living figures, and an error as one line with its cell."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app import text
from app.components import page
from insight_core.notebooks import FIGURE, TABLE, TEXT, RunShown, line_of, markdown

_SHORT = 12
_TWIN_ROWS = 100
_QUIET = {"displayModeBar": False, "scrollZoom": False}


def draw(run: RunShown, code: bool) -> None:
    """Every cell of the run; with `code` what made it as well."""
    heading = run.title
    for number, cell in enumerate(run.cells):
        if cell["kind"] == "markdown":
            heading = _heading(cell["source"]) or heading
            _prose(cell["source"], first=number == 0)
            continue
        for at, one in enumerate(cell["outputs"]):
            _output(one, number, f"{run.run}_{number}_{at}", heading)
        if code:
            st.code(cell["source"], language="python")


def _heading(source: str) -> str | None:
    first = source.splitlines()[0]
    return first.lstrip("# ").strip() if first.startswith("#") else None


def _prose(source: str, first: bool) -> None:
    # The page's own head says the title and what it answers already.
    told = source.partition("\n\n")[2].partition("\n\n")[2] if first else source
    kind = "" if first else " iw-section" if source.startswith("#") else ""
    st.html(f'<div class="iw{kind}">{markdown(told)}</div>')


def _output(one: Mapping[str, Any], number: int, key: str, heading: str) -> None:
    if "error" in one:
        st.error(text.markdown(line_of(number, one["error"])))
    elif FIGURE in one:
        _figure(one[FIGURE], key, heading)
    elif TABLE in one:
        _table(one[TABLE], key, heading)
    else:
        page.block("".join(f'<p class="lead">{text.html(line)}</p>' for line in one[TEXT].splitlines()))


def _table(data: Mapping[str, Any], key: str, heading: str) -> None:
    rows = [dict(zip(data["columns"], row, strict=True)) for row in data["rows"]]
    if data["total"] > len(rows):
        st.caption(f"The first {len(rows):,} of {data['total']:,} rows.")
    if len(rows) <= _SHORT:
        page.table([{name: _told(value) for name, value in row.items()} for row in rows])
        return
    # One column may hold words and numbers alike: the table draws what it is given, as text.
    frame = pd.DataFrame(rows, columns=data["columns"])
    mixed = [name for name in frame.columns if frame[name].dtype == object]
    frame[mixed] = frame[mixed].map(lambda value: None if value is None else str(value))
    height, told = min(38 + 35 * len(rows), 420), f"Table: {heading}, {len(rows)} rows"
    st.dataframe(frame, hide_index=True, placeholder=text.DASH, height=height, key=f"table_{key}", alt=told)


def _told(value: Any) -> str:
    if value is None:
        return text.DASH
    return f"{value:,}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _figure(data: Mapping[str, Any], key: str, heading: str) -> None:
    figure = go.Figure(data)
    figure.update_layout(
        template=None, paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", dragmode=False,
        margin=dict(l=0, r=8, t=36 if figure.layout.title.text else 8, b=0), hoverlabel=dict(align="left"),
    )  # fmt: skip
    title = figure.layout.title.text or heading
    st.plotly_chart(figure, width="stretch", config=_QUIET, key=f"figure_{key}", alt=f"Figure: {title}")
    page.twin(_twin(data))


def _twin(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """The figure's points as rows: series, x and y."""
    points = [
        (trace.get("name") or "", x, y)
        for trace in data.get("data", ())
        if isinstance(trace.get("x"), list) and isinstance(trace.get("y"), list)
        for x, y in zip(trace["x"], trace["y"], strict=False)
    ]
    several = any(name for name, _, _ in points)
    return [
        ({"series": name} if several else {}) | {"y": _told(y), "x": _told(x)} for name, x, y in points[:_TWIN_ROWS]
    ]
