# %% [markdown]
# # Seed your own world
#
# How good would the workbench be on a company that you make up: its size, its luck, and how carelessly it writes
# things down?
#
# A made-up world is written to a folder of its own, loaded into a store of its own, built, and held against the
# truth behind it. Nothing of it touches your base, and it is gone when the notebook ends.

# %% tags=["parameters"]
purpose: str = "analytics"  # Why you look
customers: int = 200  # How many customers, 50 to 2,000
seed: int = 7  # The seed: the same seed gives the same world
wrong: float = 0.2  # Share of cells that the CRM writes down wrong, 0 to 1
missing: float = 0.3  # Share of cells that the CRM leaves empty, 0 to 1
move_rate: float = 0.2  # Households that move in a year, 0 to 1

# %%
from pathlib import Path
from tempfile import mkdtemp

import plotly.graph_objects as go

import insight_core as ic
from insight_core.demo import Params, write_world

usual = Params()
params = Params(
    move_rate=move_rate,
    wrong={**usual.wrong, "crm": wrong},
    missing={**usual.missing, "crm": missing},
)
folder = Path(mkdtemp())
world = write_world(folder / "world", customers=min(max(customers, 50), 2000), seed=seed, params=params)
[{"file": Path(file["path"]).name, "source": file["source"], "recipe": file["recipe"]} for file in world.files]

# %% [markdown]
# ## What its sources told us

# %%
ws = ic.open_store(folder / "store", now=world.clock, door="notebook")
loads = [(file, ws.load([file["path"]], file["source"], recipe=file["recipe"])) for file in world.files]
report = ws.build()
print(f"{report.customers:,} customers out of {sum(load.read for _, load in loads):,} rows.")
[
    {
        "source": file["source"],
        "file": Path(file["path"]).name,
        "read": load.read,
        "accepted": load.accepted,
        "duplicate": load.duplicate,
        "refused": load.quarantined,
    }
    for file, load in loads
]

# %% [markdown]
# ## What became of it

# %%
base = ws.overview(purpose)
scores = {name: value for name, value in base["scores"]["overall"].items() if value is not None}
go.Figure(
    go.Bar(
        x=list(scores.values()),
        y=list(scores),
        orientation="h",
        marker_color="#3d87cf",
        text=[f"{value:.0%}" for value in scores.values()],
        hovertemplate="%{y}: %{x:.0%}<extra></extra>",
    ),
    layout=dict(height=220, xaxis=dict(range=[0, 1], tickformat=".0%"), yaxis_autorange="reversed"),
)

# %% [markdown]
# ## How near it comes to the truth
#
# A made-up world knows what really holds. *Ours* is the workbench, *naive* is the plainest rule that somebody might
# use instead, and *oracle* is the best that the evidence allows.

# %%
truth = ws.evaluate(world.truth)["truth"]
rows = [
    {"measure": name.replace("_", " ")}
    | {who: None if figure[who] is None else round(figure[who], 3) for who in ("ours", "naive", "oracle")}
    for name, figure in truth.items()
    if isinstance(figure, dict) and "ours" in figure
]
rows

# %%
figure = go.Figure()
for who, colour, symbol in (
    ("naive", "#8a93a3", "diamond"),
    ("ours", "#3d87cf", "circle"),
    ("oracle", "#3f9d63", "line-ns-open"),
):
    figure.add_scatter(
        x=[row[who] for row in rows],
        y=[row["measure"] for row in rows],
        mode="markers",
        name=who,
        marker=dict(size=13, color=colour, symbol=symbol, line_width=2),
        hovertemplate="%{y}: %{x:.2f} " + who + "<extra></extra>",
    )
figure.update_layout(height=120 + 30 * len(rows), legend=dict(orientation="h", y=-0.12), yaxis_autorange="reversed")

# %% [markdown]
# ## Make more of it
#
# The same world from the command line: `insight world --out my-world --customers 200 --seed 7`, then
# `insight load`, `insight build`. `insight world --print-params` shows every rate that can be set.
