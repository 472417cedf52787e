# %% [markdown]
# # State of the base
#
# How complete, how fresh and how lawful is what we know about our customers, and what should be mended first?
#
# Everything below is read through the purpose gate: customers who object to the purpose are not in it, and a
# receipt says that somebody looked.

# %% tags=["parameters"]
purpose: str = "analytics"  # Why you look
first: int = 15  # How many fields worth fixing to list

# %%
import plotly.graph_objects as go

import insight_core as ic

ws = ic.open_store(door="notebook")
base = ws.overview(purpose)

scores = base["scores"]["overall"]
told = {name: "not known" if value is None else f"{value:.0%}" for name, value in scores.items()}
print(
    f"{base['customers']:,} customers, as of {ws.now:%d %B %Y}, seen for {purpose.replace('_', ' ')}. "
    f"{told['completeness']} of what the purpose needs is known; it is {told['freshness']} fresh, "
    f"{told['accuracy']} accurate, and {told['lawful']} of it may be used."
)

# %% [markdown]
# ## Who they are

# %%
kinds = [{"kind": kind.replace("_", " "), "customers": count} for kind, count in base["kinds"].items()]
withheld = [{"kind": f"withheld: {why}", "customers": count} for why, count in base["withheld"].items()]
kinds + withheld

# %%
stages = {name.replace("_", " "): count for name, count in base["stages"].items() if name != "unknown"}
ordered = sorted(stages.items(), key=lambda pair: (pair[1], pair[0]))

go.Figure(
    go.Bar(
        x=[count for _, count in ordered],
        y=[name for name, _ in ordered],
        orientation="h",
        marker_color="#3d87cf",
        hovertemplate="%{y}: %{x:,} people<extra></extra>",
    ),
    layout=dict(title="Customers whose life stage is known", height=90 + 26 * len(ordered), xaxis_title="customers"),
)

# %% [markdown]
# ## Where it is thin
#
# A bar for each facet: the share of its fields that is in order, stale, in conflict, invalid or missing.

# %%
parts = {
    "filled": ("in order", "#3d87cf", ""),
    "stale": ("stale", "#c98a1b", "/"),
    "conflicting": ("conflicting", "#d2544c", "x"),
    "invalid": ("invalid", "#d2544c", "."),
    "missing": ("missing", "#c3c9d3", ""),
}
facets = [name for name in base["states"] if name != "overall"]
figure = go.Figure()
for part, (title, colour, pattern) in parts.items():
    figure.add_bar(
        y=[name.replace("_", " ") for name in facets],
        x=[base["states"][name][part] for name in facets],
        name=title,
        orientation="h",
        marker=dict(color=colour, pattern=dict(shape=pattern, fillmode="overlay", fgcolor="white", size=6)),
        hovertemplate="%{y}: %{x:.0%} " + title + "<extra></extra>",
    )
figure.update_layout(barmode="stack", height=360, xaxis_tickformat=".0%", legend=dict(orientation="h", y=-0.15))
figure.update_yaxes(autorange="reversed")

# %% [markdown]
# The four scores behind it, facet by facet. An empty cell means that nobody has anything there that could be judged.

# %%
[
    {"facet": name.replace("_", " ")}
    | {score: None if value is None else f"{value:.0%}" for score, value in base["scores"][name].items()}
    for name in facets
]

# %% [markdown]
# ## What to mend first
#
# A fix counts for what the purpose loses without the field, times how much the customer matters.

# %%
items = ws.stale(purpose, limit=first)
[
    {
        "customer": one.name,
        "field": one.field,
        "state": one.state,
        "now": one.value,
        "why": one.reason,
        "worth": round(one.impact, 1),
    }
    for one in items
]

# %% [markdown]
# ## Where it comes from

# %%
[
    {
        "source": one["source"],
        "what": one["dataset"],
        "read": one["read"],
        "accepted": one["accepted"],
        "refused": one["quarantined"],
    }
    for one in ws.batches()
    if one["unloaded_at"] is None
]
