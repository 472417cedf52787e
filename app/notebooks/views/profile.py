# %% [markdown]
# # Profile, as a notebook
#
# One customer as a dossier, now or as of a past day: what the view Profile shows.

# %% tags=["parameters"]
from datetime import date

customer: str = ""  # Customer: an id
purpose: str = "customer_care"  # Why you look
as_of: date | None = None  # As it stood at the end of this day; empty means now

# %%
from datetime import UTC, datetime, time

import plotly.graph_objects as go

import insight_core as ic

ws = ic.open_store(door="notebook")
moment = datetime.combine(as_of, time(23, 59, 59), UTC) if as_of else None
who = customer or ws.customers(purpose, limit=1)["rows"][0]["customer"]
profile = ws.profile(who, purpose, moment)
print(f"{profile.name}, {profile.kind}, id {profile.customer}. As of {profile.as_of[:10]}.")
[
    {"score": name, "is": None if profile.scores[name].value is None else f"{profile.scores[name].value:.0%}",
     "because": "; ".join(profile.scores[name].because)}
    for name in ("completeness", "freshness", "accuracy", "lawful")
]  # fmt: skip

# %%
asked = profile.next_question
print(f"Ask next: {asked['question']} {asked['why']}" if asked else "Nothing is left to ask for this purpose.")

# %% [markdown]
# ## Facet by facet

# %%
[{"facet": name.replace("_", " "), "what it says": one.summary} for name, one in profile.facets.items() if one.fields]

# %%
[
    {
        "facet": name.replace("_", " "),
        "field": field.replace("_", " "),
        "value": one.value,
        "state": one.state,
        "source": one.source,
        "observed": (one.observed_at or "")[:10] or None,
        "verified": (one.verified_at or "")[:10] or None,
    }
    for name, facet in profile.facets.items()
    for field, one in facet.fields.items()
]

# %% [markdown]
# ## Withheld from this purpose

# %%
profile.redacted or "Nothing is withheld from this purpose."

# %% [markdown]
# ## Timeline

# %%
events = [
    one for one in ws.timeline(who, purpose, 400) if moment is None or one["at"] <= f"{moment:%Y-%m-%dT%H:%M:%SZ}"
]
go.Figure(
    go.Scatter(
        x=[one["at"] for one in events],
        y=[one["channel"] or one["kind"] for one in events],
        mode="markers",
        marker=dict(size=10, symbol=["circle" if one["direction"] == "inbound" else "diamond" for one in events]),
        hovertemplate="%{y}, %{x|%d %b %Y}<extra></extra>",
    ),
    layout=dict(height=300, title="Circles came in, diamonds went out"),
)

# %% [markdown]
# ## The card

# %%
cards = ws.recommend(who, purpose)
[
    {"channel": card.channel, "time": card.window, "tone": card.tone, "every days": card.cadence_days,
     "offer": card.solution_set, "experience": card.experience, "sure": f"{min(card.confidence, 0.99):.0%}",
     "abstains because": card.abstained}
    for card in cards
] or "The purpose has no advice for this customer."  # fmt: skip
