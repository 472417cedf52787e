"""Which picture a facet shows: only where it says more than the sentence."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from app import text, words
from app.components import pictures
from insight_core.records.results import Facet

Events = Sequence[Mapping[str, Any]]
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PARTS = ("0-4", "4-8", "8-12", "12-16", "16-20", "20-24")
_ENOUGH = 6
_MANY = 40


def draw(name: str, facet: Facet, events: Events, customer: str) -> None:
    """The facet's picture, if there is one to show."""
    drawing = _DRAWINGS.get(name)
    if drawing:
        drawing(facet, events, f"{name}_{customer}")


def _value(facet: Facet, name: str) -> Any:
    return facet.fields[name].value if name in facet.fields else None


def _usage(_facet: Facet, events: Events, key: str) -> None:
    contacts = [one for one in events if one["kind"] == "contact"]
    orders = [one for one in events if one["kind"] == "usage" and one["amount"]]
    drawn = [(_hours, contacts)] * (len(contacts) >= _ENOUGH) + [(_orders, orders)] * (len(orders) > 1)
    if not drawn:
        return
    for column, (draw_it, some) in zip(st.columns(len(drawn), gap="large"), drawn, strict=True):
        with column:
            draw_it(some, f"{key}_{draw_it.__name__}")


def _hours(contacts: Events, key: str) -> None:
    counted = Counter(_slot(one["at"]) for one in contacts)
    grid = [[counted[day, part] for part in range(len(_PARTS))] for day in range(7)]
    figure = go.Figure(
        go.Heatmap(
            z=grid, x=list(_PARTS), y=list(_WEEKDAYS), xgap=2, ygap=2, showscale=False,
            colorscale=[[0, "rgba(138,147,163,.12)"], [1, pictures.ACCENT]],
            hovertemplate="%{y}, %{x} h: %{z} contacts<extra></extra>",
        )
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", ticks="", showgrid=False)
    figure.update_xaxes(title="Hour of the day (UTC)", ticks="", showgrid=False, side="bottom", type="category")
    (day, part), most = counted.most_common(1)[0]
    alt = f"Contacts by weekday and hour; most, {most}, on {_WEEKDAYS[day]} between {_PARTS[part]} h"
    rows = [{"": _WEEKDAYS[at]} | {f"{part} h": str(count) for part, count in zip(_PARTS, row, strict=True)}
            for at, row in enumerate(grid)]  # fmt: skip
    pictures.draw(figure, alt, rows, key)


def _slot(at: str) -> tuple[int, int]:
    moment = text.moment(at)
    return (moment.weekday(), moment.hour // 4) if moment else (0, 0)


def _orders(orders: Events, key: str) -> None:
    some = _by_month(orders) if len(orders) > _MANY else sorted(orders, key=lambda one: str(one["at"]))
    figure = go.Figure(
        go.Bar(
            x=[one["at"] for one in some], y=[one["amount"] for one in some], width=_width(some),
            marker_color=pictures.ACCENT, marker_line_width=0,
            customdata=[[text.day(one["at"]), text.label(_what(one))] for one in some],
            hovertemplate="%{customdata[0]}: %{y:,.2f}, %{customdata[1]}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_yaxes(title="Amount", rangemode="tozero", gridcolor="rgba(138,147,163,.2)", zeroline=False)
    figure.update_xaxes(showgrid=False)
    alt = f"{len(orders)} orders from {text.day(some[0]['at'])} to {text.day(some[-1]['at'])} by amount"
    rows = [
        {"Date": text.day(one["at"]), "What": _what(one), "Amount": text.number(one["amount"], 2)} for one in some[::-1]
    ]
    pictures.draw(figure, alt, rows, key)


def _by_month(orders: Events) -> list[dict[str, Any]]:
    """Many orders as one sum for each month, at its first day."""
    months: dict[str, list[float]] = {}
    for one in orders:
        months.setdefault(f"{str(one['at'])[:7]}-01", []).append(one["amount"])
    return [
        {"at": month, "amount": sum(amounts), "topic": f"{text.plural(len(amounts), 'order')} in the month"}
        for month, amounts in sorted(months.items())
    ]


def _width(some: Events) -> float:
    """A bar's width in milliseconds: a ninetieth of the time shown, a day at least."""
    first, last = text.moment(some[0]["at"]), text.moment(some[-1]["at"])
    seconds = (last - first).total_seconds() if first and last else 0
    return max(seconds / 90, 86_400) * 1000


def _what(order: Mapping[str, Any]) -> str:
    return text.words(order["topic"] or "order")


def _demographics(facet: Facet, _events: Events, key: str) -> None:
    own, area = _value(facet, "annual_income"), _value(facet, "area_income")
    if own is None or area is None:
        return
    told = {"Income": words.shown("annual_income", own), "Median of the area": words.shown("area_income", area)}
    alt = f"Yearly income {told['Income']} beside {told['Median of the area']} in the area"
    pictures.beside({"Income": own, "Median of the area": area}, alt, key, told)


def _community(_facet: Facet, events: Events, key: str) -> None:
    counted = Counter(text.words(one["topic"]) for one in events if one["kind"] == "usage" and one["topic"])
    if len(counted) > 1:
        top, count = counted.most_common(1)[0]
        alt = f"What the customer uses and buys, by kind; most of all {top}, {count} times"
        pictures.bars(counted, alt, key, "What")


def _business(facet: Facet, _events: Events, key: str) -> None:
    own, industry = _value(facet, "growth"), _value(facet, "industry_growth")
    if own is None:
        return
    values = {"This business with us": own} | ({"Its industry": industry} if industry is not None else {})
    told = {name: f"{value:+.0%} a year" for name, value in values.items()}
    pictures.beside(values, "; ".join(f"{name} {said}" for name, said in told.items()), key, told)


_DRAWINGS: dict[str, Callable[[Facet, Events, str], None]] = {
    "usage_pattern": _usage,
    "demographics": _demographics,
    "community_of_interest": _community,
    "business_direction": _business,
}
