# %% [markdown]
# # Home, as a notebook
#
# The state of the base for one purpose, what needs attention, and the recent loads: what the view Home shows.

# %% tags=["parameters"]
purpose: str = "customer_care"  # Why you look

# %%
import plotly.graph_objects as go

import insight_core as ic

ws = ic.open_store(door="notebook")
base = ws.overview(purpose)
print(f"{base['customers']:,} customers, as of {ws.now:%d %B %Y}, for {purpose.replace('_', ' ')}.")
[
    {"score": name, "of the base": None if value is None else f"{value:.0%}"}
    for name, value in base["scores"]["overall"].items()
]

# %% [markdown]
# ## Where it is thin

# %%
facets = [name for name in base["states"] if name not in ("overall", "identity")]
figure = go.Figure()
for part, colour, pattern in (
    ("filled", "#3d87cf", ""),
    ("stale", "#c98a1b", "/"),
    ("conflicting", "#d2544c", "x"),
    ("invalid", "#d2544c", "."),
    ("missing", "#c3c9d3", ""),
):
    figure.add_bar(
        y=[name.replace("_", " ") for name in facets],
        x=[base["states"][name][part] for name in facets],
        name=part,
        orientation="h",
        marker=dict(color=colour, pattern=dict(shape=pattern, fillmode="overlay", fgcolor="white", size=6)),
    )
figure.update_layout(barmode="stack", height=320, xaxis_tickformat=".0%", legend=dict(orientation="h", y=-0.15))
figure.update_yaxes(autorange="reversed")

# %%
[
    {"facet": name.replace("_", " ")}
    | {score: None if value is None else f"{value:.0%}" for score, value in base["scores"][name].items()}
    for name in facets
]

# %% [markdown]
# ## Withheld from this purpose

# %%
[{"because": why, "customers": count} for why, count in base["withheld"].items()] or "Nobody is withheld."

# %% [markdown]
# ## What needs attention

# %%
[
    {"customer": one.name, "field": one.field, "state": one.state, "why": one.reason, "worth": round(one.impact, 1)}
    for one in ws.stale(purpose, limit=6)
] or "Nothing is left to fix for this purpose."

# %% [markdown]
# ## Recent loads

# %%
[
    {"batch": one["id"], "source": one["source"], "read": one["read"], "accepted": one["accepted"]}
    for one in reversed(ws.batches())
    if one["unloaded_at"] is None
][:5] or "Nothing was loaded."
