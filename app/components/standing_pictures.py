"""Pictures of one among others: where a customer's figures stand in the base, the area, the industry."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import plotly.graph_objects as go

from app import cached, text, words
from app.components import pictures
from app.components.seen import Seen, valid

_NAMES = {
    "age": "Age", "annual_income": "Income", "cars_owned": "Cars", "children_total": "Children",
    "employees": "Employees", "annual_sales": "Sales of a year", "order_count": "Orders", "growth": "Growth with us",
}  # fmt: skip
_PERSON = ("age", "annual_income", "cars_owned", "children_total")
_STEP = 5  # percent between two marks


def demographics(seen: Seen, key: str) -> bool:
    """A dot for each figure at the share of people who have less, the area's own median beside it."""
    facets = seen.profile.facets
    own = {name: valid(facets[place], name) for name, place in (("annual_income", "demographics"),
           ("cars_owned", "demographics"), ("children_total", "life_stage"))}  # fmt: skip
    born = text.moment(valid(facets["demographics"], "birth_date"))
    own = {"age": (seen.now - born).days / 365.25 if born else None} | own
    known = {name: float(one) for name, one in own.items() if one is not None}
    area = valid(facets["demographics"], "area_income")
    return bool(known) and _among(known, "person", {"annual_income": area} if area else {}, key)


def _among(own: Mapping[str, float], kind: str, beside: Mapping[str, float], key: str) -> bool:
    spread = {name: one for name, one in cached.standing()[kind].items() if name in own}
    if not spread:
        return False
    rows = [_row(name, own[name], beside.get(name), spread[name]) for name in own if name in spread]
    figure = go.Figure()
    lanes = [text.label(row["Figure"]) for row in rows]
    for low, high, width in ((5, 95, 2), (25, 75, 8)):
        for lane in lanes:
            figure.add_scatter(x=[low, high], y=[lane, lane], mode="lines", hoverinfo="skip", showlegend=False,
                               line=dict(color=pictures.LINE, width=width))  # fmt: skip
    _area(figure, beside, spread)
    figure.add_scatter(
        x=[row["at"] for row in rows], y=lanes, mode="markers+text", showlegend=False, cliponaxis=False,
        marker=dict(size=14, color=pictures.ACCENT), text=[row["This customer"] for row in rows],
        textposition="top center", customdata=[[text.label(row["Stands"])] for row in rows],
        hovertemplate="%{y}: %{text}, %{customdata[0]}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(range=[-3, 103], tickvals=[5, 25, 50, 75, 95], showgrid=False, zeroline=False,
                        ticktext=["5%", "25%", "50%", "75%", "95%"],
                        title="Share of the others who have less; thick is the middle half")  # fmt: skip
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", automargin=True)
    told = "; ".join(f"{row['Figure']} {row['This customer']}, {row['Stands']}" for row in rows)
    alt = f"This customer among the others who say it: {told}"
    shown = [{name: one for name, one in row.items() if name != "at"} for row in rows]
    pictures.draw(figure, alt, shown, key, height=90 + 52 * len(rows))
    return True


def _row(name: str, own: float, beside: float | None, spread: Mapping[str, Any]) -> dict[str, Any]:
    at = place(own, spread["marks"])
    stands = f"more than {at:.0f}% of {spread['of']:,}" if at > _STEP / 2 else f"among the least of {spread['of']:,}"
    return {
        "Figure": _NAMES[name],
        "This customer": told(name, own),
        "Median of the base": told(name, spread["marks"][len(spread["marks"]) // 2]),
        "Median of the area": told(name, beside) if beside is not None else text.DASH,
        "Stands": stands,
        "at": at,
    }


def _area(figure: go.Figure, beside: Mapping[str, float], spread: Mapping[str, Any]) -> None:
    for name, figure_of_area in beside.items():
        if name in spread:
            said = f"area {told(name, figure_of_area)}"
            figure.add_scatter(
                x=[place(figure_of_area, spread[name]["marks"])], y=[text.label(_NAMES[name])], mode="markers+text",
                marker=dict(size=11, symbol="diamond", color=pictures.WARN), text=[said], showlegend=False,
                textposition="bottom center", hovertemplate="Median income of the %{text}<extra></extra>",
            )  # fmt: skip


def place(own: float, marks: Sequence[float]) -> float:
    """Which percent of the others have less: the middle of the marks that say the same."""
    return (bisect_left(marks, own) + bisect_right(marks, own)) / 2 * 100 / (len(marks) + 1)


def told(name: str, figure: float) -> str:
    """A figure as people read it."""
    if name == "age":
        return f"{int(figure)} years"
    return words.shown(name, figure if name in ("annual_income", "annual_sales", "growth") else round(figure))


def community(seen: Seen, key: str) -> bool:
    """A lollipop for each interest: its share of the doings with its interval, the others' median as a diamond."""
    mix = valid(seen.profile.facets["usage_pattern"], "product_mix") or []
    counts = {str(one["name"]): int(one["count"]) for one in mix}
    total = sum(counts.values())
    if len(counts) < 2 or not total:
        return False
    top = dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:8])
    medians = cached.standing()["interests"]
    rows = [_interest(name, n, total, medians.get(name)) for name, n in top.items()]
    figure = go.Figure()
    _stems(figure, rows)
    figure.update_xaxes(ticksuffix="%", rangemode="tozero", gridcolor=pictures.LINE, zeroline=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", automargin=True)
    figure.update_layout(legend=dict(y=-0.25))
    alt = f"Share of {total} uses by kind: " + "; ".join(f"{row['Interest']} {row['Share']}" for row in rows)
    shown = [{name: row[name] for name in ("Interest", "Uses", "Share", "Between", "Others")} for row in rows]
    pictures.draw(figure, alt, shown, key, height=90 + 30 * len(rows))
    return True


def _interest(name: str, n: int, total: int, median: float | None) -> dict[str, Any]:
    low, high = interval(n, total)
    return {
        "Interest": text.words(name), "Uses": str(n), "Share": text.percent(n / total),
        "Between": f"{low:.0%} and {high:.0%}", "Others": text.percent(median),
        "share": n / total * 100, "low": low * 100, "high": high * 100, "median": median and median * 100,
    }  # fmt: skip


def interval(n: int, total: int) -> tuple[float, float]:
    """Between which shares the true one lies with 95% (Wilson)."""
    z, share = 1.96, n / total
    middle, spread = share + z * z / (2 * total), z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max((middle - spread) / (1 + z * z / total), 0.0), min((middle + spread) / (1 + z * z / total), 1.0)


def _stems(figure: go.Figure, rows: Sequence[Mapping[str, Any]]) -> None:
    names = [text.label(row["Interest"]) for row in rows]
    figure.add_scatter(
        x=[row["share"] for row in rows], y=names, mode="markers", name="this customer, with its interval",
        marker=dict(size=12, color=pictures.ACCENT),
        error_x=dict(type="data", symmetric=False, array=[row["high"] - row["share"] for row in rows],
                     arrayminus=[row["share"] - row["low"] for row in rows], color=pictures.SOFT, thickness=2, width=4),
        customdata=[[row["Uses"], row["Between"]] for row in rows],
        hovertemplate="%{y}: %{x:.0f}%, %{customdata[0]} uses, between %{customdata[1]}<extra></extra>",
    )  # fmt: skip
    first = rows[0]
    if first["median"] is not None:
        figure.add_scatter(
            x=[first["median"]], y=[names[0]], mode="markers",
            marker=dict(size=11, symbol="diamond", color=pictures.WARN), name="median of those for whom it comes first",
            hovertemplate="%{x:.0f}%<extra></extra>",
        )  # fmt: skip


def business(seen: Seen, key: str) -> bool:
    """Signed bars: this organisation's growth with us, its industry, the middle of our organisations."""
    facet = seen.profile.facets["business_direction"]
    own, industry = valid(facet, "growth"), valid(facet, "industry_growth")
    if own is None:
        sized = {name: valid(facet, name) for name in ("employees", "annual_sales")}
        known = {name: float(one) for name, one in sized.items() if one is not None}
        return bool(known) and _among(known, "organisation", {}, key)
    spread = cached.standing()["organisation"].get("growth")
    values = {"With us, year on year": own}
    values |= {"Its industry": industry} if industry is not None else {}
    values |= {"The middle of our firms": spread["marks"][len(spread["marks"]) // 2]} if spread else {}
    said = {name: f"{text.gain(one)} a year" for name, one in values.items()}
    pictures.signed(values, "Growth: " + "; ".join(f"{name} {one}" for name, one in said.items()), key, said)
    return True
