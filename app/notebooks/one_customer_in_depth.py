# %% [markdown]
# # One customer in depth
#
# Who is this customer, how far can the picture be trusted, what should be asked next, and how should we talk to them?
#
# Leave the customer empty to take the one whose profile has most to gain from a fix.

# %% tags=["parameters"]
customer: str = ""  # Customer: an id, an e-mail address, a telephone number or a name
purpose: str = "customer_care"  # Why you look
contacts: int = 200  # How many contacts to look back

# %%
import plotly.graph_objects as go

import insight_core as ic

ws = ic.open_store(door="notebook")
if customer:
    found = ws.find(customer, 1, purpose)
    who = found[0]["customer"] if found else customer
else:
    worth = ws.stale(purpose, 1) or ws.customers(purpose, limit=1)["rows"]
    who = worth[0].customer if isinstance(worth[0], ic.WorkItem) else worth[0]["customer"]
profile = ws.profile(who, purpose)
print(
    f"{profile.name}, {profile.kind}, id {profile.customer}. "
    f"As of {profile.as_of[:10]}, for {purpose.replace('_', ' ')}."
)

# %% [markdown]
# ## In six sentences

# %%
[
    {"facet": name.replace("_", " "), "what it says": facet.summary}
    for name, facet in profile.facets.items()
    if facet.fields
]

# %% [markdown]
# ## How far to trust it

# %%
scores = {name: profile.scores[name] for name in ("completeness", "freshness", "accuracy", "lawful")}
figure = go.Figure(
    go.Bar(
        x=[score.value for score in scores.values()],
        y=list(scores),
        orientation="h",
        marker_color="#3d87cf",
        text=[
            "withheld" if score.withheld else "not known" if score.value is None else f"{score.value:.0%}"
            for score in scores.values()
        ],
        hovertemplate="%{y}: %{x:.0%}<extra></extra>",
    ),
    layout=dict(height=220, xaxis=dict(range=[0, 1], tickformat=".0%"), yaxis_autorange="reversed"),
)
figure

# %%
[{"score": name, "because": reason} for name, score in scores.items() for reason in score.because]

# %%
asked = profile.next_question
print(f"Ask next: {asked['question']} {asked['why']}" if asked else "Nothing is left to ask for this purpose.")

# %% [markdown]
# ## What is known, from whom, and how old it is

# %%
known = [
    {
        "facet": name.replace("_", " "),
        "field": field.replace("_", " "),
        "value": one.value,
        "state": one.state,
        "known by": one.method,
        "source": one.source,
        "observed": (one.observed_at or "")[:10] or None,
        "fresh": None if one.freshness is None else round(one.freshness, 2),
    }
    for name, facet in profile.facets.items()
    for field, one in facet.fields.items()
    if one.value is not None
]
known

# %%
ageing = sorted((row for row in known if row["fresh"] is not None), key=lambda row: row["fresh"])
go.Figure(
    go.Scatter(
        x=[row["fresh"] for row in ageing],
        y=[row["field"] for row in ageing],
        mode="markers",
        marker=dict(size=11, color=["#d2544c" if row["fresh"] < 0.25 else "#3d87cf" for row in ageing]),
        hovertemplate="%{y}: %{x:.0%} of its life left<extra></extra>",
    ),
    layout=dict(
        title="How much of its life each dated value still has; left of the line it is stale",
        height=120 + 22 * len(ageing),
        xaxis=dict(range=[-0.02, 1.02], tickformat=".0%"),
        yaxis_autorange="reversed",
        shapes=[dict(type="line", x0=0.25, x1=0.25, y0=0, y1=1, yref="paper", line=dict(dash="dot", color="#8a93a3"))],
    ),
)

# %% [markdown]
# ## What the purpose may not see

# %%
profile.redacted or "Nothing is withheld from this purpose."

# %% [markdown]
# ## Contacts, newest first

# %%
events = ws.timeline(who, purpose, contacts)
channels = sorted({one["channel"] or one["kind"] for one in events})
figure = go.Figure()
for way, symbol in (("inbound", "circle"), ("outbound", "diamond"), (None, "square")):
    some = [one for one in events if one["direction"] == way]
    if some:
        figure.add_scatter(
            x=[one["at"] for one in some],
            y=[one["channel"] or one["kind"] for one in some],
            mode="markers",
            name=way or "other",
            marker=dict(size=10, symbol=symbol),
            hovertemplate="%{y}, %{x|%d %b %Y}<extra></extra>",
        )
figure.update_layout(height=140 + 32 * len(channels), legend=dict(orientation="h", y=-0.25))
figure if events else "No contact is on record."

# %%
[
    {
        "when": one["at"][:10],
        "channel": one["channel"],
        "direction": one["direction"],
        "topic": one["topic"],
        "outcome": one["outcome"],
    }
    for one in events[:15]
] or "No contact is on record."

# %% [markdown]
# ## How to talk to them

# %%
cards = ws.recommend(who, purpose)
card = cards[0] if cards else None
if card is None:
    print(f"The purpose {purpose.replace('_', ' ')} has no advice for this customer.")
elif card.abstained:
    print(f"No advice: {card.abstained}")
else:
    print(
        f"By {card.channel}, between {card.window}, in a {card.tone} tone, every {card.cadence_days} days at most: "
        f"{(card.solution_set or 'no offer').replace('_', ' ')}, {(card.experience or 'as usual').replace('_', ' ')}. "
        f"{min(card.confidence, 0.99):.0%} sure."
    )

# %%
why = (
    [
        {"about": one["dimension"], "fact": one["fact"], "value": one["value"], "weight": one["weight"]}
        for one in card.reasons
    ]
    if card
    else []
)
why or "There is nothing to explain."
