# %% [markdown]
# # Fix, as a notebook
#
# The fields that are worth fixing, most valuable first: what the view Fix shows.

# %% tags=["parameters"]
from typing import Literal

purpose: str = "customer_care"  # Why you look
states: list[Literal["conflicting", "invalid", "missing", "stale"]] = []  # Only these states
facet: str | None = None  # Facet
field: str | None = None  # Field
source: str | None = None  # Source: only values that come from it
limit: int = 100  # How many rows

# %%
from datetime import UTC, datetime

import plotly.graph_objects as go

import insight_core as ic

ws = ic.open_store(door="notebook")
items = ws.stale(purpose, limit, states, facet, field, source)
print(f"{len(items):,} fields worth fixing, as of {ws.now:%d %B %Y}, for {purpose.replace('_', ' ')}.")

# %%
[
    {"customer": one.name, "field": one.field, "value": one.value, "state": one.state, "why": one.reason,
     "worth": round(one.impact, 1), "id": one.customer}
    for one in items
] or "Nothing is left to fix for this purpose."  # fmt: skip

# %% [markdown]
# ## Which fields win back most

# %%
worth: dict[str, float] = {}
for one in items:
    worth[one.field] = worth.get(one.field, 0) + one.impact
ordered = sorted(worth.items(), key=lambda pair: (pair[1], pair[0]))[-12:]
go.Figure(
    go.Bar(
        x=[points for _, points in ordered],
        y=[name.replace("_", " ") for name, _ in ordered],
        orientation="h",
        marker_color="#3d87cf",
    ),
    layout=dict(height=90 + 26 * len(ordered), xaxis_title="points of the purpose"),
)

# %% [markdown]
# ## What was fixed last

# %%
last = ws.history(limit=20, purpose=purpose)
names = ws.names(sorted({one["customer"] for one in last}), purpose)
[
    {
        "when": f"{datetime.fromtimestamp(one['at'], UTC):%Y-%m-%d}",
        "customer": names.get(one["customer"]),
        "field": one["field"],
        "did": one["action"] + (", undone" if one["undone_at"] is not None else ""),
        "before": one["before"],
        "after": one["after"],
        "id": one["customer"],
    }
    for one in last
] or "Nothing was changed yet."
