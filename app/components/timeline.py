"""The timeline: contacts and orders in a strip by channel, and the newest as a list."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from app import text, words
from app.components import facet, page, pictures
from app.components.seen import Seen

Events = Sequence[Mapping[str, Any]]

_SHOWN = 15
_BEHIND = {"last_interaction_at": "contacts", "last_order_date": "orders"}
_KINDS = {"usage": "orders and use"}
# direction: (symbol, colour, what it is called); orders and the like have none.
_MARKS = {
    "inbound": ("triangle-right", pictures.ACCENT, "customer to us"),
    "outbound": ("triangle-left", pictures.WARN, "we to customer"),
    None: ("circle", pictures.SOFT, "orders and use"),
}


@st.fragment
def draw(seen: Seen) -> None:
    """The strip and the newest events behind one click; says so when there are none or the purpose may not see them."""
    events = seen.events()
    asked = facet.mark(facet.TIMELINE)
    page.section("Timeline", _sentence(events, seen), asked)
    if not events:
        return
    label = f"{text.plural(len(events), 'event')} by channel"
    with st.expander(label, expanded=bool(asked), key=facet.TIMELINE, bind="query-params") as more:
        if more.open:
            _strip(events)
            rows = [_row(one, seen.now) for one in events]
            page.table(rows[:_SHOWN])
            if len(rows) > _SHOWN:
                page.twin(rows[_SHOWN:], f"{text.plural(len(rows) - _SHOWN, 'older event')}")


def _sentence(events: Events, seen: Seen) -> str:
    held = _withheld(seen)
    if not events:
        return held or "No contact or order is known: load an extract of contacts or orders, and they stand here."
    lanes = Counter(_channel(one) for one in events)
    often = ", ".join(f"{name} ({count})" for name, count in lanes.most_common(3))
    newest = events[0]
    return f"Mostly {often}. The newest {text.ago(newest['at'], seen.now)}: {newest['text']}. {held}".strip()


def _withheld(seen: Seen) -> str:
    """What of it the purpose may not see, and why; whoever may not see the newest may not see those before."""
    why = {_BEHIND[one["field"]]: one["reason"] for one in seen.profile.redacted if one["field"] in _BEHIND}
    if not why:
        return ""
    reason = words.readable(next(iter(why.values())))
    return f"{text.sentence(' and '.join(why))} are withheld from {text.words(seen.profile.purpose)}: {reason}."


def _strip(events: Events) -> None:
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
    figure.update_yaxes(gridcolor=pictures.LINE, ticks="", zeroline=False, automargin=True)
    figure.update_yaxes(categoryorder="array", categoryarray=lanes[::-1])
    figure.update_xaxes(showgrid=False)
    figure.update_layout(legend=dict(y=1.02, yanchor="bottom"))
    first, last = text.day(events[-1]["at"]), text.day(events[0]["at"])
    alt = f"{text.plural(len(events), 'event')} from {first} to {last} in lanes: {', '.join(lanes)}"
    pictures.draw(figure, alt, [], "profile_timeline", height=90 + 34 * len(lanes), zoom=True)
    page.block('<p class="small">Drag over a stretch of time to look closer; a double click shows all of it again.</p>')


def _lane(one: Mapping[str, Any]) -> str:
    return text.label(_channel(one))


def _channel(one: Mapping[str, Any]) -> str:
    """The channel of a contact; orders and the like mostly have none."""
    return text.words(one["channel"] or _KINDS.get(one["kind"], one["kind"]))


def _row(one: Mapping[str, Any], now: datetime) -> dict[str, object]:
    return {
        "When": f"{text.day(one['at'])}, {text.ago(one['at'], now)}",
        "Channel": _channel(one),
        "Direction": _MARKS.get(one["direction"], _MARKS[None])[2] if one["direction"] else text.DASH,
        "About": text.words(one["topic"] or text.DASH),
        "Outcome": text.words(one["outcome"] or text.DASH),
        "Amount": text.number(one["amount"], 2),
    }
