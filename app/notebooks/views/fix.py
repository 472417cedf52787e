# %% [markdown]
# # Fix, as a notebook
#
# The fields that are worth fixing, most valuable first: what the view Fix shows.

# %% tags=["parameters"]
purpose: str = "customer_care"  # Why you look
states: str = ""  # Only these states, with spaces between: conflicting invalid missing stale
facet: str | None = None  # Facet: empty means every one
field: str | None = None  # Field: empty means every one
source: str | None = None  # Source: only values that come from it
limit: int = 100  # How many rows

# %%
import plotly.graph_objects as go

import insight_core as ic

ws = ic.open_store(door="notebook")
items = ws.stale(purpose, limit, states.split(), facet, field, source)
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
[
    {
        "when": str(one["at"])[:10],
        "field": one["field"],
        "did": one["action"],
        "before": one["before"],
        "after": one["after"],
    }
    for one in ws.history(limit=20)
] or "Nothing was changed yet."
