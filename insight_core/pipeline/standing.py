"""Standing: how the figures of a base are spread, so that one customer can be seen among the others."""

from datetime import datetime
from typing import Any

import ibis
from ibis import Table

from insight_core.catalogue import field
from insight_core.records.datasets import MICRO

# kind: the figures in which one is compared with the others; an age is in days.
FIGURES = {
    "person": ("age", "annual_income", "cars_owned", "children_total", "order_count", "interest_share"),
    "organisation": ("employees", "annual_sales", "order_count", "growth"),
}
FIELDS = ("kind", "birth_date", "top_interest",
          *sorted({one for names in FIGURES.values() for one in names} - {"age"}))  # fmt: skip
MARKS = tuple(step / 20 for step in range(1, 20))
_FEW = 20


def standing(table: Table, now: datetime) -> dict[str, Any]:
    """Per kind and figure `of`, how many say it, and `marks`, its values at 5%, 10%, ... 95% of them.

    Figures as people read them: years, money, shares. `interests` gives per strongest interest the median share of the
    doings that go to it. The least and the most are not told, nor what fewer than twenty say: they are somebody's.
    """
    wide = table.aggregate(**{f"{kind}__{name}": _spread(table, kind, name, now)
                              for kind, names in FIGURES.items() for name in names})  # fmt: skip
    row = wide.to_pyarrow().to_pylist()[0]
    spread = {
        kind: {name: row[f"{kind}__{name}"] for name in names if row[f"{kind}__{name}"]["of"] >= _FEW}
        for kind, names in FIGURES.items()
    }
    told = {kind: {name: _told(name, one) for name, one in found.items()} for kind, found in spread.items()}
    return told | {"interests": _interests(table)}


def _spread(table: Table, kind: str, name: str, now: datetime) -> ibis.Value:
    value = _age(table, now) if name == "age" else table[name]
    mine = table.kind == kind
    marks = value.quantile(list(MARKS), where=mine)
    return ibis.struct({"of": value.count(where=mine), "marks": marks})


def _age(table: Table, now: datetime) -> ibis.Value:
    return ibis.date(now.year, now.month, now.day).delta(table.birth_date, unit="day")


def _told(name: str, one: dict[str, Any]) -> dict[str, Any]:
    scale = 365.25 if name == "age" else MICRO if field(name).type in ("money", "ratio") else 1
    return {"of": one["of"], "marks": [mark / scale for mark in one["marks"]]}


def _interests(table: Table) -> dict[str, float]:
    known = table.filter(table.interest_share.notnull() & table.top_interest.notnull())
    medians = known.group_by("top_interest").aggregate(of=known.count(), share=known.interest_share.median())
    rows = medians.filter(medians["of"] >= _FEW).to_pyarrow().to_pylist()
    return {row["top_interest"]: row["share"] / MICRO for row in rows}
