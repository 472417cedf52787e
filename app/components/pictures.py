"""Pictures: plotly figures with a description and a table twin, quiet and readable in light and dark."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from app import text
from app.components import page

# Readable on white and on near-black alike; state is told by order, pattern and word beside the colour.
LINE = "rgba(138,147,163,.25)"
ACCENT, SOFT, GOOD, WARN, BAD = "#3d87cf", "#8a93a3", "#3f9d63", "#c98a1b", "#d2544c"
_QUIET = {"displayModeBar": False, "scrollZoom": False}


def ink() -> str | None:
    """The colour of words that stand on a coloured ground; None leaves it to the theme."""
    return {"light": "#14161a", "dark": "#eceff4"}.get(str(st.context.theme.type))


def soft() -> str | None:
    """The colour of words beside a picture, dark enough to be read on the page's own ground."""
    return {"light": "#4d5562", "dark": "#aab4c2"}.get(str(st.context.theme.type))


def draw(
    figure: Any, alt: str, rows: Sequence[Mapping[str, object]], key: str, height: int = 240, zoom: bool = False
) -> None:
    """The figure, its description for those who do not see it, and the same as a table; `zoom` lets time be dragged."""
    figure.update_layout(legend=dict(orientation="h", x=0, title=None))
    if figure.layout.legend.y is None:
        figure.update_layout(legend=dict(y=-0.18))
    figure.update_layout(
        height=height,
        margin=dict(l=0, r=8, t=8, b=0),
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel=dict(align="left"),
        dragmode="zoom" if zoom else False,
    )
    figure.update_xaxes(fixedrange=not zoom, tickfont_color=soft())
    figure.update_yaxes(fixedrange=True, tickfont_color=soft())
    st.plotly_chart(figure, width="stretch", config=_QUIET, key=key, alt=alt)
    page.twin(rows)


# share of fields: (what it is called, colour, pattern)
_QUARTERS = (0, 25, 50, 75, 100)
_SEEN = 0.4  # percent: less than this is no bar that anybody sees
_PARTS = {
    "filled": ("in order", ACCENT, ""),
    "stale": ("stale", WARN, "/"),
    "conflicting": ("conflicting", BAD, "x"),
    "invalid": ("invalid", BAD, "."),
    "missing": ("missing", "rgba(138,147,163,.35)", ""),
}


def completeness(shares: Mapping[str, Mapping[str, float | None]], key: str) -> None:
    """A stacked bar per group: which share of its fields is in order, stale, conflicting, invalid or missing."""
    groups = [name for name, one in shares.items() if any(value for value in one.values())]
    figure = go.Figure()
    for part, (title, colour, pattern) in _PARTS.items():
        values = [(shares[name].get(part) or 0) * 100 for name in groups]
        if max(values, default=0) >= _SEEN:
            figure.add_bar(
                y=[text.label(name) for name in groups], x=values, name=title, orientation="h",
                marker=dict(color=colour, pattern=dict(shape=pattern, fillmode="overlay", fgcolor="white", size=6)),
                hovertemplate="%{y}: %{x:.0f}% " + title + "<extra></extra>",
            )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.42, legend_traceorder="normal")
    figure.update_yaxes(autorange="reversed", ticks="", showgrid=False)
    figure.update_xaxes(
        range=[0, 104], tickvals=_QUARTERS, ticktext=[f"{one}%" for one in _QUARTERS], showgrid=False, zeroline=False
    )
    rows = [{"": name} | {_PARTS[part][0]: text.percent(shares[name].get(part)) for part in _PARTS} for name in groups]
    alt = "Stacked bars, a bar for each facet: " + "; ".join(
        f"{name} {text.percent(shares[name].get('filled'))} in order" for name in groups
    )
    draw(figure, alt, rows, key, height=70 + 30 * len(groups))


def bars(values: Mapping[str, float], alt: str, key: str, what: str, height: int | None = None) -> None:
    """Horizontal bars, the largest first."""
    ordered = sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))[:8]
    figure = go.Figure(
        go.Bar(
            y=[_lines(name) for name, _ in ordered], x=[value for _, value in ordered], orientation="h",
            text=[f"{value:,.0f}" for _, value in ordered], textposition="outside", cliponaxis=False,
            marker_color=ACCENT,
            hovertemplate="%{y}: %{x:,.0f}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_layout(bargap=0.45)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="")
    figure.update_xaxes(visible=False, range=[0, max(values.values()) * 1.15])
    draw(figure, alt, [{what: name, "count": f"{value:,.0f}"} for name, value in ordered], key,
         height or 20 + sum(16 + 16 * len(wrap(name, _LETTERS)) for name, _ in ordered))  # fmt: skip


_LETTERS = 26  # letters: a longer name would be cut where the picture is narrow


def _lines(name: str) -> str:
    return "<br>".join(text.label(line) for line in wrap(name, _LETTERS)) or text.label(name)


def beside(values: Mapping[str, float], alt: str, key: str, told: Mapping[str, str]) -> None:
    """A lollipop for each value from a common zero: one's own figure beside the market's."""
    names, market = list(values), len(values) - 1
    figure = go.Figure()
    for name, value in values.items():
        figure.add_scatter(x=[0, value], y=[text.label(name)] * 2, mode="lines", line=dict(color=SOFT, width=2),
                           hoverinfo="skip", showlegend=False)  # fmt: skip
    figure.add_scatter(
        x=list(values.values()), y=[text.label(name) for name in names], mode="markers+text", showlegend=False,
        marker=dict(size=13, color=[ACCENT, *[SOFT] * market], symbol=["circle", *["diamond"] * market]),
        text=[told[name] for name in names], textposition="middle right", cliponaxis=False,
        hovertemplate="%{y}: %{text}<extra></extra>",
    )  # fmt: skip
    low, high = min(0.0, *values.values()), max(0.0, *values.values())
    span = (high - low) or 1
    figure.update_xaxes(visible=False, range=[low - span * 0.08, high + span * 0.3], zeroline=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", range=[len(names) - 0.5, -0.5])
    figure.add_vline(x=0, line=dict(color=SOFT, width=1))
    draw(figure, alt, [{"": name, "figure": told[name]} for name in names], key, height=30 + 42 * len(names))


def signed(values: Mapping[str, float], alt: str, key: str, told: Mapping[str, str]) -> None:
    """Bars to either side of zero: what speaks for and what against; beside them the figures without their unit."""
    figure = go.Figure(
        go.Bar(
            y=[_lines(name) for name in values], x=list(values.values()), orientation="h",
            marker_color=[ACCENT if value >= 0 else BAD for value in values.values()],
            text=[said.partition(" ")[0] for said in told.values()], textposition="outside", cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )  # fmt: skip
    reach = max(abs(value) for value in values.values()) * 1.9
    figure.update_layout(bargap=0.5)
    figure.update_xaxes(visible=False, range=[-reach if min(values.values()) < 0 else 0, reach])
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="")
    figure.add_vline(x=0, line=dict(color=SOFT, width=1))
    draw(figure, alt, [{"Reason": name, "Adds": told[name]} for name in values], key, height=30 + 34 * len(values))
