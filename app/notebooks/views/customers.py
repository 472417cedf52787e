# %% [markdown]
# # Customers, as a notebook
#
# The customers that match these filters, in this order: what the view Customers shows.

# %% tags=["parameters"]
from typing import Literal

Sorted = Literal[
    "name", "city", "stage", "order_count", "last_order_date", "last_interaction_at", "household_size",
    "completeness", "freshness", "accuracy",
]  # fmt: skip
purpose: str = "customer_care"  # Why you look
text: str = ""  # Name contains
kind: Literal["person", "organisation"] | None = None  # Kind
stage: str | None = None  # Life stage
place: str = ""  # Place: part of a city's or a region's name, or a country's two letters
source: str | None = None  # Source: only customers that it told us of
field: str | None = None  # Field: only customers where it is in the state beside it
state: Literal["missing", "known", "stale", "conflicting", "invalid", "ageing", "fresh", "undated"] | None = None
score: Literal["completeness", "freshness", "accuracy", "lawful"] | None = None  # Score
at_least: int = 0  # The score is at least, in percent
at_most: int = 100  # The score is at most, in percent
sort: Sorted = "name"  # Sort by
descending: bool = False  # The largest or newest first
limit: int = 200  # How many rows

# %%
import plotly.graph_objects as go

import insight_core as ic

ws = ic.open_store(door="notebook")
found = ws.customers(
    purpose,
    text=text,
    kind=kind,
    stage=stage,
    place=place,
    source=source,
    field=field,
    state=state,
    score=score,
    at_least=at_least,
    at_most=at_most,
    sort=sort,
    descending=descending,
    limit=min(limit, 5000),
)
print(f"{found['total']:,} customers match, as of {ws.now:%d %B %Y}; {len(found['rows']):,} of them follow.")

# %%
rows = [{name.replace("_", " "): value for name, value in one.items()} for one in found["rows"]]
rows or "Nobody matches."

# %% [markdown]
# ## Which life stage or direction these rows are in

# %%
counts: dict[str, int] = {}
for one in found["rows"]:
    where = (one["stage"] or one["direction"] or "not known").replace("_", " ")
    counts[where] = counts.get(where, 0) + 1
ordered = sorted(counts.items(), key=lambda pair: (pair[1], pair[0]))
go.Figure(
    go.Bar(x=[count for _, count in ordered], y=[name for name, _ in ordered], orientation="h", marker_color="#3d87cf"),
    layout=dict(height=90 + 26 * len(ordered)),
)
