"""The base in pictures: what its people allow, how old what is known is, which way it moves, who they are."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from app import text, words
from app.components import page, pictures

_ANSWERS = {
    "given": ("consent given", pictures.ACCENT, ""),
    "withdrawn": ("withdrawn", pictures.BAD, "x"),
    "never": ("never asked", pictures.SOFT, ""),
}


def consents(rows: Sequence[Mapping[str, Any]]) -> None:
    """A bar per purpose that rests on what people say: given, withdrawn, never asked."""
    asked = [one for one in rows if one["ground"] != "contract"]
    page.block(f'<p class="lead">{text.html(_consents_said(asked))}</p>')
    names = [_purpose(one) for one in asked]
    figure = go.Figure()
    for part, (title, colour, pattern) in _ANSWERS.items():
        figure.add_bar(
            y=names, x=[one[part] for one in asked], name=title, orientation="h",
            marker=dict(color=colour, pattern=dict(shape=pattern, fillmode="overlay", fgcolor="white", size=6),
                        opacity=0.35 if part == "never" else 0.95),
            hovertemplate="%{y}: %{x:,} " + title + "<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.45, legend_traceorder="normal")
    figure.update_yaxes(autorange="reversed", ticks="", showgrid=False)
    figure.update_xaxes(showgrid=False, zeroline=False, tickformat=",")
    told = [{"Purpose": name} | {title: f"{one[part]:,}" for part, (title, *_) in _ANSWERS.items()}
            for name, one in zip(names, asked, strict=True)]  # fmt: skip
    alt = "Stacked bars, a bar for each purpose: " + "; ".join(
        f"{one['Purpose']} {one['consent given']} given, {one['withdrawn']} withdrawn" for one in told
    )
    pictures.draw(figure, alt, told, "home_consents", height=90 + 34 * len(names))


def _purpose(one: Mapping[str, Any]) -> str:
    rests = " (until objected)" if one["ground"] == "legitimate_interest" else ""
    return text.sentence(one["purpose"]) + rests


def _consents_said(asked: Sequence[Mapping[str, Any]]) -> str:
    first = next((one for one in asked if one["purpose"] == "marketing"), None)
    if first is None:
        return "No purpose rests on consent."
    total = first["given"] + first["withdrawn"] + first["never"]
    return (
        f"{text.percent(first['given'] / total if total else None)} may be contacted for marketing; "
        f"{text.plural(first['withdrawn'], 'customer')} took consent back and {first['never']:,} were never asked."
    )


def ages(rows: Sequence[Mapping[str, Any]]) -> None:
    """A dot per field at its median age, with the age at which it is stale: right of the mark it no longer holds."""
    if not rows:
        page.under("Nothing that is known carries a date.")
        return
    ordered = sorted(rows, key=lambda one: one["median"] / one["stale"], reverse=True)
    old = [one for one in ordered if one["median"] >= one["stale"]]
    page.block(f'<p class="lead">{text.html(_ages_said(ordered, old))}</p>')
    names = [text.label(words.name_of(one["field"])) for one in ordered]
    shares = [one["median"] / one["stale"] for one in ordered]
    told = [f"half of {one['known']:,} are older than {_span(one['median'])}; stale after {_span(one['stale'])}"
            for one in ordered]  # fmt: skip
    figure = go.Figure()
    for name, share in zip(names, shares, strict=True):
        figure.add_scatter(x=[0, share], y=[name] * 2, mode="lines", line=dict(color=pictures.SOFT, width=2),
                           hoverinfo="skip", showlegend=False)  # fmt: skip
    figure.add_scatter(
        x=shares, y=names, mode="markers", showlegend=False, customdata=told,
        marker=dict(size=12, color=[pictures.BAD if share >= 1 else pictures.ACCENT for share in shares],
                    symbol=["diamond" if share >= 1 else "circle" for share in shares]),
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )  # fmt: skip
    figure.add_vline(x=1, line=dict(color=pictures.WARN, width=2, dash="dash"))
    reach = max(*shares, 1.0) * 1.08
    figure.update_xaxes(range=[0, reach], showgrid=False, zeroline=False, tickvals=[0, 1, *range(2, int(reach) + 1)],
                        ticktext=["told today", "stale", *(f"{at} times that" for at in range(2, int(reach) + 1))],
                        )  # fmt: skip
    figure.update_yaxes(autorange="reversed", ticks="", showgrid=False)
    table = [{"Field": words.name_of(one["field"]), "Known of": f"{one['known']:,}", "Median age": _span(one["median"]),
              "Stale after": _span(one["stale"])} for one in ordered]  # fmt: skip
    alt = "A dot for each field at its median age, beside the age at which it is stale: " + "; ".join(
        f"{one['Field']} {one['Median age']} of {one['Stale after']}" for one in table
    )
    pictures.draw(figure, alt, table, "home_ages", height=70 + 26 * len(names))


def _ages_said(ordered: Sequence[Mapping[str, Any]], old: Sequence[Mapping[str, Any]]) -> str:
    worst = words.name_of(ordered[0]["field"])
    if not old:
        return f"No field is stale for most of those who have it; {worst} is nearest to it."
    named = ", ".join(words.name_of(one["field"]).lower() for one in old[:3])
    return f"Stale for most of those who have it: {named}{' and more' if len(old) > 3 else ''}."


def _span(days: float) -> str:
    return text.plural(round(days), "day") if days < 60 else text.plural(round(days / 30.44), "month")


def trend(answer: Mapping[str, Any]) -> None:
    """Freshness over past days and, if nobody confirms anything, over the next ninety."""
    today, forecast = answer["today"], answer["forecast"]
    fresh = today["scores"]["freshness"]
    if fresh is None or not forecast:
        page.under("Nothing that is known carries a date, so nothing moves by itself.")
        return
    last = forecast[-1]
    lost = (fresh - last["scores"]["freshness"]) * 100
    why = ", ".join(words.name_of(one["field"]).lower() for one in last["why"][:3])
    told = f"If nobody confirms anything, freshness falls by {lost:.1f} points in {last['days']} days"
    page.block(f'<p class="lead">{text.html(f"{told}; most of it for {why}.")}</p>')
    past = [*answer["past"], today]
    figure = go.Figure()
    for name, some, dash in (("so far", past, "solid"), ("if nobody confirms anything", [today, *forecast], "dot")):
        figure.add_scatter(
            x=[one["day"] for one in some], y=[_points(one) for one in some], name=name, mode="lines+markers",
            line=dict(color=pictures.ACCENT if dash == "solid" else pictures.WARN, dash=dash, width=2),
            showlegend=bool(answer["past"]),
            hovertemplate="%{x|%d %b %Y}: %{y:.1f}% fresh<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(type="date", showgrid=False, tickformat="%d %b")
    figure.update_yaxes(ticksuffix="%", gridcolor=pictures.LINE, zeroline=False)
    rows = [{"Day": text.day(one["day"]), "Fresh": f"{_points(one):.1f}%",
             "Told by": "counted" if one in past else "forecast",
             "Why": "; ".join(f"{words.name_of(each['field'])} ({text.plural(each['stale'], 'value')} become stale)"
                              for each in one.get("why", [])[:3]) or text.DASH}
            for one in [*past, *forecast]]  # fmt: skip
    alt = "A line of mean freshness by day: " + "; ".join(
        f"{one['Day']} {one['Fresh']} {one['Told by']}" for one in rows
    )
    pictures.draw(figure, alt, rows, "home_trend", height=230)


def _points(one: Mapping[str, Any]) -> float:
    return float(one["scores"]["freshness"] or 0) * 100


def stages(base: Mapping[str, Any]) -> None:
    """How many stand at which stage of life."""
    known = {text.sentence(name): float(count) for name, count in base["stages"].items() if name != "unknown"}
    missing = base["stages"].get("unknown", 0)
    if known:
        told = "; ".join(f"{name} {count:,.0f}" for name, count in known.items())
        pictures.bars(known, f"Bars, a bar for each stage of life: {told}", "base_stages", "Stage")
    page.under(f"Of {text.plural(missing, 'customer')} the stage is not known, or there is none: firms have no stage.")
