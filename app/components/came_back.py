"""Came back: outcomes of cards loaded in the page, and what the policy is worth by them."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from app import cached, session, text
from app.components import guard, page, pictures

_HELP = "A csv or Excel file with a row for each outcome: card, time, result and, where there is one, value."
_POLICIES = {
    "ours": "The cards as given out",
    "naive": "Always the usual channel of the segment",
    "best_constant": "The one best channel for everybody",
}
_SHOWN = 50


def draw() -> None:
    """A file of outcomes in, its rows by fate, and the value of the policy with its interval."""
    page.section("What came of the cards", "Outcomes teach the next cards, and show what the advice is worth.")
    left, right = st.columns([2, 3], gap="large")
    with left:
        _upload()
    with right, guard.told():
        _value(cached.policies())


def _upload() -> None:
    turn = st.session_state.setdefault("outcomes_turn", 0)
    file = st.file_uploader(
        "A file of outcomes", type=["csv", "tsv", "xlsx", "parquet", "json"], key=f"outcomes_{turn}", help=_HELP
    )
    if file is not None:
        with guard.told(), st.spinner("Reading what came of the cards"):
            with TemporaryDirectory() as folder:
                path = Path(folder) / f"outcomes{Path(file.name).suffix.lower()}"
                path.write_bytes(file.getvalue())
                done = session.workspace().outcome(path)
            st.session_state["outcomes_done"] = done | {"file": file.name}
        st.session_state["outcomes_turn"] = turn + 1
        if "outcomes_done" in st.session_state:
            st.rerun()
    if last := st.session_state.get("outcomes_done"):
        fates(last)


def fates(done: Mapping[str, Any]) -> None:
    """Rows by fate, and every refused one with its reason."""
    known, refused = f"{done['duplicate']:,} known already", f"{done['quarantined']:,} refused"
    told = f"{text.plural(done['accepted'], 'outcome')} taken in, {known}, {refused}"
    page.block(
        f'<p class="lead">{text.html(done["file"])}: {text.html(told)}, of {text.plural(done["read"], "row")}.</p>'
    )
    rows = [
        {"Line": one["line"], "Column": one["column"], "Says": one["value"] or text.DASH, "Why refused": one["message"]}
        for one in done["rows"][:_SHOWN]
    ]
    if rows:
        page.table(rows, f"The first {len(rows)} reasons" if len(done["rows"]) > _SHOWN else "Refused")


def _value(policies: Mapping[str, Any]) -> None:
    if "refused" in policies:
        page.block(f'<h3>What the advice is worth</h3><p class="under">{text.html(policies["refused"])}</p>')
        return
    shown = {title: policies[name] for name, title in _POLICIES.items() if policies[name]["value"] is not None}
    told = {title: f"{one['value']:.1%} ({one['low']:.1%} to {one['high']:.1%})" for title, one in shown.items()}
    page.block(f"<h3>Answers for each card, by {text.plural(policies['ours']['n'], 'outcome')}</h3>")
    figure = go.Figure(
        go.Scatter(
            x=[one["value"] * 100 for one in shown.values()], y=[text.label(title) for title in shown], mode="markers",
            marker=dict(size=12, color=[pictures.ACCENT, pictures.SOFT, pictures.SOFT][: len(shown)],
                        symbol=["circle", "diamond", "square"][: len(shown)]),
            error_x=dict(type="data", symmetric=False, color=pictures.SOFT,
                         array=[(one["high"] - one["value"]) * 100 for one in shown.values()],
                         arrayminus=[(one["value"] - one["low"]) * 100 for one in shown.values()]),
            hovertemplate="%{y}: %{x:.1f}%<extra></extra>",
        )
    )  # fmt: skip
    figure.update_xaxes(ticksuffix="%", zeroline=False, showgrid=False)
    figure.update_yaxes(autorange="reversed", ticks="", showgrid=False)
    alt = "What share of cards was answered, with 95 % intervals: " + "; ".join(
        f"{one} {said}" for one, said in told.items()
    )
    rows = [
        {"Policy": title, "Answered (95 % interval)": told[title], "Outcomes that count": f"{one['effective']:,.0f}"}
        for title, one in shown.items()
    ]
    pictures.draw(figure, alt, rows, "policy_value", 60 + 40 * len(shown))
