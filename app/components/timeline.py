"""The timeline: contacts and orders in a strip by channel, and the newest as a list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import plotly.graph_objects as go

from app import text
from app.components import page, pictures

_SHOWN = 15
# direction: (symbol, colour, what it is called); orders and the like have none.
_MARKS = {
    "inbound": ("triangle-right", pictures.ACCENT, "customer to us"),
    "outbound": ("triangle-left", pictures.WARN, "we to customer"),
    None: ("circle", pictures.SOFT, "orders and use"),
}


def draw(events: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """The strip and the newest events; says so when there are none or the purpose may not see them."""
    page.section("Timeline")
    if not events:
        page.under("No contact or order is known, or the purpose may not see them.")
        return
    _strip(events)
    rows = [_row(one, now) for one in events]
    page.table(rows[:_SHOWN])
    if len(rows) > _SHOWN:
        page.twin(rows[_SHOWN:], f"{text.plural(len(rows) - _SHOWN, 'older event')}")


def _strip(events: Sequence[Mapping[str, Any]]) -> None:
    lanes = sorted({_lane(one) for one in events})
    figure = go.Figure()
    for direction, (symbol, colour, title) in _MARKS.items():
        some = [one for one in events if one["direction"] == direction]
        if some:
            figure.add_scatter(
                x=[one["at"] for one in some], y=[_lane(one) for one in some], mode="markers", name=title,
                marker=dict(symbol=symbol, size=10, color=colour, opacity=0.8),
                customdata=[[text.day(one["at"]), text.label(one["text"])] for one in some],
                hovertemplate="%{customdata[0]}: %{customdata[1]}<extra></extra>",
            )  # fmt: skip
    figure.update_yaxes(gridcolor="rgba(138,147,163,.25)", ticks="", zeroline=False)
    figure.update_yaxes(categoryorder="array", categoryarray=lanes[::-1])
    figure.update_xaxes(showgrid=False)
    first, last = text.day(events[-1]["at"]), text.day(events[0]["at"])
    alt = f"{text.plural(len(events), 'event')} from {first} to {last} in lanes: {', '.join(lanes)}"
    pictures.draw(figure, alt, [], "profile_timeline", height=90 + 34 * len(lanes))


def _lane(one: Mapping[str, Any]) -> str:
    return text.label(text.words(one["channel"] or one["kind"]))


def _row(one: Mapping[str, Any], now: datetime) -> dict[str, object]:
    return {
        "When": f"{text.day(one['at'])}, {text.ago(one['at'], now)}",
        "Channel": text.words(one["channel"] or one["kind"]),
        "Direction": _MARKS.get(one["direction"], _MARKS[None])[2] if one["direction"] else text.DASH,
        "About": text.words(one["topic"] or text.DASH),
        "Outcome": text.words(one["outcome"] or text.DASH),
        "Amount": text.number(one["amount"], 2),
    }
