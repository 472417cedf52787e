"""The timeline: contacts and orders in a strip by channel, and the newest as a list."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from app import text, words
from app.components import facet, page, pictures
from app.components.seen import NEWEST, Seen

Events = Sequence[Mapping[str, Any]]

_SHOWN = 15
_BEHIND = {"last_interaction_at": "contacts", "last_order_date": "orders"}
# What is no contact with the company has a lane of its own: the others hold as many as the channel mix counts.
_LANES = {"usage": "orders and use", "outcome": "used cards"}
_AMONG = "with other customers"
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
    label = f"{_newest(events)}{text.plural(len(events), 'event')} by channel".capitalize()
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
    often = ", ".join(f"{name} ({count})" for name, count in by_lane(events).most_common(3))
    newest = events[0]
    many = f"Of the newest {len(events):,} mostly" if _newest(events) else "Mostly"
    return f"{many} {often}. The newest {text.ago(newest['at'], seen.now)}: {newest['text']}. {held}".strip()


def by_lane(events: Events) -> Counter[str]:
    """How many events each lane has: of a channel as many as the profile's channel mix counts."""
    return Counter(_lane(one) for one in events)


def _newest(events: Events) -> str:
    """How to name events of which there may be more than are looked at."""
    return "the newest " if len(events) == NEWEST else ""


def _withheld(seen: Seen) -> str:
    """What of it the purpose may not see, and why; whoever may not see the newest may not see those before."""
    why = {_BEHIND[one["field"]]: one["reason"] for one in seen.profile.redacted if one["field"] in _BEHIND}
    if not why:
        return ""
    reason = words.readable(next(iter(why.values())))
    return f"{text.sentence(' and '.join(why))} are withheld from {text.words(seen.profile.purpose)}: {reason}."


def _strip(events: Events) -> None:
    lanes = sorted({text.label(_lane(one)) for one in events})
    figure = go.Figure()
    for direction, (symbol, colour, title) in _MARKS.items():
        some = [one for one in events if one["direction"] == direction]
        if some:
            figure.add_scatter(
                x=[one["at"] for one in some], y=[text.label(_lane(one)) for one in some], mode="markers", name=title,
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
    """The channel of a contact with the company, or what else it is."""
    if one["with_customer"]:
        return _AMONG
    return _LANES.get(one["kind"]) or text.words(one["channel"])


def _channel(one: Mapping[str, Any]) -> str:
    """The channel, and that it was another customer; orders and the like mostly have none."""
    told = text.words(one["channel"]) if one["channel"] else _lane(one)
    return f"{told}, {_AMONG}" if one["with_customer"] else told


def _row(one: Mapping[str, Any], now: datetime) -> dict[str, object]:
    return {
        "When": f"{text.day(one['at'])}, {text.ago(one['at'], now)}",
        "Channel": _channel(one),
        "Direction": _MARKS.get(one["direction"], _MARKS[None])[2] if one["direction"] else text.DASH,
        "About": text.words(one["topic"] or text.DASH),
        "Outcome": text.words(one["outcome"] or text.DASH),
        "Amount": text.number(one["amount"], 2),
    }
