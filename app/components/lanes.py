"""Lanes: bars over time in rows, with marks on them and a line for now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import plotly.graph_objects as go

from app import text
from app.components import pictures

# Words that would be cut shorter than this are left to the tooltip and the table.
_ROOM = 12  # letters
_LETTERS = 90  # that a whole lane has room for


class Bar(NamedTuple):
    """A stretch of time in a lane; `faint` for what is only the ground for another."""

    lane: str
    start: datetime
    end: datetime
    label: str
    faint: bool = False


class Mark(NamedTuple):
    """Something that happened at one moment."""

    lane: str
    at: datetime
    label: str


def draw(bars: Sequence[Bar], marks: Sequence[Mark], now: datetime, alt: str, key: str) -> None:
    """The lanes in the order in which they are first named, the first on top."""
    order = list(dict.fromkeys([one.lane for one in bars] + [one.lane for one in marks]))
    figure = go.Figure()
    for faint in (True, False):
        _bars(figure, [one for one in bars if one.faint is faint], faint)
    _words(figure, [one for one in bars if not one.faint], _span(bars, marks, now))
    _marks(figure, marks)
    figure.add_vline(x=now.isoformat(), line=dict(color=pictures.SOFT, width=1, dash="dot"))
    figure.update_layout(barmode="overlay", bargap=0.35, showlegend=False)
    figure.update_yaxes(categoryorder="array", categoryarray=[text.label(one) for one in order[::-1]],
                        ticks="", showgrid=False, automargin=True)  # fmt: skip
    figure.update_xaxes(type="date", gridcolor=pictures.LINE, zeroline=False)
    pictures.draw(figure, alt, _rows(bars, marks), key, height=50 + 38 * len(order))


def _span(bars: Sequence[Bar], marks: Sequence[Mark], now: datetime) -> float:
    starts = [one.start for one in bars] + [one.at for one in marks]
    return max((now - min(starts)).total_seconds(), 1.0)


def _bars(figure: go.Figure, bars: Sequence[Bar], faint: bool) -> None:
    figure.add_bar(
        y=[text.label(one.lane) for one in bars], base=[one.start.isoformat() for one in bars],
        x=[max((one.end - one.start).total_seconds(), 86_400) * 1000 for one in bars], orientation="h",
        marker=dict(color=pictures.SOFT if faint else pictures.ACCENT, opacity=0.25 if faint else 0.4,
                    line=dict(width=0 if faint else 1, color=pictures.ACCENT)),
        width=0.12 if faint else 0.62,
        customdata=[[text.label(one.label), text.day(one.start), _until(one)] for one in bars],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]} to %{customdata[2]}<extra></extra>",
    )  # fmt: skip


def _until(one: Bar) -> str:
    return text.day(one.end)


def _words(figure: go.Figure, bars: Sequence[Bar], span: float) -> None:
    """What each bar says, where it has the room; cut to it."""
    roomy = [(one, int((one.end - one.start).total_seconds() / span * _LETTERS)) for one in bars]
    shown = [(one, room) for one, room in roomy if room >= min(len(one.label), _ROOM)]
    figure.add_scatter(
        x=[one.start.isoformat() for one, _ in shown], y=[text.label(one.lane) for one, _ in shown], mode="text",
        text=[" " + text.label(_cut(one.label, room)) for one, room in shown],
        textposition="middle right", hoverinfo="skip", cliponaxis=False, textfont=dict(color=pictures.ink()),
    )  # fmt: skip


def _cut(told: str, letters: int) -> str:
    return told if len(told) <= letters else told[: max(letters - 1, 1)] + "…"


def _marks(figure: go.Figure, marks: Sequence[Mark]) -> None:
    figure.add_scatter(
        x=[one.at.isoformat() for one in marks], y=[text.label(one.lane) for one in marks], mode="markers",
        marker=dict(symbol="diamond", size=12, color=pictures.WARN, line=dict(width=1, color="white")),
        customdata=[[text.label(one.label), text.day(one.at)] for one in marks],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    )  # fmt: skip


def _rows(bars: Sequence[Bar], marks: Sequence[Mark]) -> list[Mapping[str, object]]:
    told = [(one.lane, one.label, text.day(one.start), text.day(one.end)) for one in bars]
    told += [(one.lane, one.label, text.day(one.at), text.DASH) for one in marks]
    return [dict(zip(("", "What", "From", "Until"), one, strict=True)) for one in told]
