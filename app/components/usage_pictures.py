"""Pictures of use: month by month with the level of each year, or the hours of the week."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from app import text
from app.components import pictures
from app.components.seen import Seen

Events = Sequence[Mapping[str, Any]]
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PARTS = ("0-4", "4-8", "8-12", "12-16", "16-20", "20-24")
_ENOUGH = 6
_MONTHS = 36
_ALL = 4000


def usage(seen: Seen, key: str) -> bool:
    """One of the pictures that there is enough for; where there are two, the reader chooses."""
    events = seen.events(_ALL)
    contacts = [one for one in events if one["kind"] == "contact" and not one["with_customer"]]
    orders = [one for one in events if one["kind"] == "usage" and one["amount"]]
    drawn = {"months": (_months, orders), "hours": (_hours, contacts)}
    ready = [name for name, (_, some) in drawn.items() if len(some) >= _ENOUGH]
    if not ready:
        return False
    picture, some = drawn[_chosen(ready)]
    picture(some, key)
    return True


_TITLES = {"months": "Orders by month", "hours": "Contacts by weekday and hour"}


def _chosen(ready: Sequence[str]) -> str:
    if len(ready) == 1:
        return ready[0]
    return str(
        st.segmented_control("Picture", ready, default=ready[0], required=True, key="usage", bind="query-params",
                             format_func=lambda one: _TITLES[one], label_visibility="collapsed")
    )  # fmt: skip


def _hours(contacts: Events, key: str) -> None:
    counted = Counter(_slot(one["at"]) for one in contacts)
    grid = [[counted[day, part] for part in range(len(_PARTS))] for day in range(7)]
    figure = go.Figure(
        go.Heatmap(
            z=grid, x=list(_PARTS), y=list(_WEEKDAYS), xgap=2, ygap=2, showscale=False,
            text=[[str(n or "") for n in row] for row in grid], texttemplate="%{text}",
            textfont=dict(color=pictures.ink()),
            colorscale=[[0, "rgba(138,147,163,.12)"], [1, pictures.ACCENT]],
            hovertemplate="%{y}, %{x} h: %{z} contacts<extra></extra>",
        )
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", ticks="", showgrid=False)
    figure.update_xaxes(title="Hour of the day (UTC)", ticks="", showgrid=False, side="bottom", type="category")
    (day, part), most = counted.most_common(1)[0]
    alt = f"{len(contacts)} contacts by weekday and hour; most, {most}, on {_WEEKDAYS[day]} between {_PARTS[part]} h"
    rows = [{"": _WEEKDAYS[at]} | {f"{part} h": str(count) for part, count in zip(_PARTS, row, strict=True)}
            for at, row in enumerate(grid)]  # fmt: skip
    pictures.draw(figure, alt, rows, f"{key}_hours", height=250)


def _slot(at: str) -> tuple[int, int]:
    moment = text.moment(at)
    return (moment.weekday(), moment.hour // 4) if moment else (0, 0)


def _months(orders: Events, key: str) -> None:
    sums, newest = _by_month(orders), text.moment(str(orders[0]["at"])) or datetime.now(UTC)
    some = dict(list(sums.items())[-_MONTHS:])
    figure = go.Figure(
        go.Bar(
            x=list(some), y=[amount for amount, _ in some.values()], marker_color=pictures.ACCENT,
            name="value of orders",
            customdata=[[f"{datetime.fromisoformat(month):%b %Y}", text.plural(n, "order")]
                        for month, (_, n) in some.items()],
            hovertemplate="%{customdata[0]}: %{y:,.2f}, %{customdata[1]}<extra></extra>",
        )
    )  # fmt: skip
    levels = [_level(figure, orders, newest - timedelta(days=365 * back), back, min(some)) for back in (1, 0)]
    figure.update_layout(bargap=0.25, legend=dict(y=1.02, yanchor="bottom"))
    figure.update_yaxes(rangemode="tozero", gridcolor=pictures.LINE, zeroline=False)
    figure.update_xaxes(showgrid=False, type="date")
    told = "; ".join(one for one in levels if one)
    first, last = f"{datetime.fromisoformat(min(some)):%b %Y}", f"{newest:%b %Y}"
    alt = f"Value of orders by month, {first} to {last}{': ' if told else ''}{told}"
    rows = [{"Month": f"{datetime.fromisoformat(month):%b %Y}", "Orders": str(n), "Value": text.number(amount, 2)}
            for month, (amount, n) in reversed(some.items())]  # fmt: skip
    pictures.draw(figure, alt, rows, f"{key}_months", height=250)


def _by_month(orders: Events) -> dict[str, tuple[float, int]]:
    """First day of each month, in order and without gaps: what was ordered in it, and how often."""
    months: dict[str, list[float]] = {}
    for one in orders:
        months.setdefault(f"{str(one['at'])[:7]}-01", []).append(one["amount"])
    return {
        month: (sum(months.get(month, [])), len(months.get(month, []))) for month in _every(min(months), max(months))
    }


def _every(first: str, last: str) -> list[str]:
    year, month = int(first[:4]), int(first[5:7])
    found = [first]
    while found[-1] < last:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        found.append(f"{year:04}-{month:02}-01")
    return found


def _level(figure: go.Figure, orders: Events, until: datetime, back: int, shown_from: str) -> str:
    """A line at the monthly level of the year up to a moment; gives its words, or none where the year is empty."""
    start = until - timedelta(days=365)
    amounts = [one["amount"] for one in orders if start < (text.moment(str(one["at"])) or start) <= until]
    if not amounts or start.date().isoformat() < shown_from:
        return ""
    level, name = sum(amounts) / 12, "the year before" if back else "the newest year"
    figure.add_scatter(
        x=[start.date().isoformat(), until.date().isoformat()], y=[level, level], mode="lines",
        name=f"{name}: {level:,.0f} a month",
        line=dict(color=pictures.WARN, width=2, dash="dot" if back else "solid"), hoverinfo="skip",
    )  # fmt: skip
    return f"{name} {level:,.0f} a month"
