"""How old what is known is: a dot for each dated field, and where it turns stale."""

from datetime import datetime
from typing import Any

import plotly.graph_objects as go

from app import text, words
from app.components import pictures
from app.components.seen import Seen
from insight_core.records.results import FieldState

_MOST = 16
_SHAPES = {"fresh": ("circle", pictures.GOOD), "ageing": ("circle-open", pictures.WARN), "stale": ("x", pictures.BAD)}


def identity(seen: Seen, key: str) -> bool:
    """The ages of the contact points and the address."""
    return draw(seen, ("identity",), key)


def draw(seen: Seen, facets: tuple[str, ...], key: str) -> bool:
    """A dot for each dated field that ages, its threshold as a tick; those furthest beyond it on top."""
    rows = [
        row
        for facet in facets
        for name, state in seen.profile.facets[facet].fields.items()
        if (row := _row(name, state, seen.now))
    ]
    if not rows:
        return False
    rows.sort(key=lambda row: (row["limit"] - row["days"], row["Field"]))
    shown = rows[:_MOST]
    figure = go.Figure()
    names = [text.label(row["Field"]) for row in shown]
    figure.add_scatter(x=[row["limit"] for row in shown], y=names, mode="markers", name="turns stale",
                       marker=dict(symbol="line-ns", size=16, line=dict(width=2, color=pictures.SOFT)),
                       hovertemplate="%{y} turns stale at %{x:,.0f} days<extra></extra>")  # fmt: skip
    for state, (symbol, colour) in _SHAPES.items():
        some = [row for row in shown if row["State"] == state]
        if some:
            figure.add_scatter(x=[row["days"] for row in some], y=[text.label(row["Field"]) for row in some],
                               mode="markers", name=state, marker=dict(symbol=symbol, size=11, color=colour,
                               line=dict(width=2, color=colour)),
                               hovertemplate="%{y}: %{x:,.0f} days old, " + state + "<extra></extra>")  # fmt: skip
    figure.update_xaxes(title="Days since it was last observed or verified", rangemode="tozero", showgrid=False,
                        zeroline=False)  # fmt: skip
    figure.update_yaxes(autorange="reversed", gridcolor=pictures.LINE, ticks="", automargin=True,
                        categoryorder="array", categoryarray=names)  # fmt: skip
    figure.update_layout(legend=dict(y=1.02, yanchor="bottom"))
    late = [row["Field"] for row in rows if row["State"] == "stale"]
    alt = f"Age of {len(shown)} fields beside the age at which each turns stale; stale: {', '.join(late) or 'none'}"
    told = [{name: row[name] for name in ("Field", "Days old", "Turns stale at", "State")} for row in rows]
    pictures.draw(figure, alt, told, key, height=110 + 24 * len(shown))
    return True


def _row(name: str, one: FieldState, now: datetime) -> dict[str, Any] | None:
    half_life = words.field(name).half_life_days
    clocks = [clock for clock in (text.moment(one.observed_at), text.moment(one.verified_at)) if clock]
    if one.value is None or half_life is None or not clocks or one.freshness is None:
        return None
    days = max((now - max(clocks)).days, 0)
    state = "stale" if one.freshness < 0.25 else "ageing" if one.freshness < 0.5 else "fresh"
    return {"Field": words.name_of(name), "Days old": f"{days:,}", "Turns stale at": f"{half_life * 2:,}",
            "State": state, "days": days, "limit": half_life * 2}  # fmt: skip
