# %% [markdown]
# # Recommend, as a notebook
#
# How to talk to the customers of one purpose, and why: what the view Recommend shows.

# %% tags=["parameters"]
from typing import Literal

Offer = Literal[
    "save_and_simplify", "new_home", "family_bundle", "together_bundle", "first_steps", "comfort_and_support",
    "time_for_yourself", "growth_pack", "right_size", "key_account", "small_business_basics", "industry_pack",
    "more_of_what_grows", "interest_club", "core_range", "study_only", "no_offer",
]  # fmt: skip
purpose: str = "customer_care"  # Why you look
show: Literal["all", "advised", "abstained"] = "all"  # Which cards
channel: Literal["email", "sms", "call", "chat", "store", "app", "post"] | None = None  # Channel
tone: Literal["formal", "friendly", "brief", "detailed"] | None = None  # Tone
solution_set: Offer | None = None  # Offer
name: str | None = None  # Name contains: empty means any
limit: int = 200  # How many cards

# %%
import plotly.graph_objects as go

import insight_core as ic

ws = ic.open_store(door="notebook")
if ws.cards_made(purpose) is None:
    ws.make_cards(purpose)
wanted = {"all": None, "advised": False, "abstained": True}[show]
found = ws.cards(
    purpose, abstained=wanted, name=name, channel=channel, tone=tone, solution_set=solution_set, limit=min(limit, 5000)
)
cards: list[ic.Card] = found["rows"]
given = [one for one in cards if one.abstained is None]
print(
    f"{found['total']:,} cards match, as of {ws.now:%d %B %Y}. Of the {len(cards):,} that follow, the surest first, "
    f"{len(given):,} advise and the others abstain."
)

# %%
[
    {"customer": one.name, "channel": one.channel, "time": one.window, "tone": one.tone, "every days": one.cadence_days,
     "offer": one.solution_set, "experience": one.experience, "sure": f"{min(one.confidence, 0.99):.0%}",
     "abstains because": one.abstained}
    for one in cards
] or "There is no such card."  # fmt: skip

# %% [markdown]
# ## By which channel

# %%
channels: dict[str, int] = {}
for one in given:
    channels[one.channel or "none"] = channels.get(one.channel or "none", 0) + 1
ordered = sorted(channels.items(), key=lambda pair: (pair[1], pair[0]))
go.Figure(
    go.Bar(x=[count for _, count in ordered], y=[name for name, _ in ordered], orientation="h", marker_color="#3d87cf"),
    layout=dict(height=90 + 30 * len(ordered), xaxis_title="cards"),
)

# %% [markdown]
# ## Why, for the first of them

# %%
first = cards[0] if cards else None
[
    {"about": one["dimension"], "fact": one["fact"], "value": one["value"], "weight": one["weight"]}
    for one in first.reasons
] if first and first.reasons else "There is nothing to explain."

# %%
first.refused if first and first.refused else "Nothing was refused."
