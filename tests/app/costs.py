"""Cost against size as a picture: `python -m tests.app.costs FIGURES... --to PICTURE`.

Each file is what `insight bench ... --json` printed for one number of customers. Both axes are logarithmic: what grows
as fast as the number of customers is as steep as the grey line.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import plotly.graph_objects as go

from tests.app.driven import chromium

# The works, and on which side of its line each has its figures.
SHOWN = {
    "build": "top center",
    "load interactions": "bottom center",
    "incremental build, 1% spoken to": "middle right",
    "recommend": "top center",
    "load parties": "bottom center",
}
_WIDTH, _HEIGHT = 860, 520


def main(words: Sequence[str] | None = None) -> None:
    """Draw it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("figures", type=Path, nargs="+", help="what insight bench --json printed, a file for each size")
    asked.add_argument("--to", type=Path, default=Path("data/pictures/cost.png"))
    said = asked.parse_args(words)
    runs = sorted(
        (json.loads(one.read_text(encoding="utf-8")) for one in said.figures), key=lambda run: run["customers"]
    )
    with TemporaryDirectory() as folder, chromium() as browser:
        page_file = Path(folder) / "cost.html"
        figure(runs).write_html(page_file, include_plotlyjs=True, config={"staticPlot": True})
        page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
        page.goto(page_file.as_uri())
        page.wait_for_selector(".main-svg .scatterlayer")
        page.screenshot(path=said.to)


def figure(runs: Sequence[dict[str, Any]]) -> go.Figure:
    """A line for each kind of work, with its figures; runs are sorted by their customers."""
    drawn = go.Figure()
    sizes = [run["customers"] for run in runs]
    for name, side in SHOWN.items():
        costs = [one["processor_s"] for run in runs for one in run["figures"] if one["name"] == name]
        drawn.add_scatter(x=sizes, y=costs, name=name, mode="lines+markers+text", text=[f"{one:.3g}" for one in costs],
                          textposition=side)  # fmt: skip
    ends = sizes[0], sizes[-1]
    drawn.add_scatter(x=ends, y=[one / ends[0] for one in ends], name="as fast as the customers", mode="lines",
                      line=dict(color="silver", dash="dot"))  # fmt: skip
    drawn.update_xaxes(type="log", tickvals=sizes, ticktext=[f"{one:,}" for one in sizes],
                       title="customers, with ten contacts each")  # fmt: skip
    drawn.update_yaxes(type="log", title="seconds of a processor", dtick=1)
    drawn.update_layout(template="plotly_white", margin=dict(l=70, r=20, t=20, b=60), width=_WIDTH, height=_HEIGHT)
    return drawn


if __name__ == "__main__":
    main()
