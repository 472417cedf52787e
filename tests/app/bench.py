"""What a person waits for in the app, in a real Chromium: `python -m tests.app.bench --customers 100000`.

Every time runs from the click (or the start of the navigation) to the last thing drawn in the page, told by the
browser's own clock. Prints a table, writes JSON, and ends with status 1 when a figure is over its limit.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from playwright.sync_api import Browser, Page

import insight_core as ic
from insight_core.demo import write_world
from insight_core.demo.settle import claim, load_world
from insight_core.records.clock import parse_instant
from tests.app.driven import PATIENCE_MS, STILL, chromium, opened, still
from tests.app.served import NOW, serving

RUNS = 5
VIEWS = ("Home", "Load", "Customers", "Profile", "Fix", "Recommend", "Notebooks", "History")
FIRST_S, RERUN_S, SWITCH_S, FIX_S = 4.0, 0.5, 0.5, 1.0

# Set in every document before its own scripts: when the page last drew something, and when it was last clicked. A grid
# draws its words on a canvas; what it later puts inside the canvas is for readers of the screen, and nobody sees it come.
_CLOCK = """
window.bench = {clicked: 0, drawn: 0, seen: 0, until: null};
addEventListener("pointerdown", () => Object.assign(bench, {clicked: performance.now(), drawn: 0, seen: 0}), true);
new MutationObserver((all) => {
  const app = document.querySelector('[data-testid="stApp"]');
  const seen = (one) => one?.closest?.('[data-testid="stMain"]') && !one.closest("canvas");
  const here = (node) => node === app || seen(node.nodeType === Node.TEXT_NODE ? node.parentElement : node);
  if (all.some((one) => here(one.target))) bench.drawn = performance.now();
  if (!bench.seen && bench.until && bench.until()) bench.seen = performance.now();
}).observe(document, {subtree: true, childList: true, characterData: true, attributes: true,
                      attributeFilter: ["data-test-script-state"]});
const words = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (...said) {
  bench.drawn = performance.now();
  return words.apply(this, said);
};
"""
_QUIET_MS = 700
_DONE = f"""() => document.querySelector('{STILL}') && document.querySelector('[data-testid="stMain"] h1')
    && bench.drawn > bench.clicked && performance.now() - bench.drawn > {_QUIET_MS} ? bench : null"""

Sight = Callable[[], float]


class Figure(NamedTuple):
    """Seconds that a person waits: each run, and what it may take."""

    name: str
    limit: float
    runs: list[float]

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.runs)

    @property
    def over(self) -> bool:
        """Whether it takes longer than it may."""
        return self.middle >= self.limit


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print, write; 1 when a figure is over its limit."""
    said = _read(words)
    with _base(said.store, said.customers) as store:
        found = list(measured(store, said.runs))
    for one in found:
        print(_line(one))  # noqa: T201
    Path(said.json).write_text(json.dumps([one._asdict() | {"median": one.middle} for one in found], indent=1))
    return 1 if any(one.over for one in found) else 0


def _read(words: Sequence[str] | None) -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--customers", type=int, default=100_000, help="how many the made-up world has")
    asked.add_argument("--store", type=Path, help="a base that is there already; fixes are made in it and undone")
    asked.add_argument("--runs", type=int, default=RUNS)
    asked.add_argument("--json", default="bench-app.json", help="where the figures go")
    return asked.parse_args(words)


def _line(one: Figure) -> str:
    spread = f"{min(one.runs):.2f} to {max(one.runs):.2f}"
    return f"{one.name:<44} {one.middle:6.2f} s  ({spread}, limit {one.limit:g})" + ("  OVER" if one.over else "")


@contextmanager
def _base(store: Path | None, customers: int) -> Iterator[Path]:
    if store is not None:
        yield store
        return
    with TemporaryDirectory() as folder:
        ws = ic.open_store(Path(folder) / "store", now=parse_instant(NOW), door="bench")
        claim(ws, customers, 1)
        load_world(ws, write_world(Path(folder) / "world", customers=customers, seed=1), lambda *_: None)
        ws.build()
        ws.close()
        yield Path(folder) / "store"


def measured(store: Path, runs: int) -> Iterator[Figure]:
    """Every figure, each over a server and a browser as cold or as warm as its name says."""
    with chromium() as browser:
        cold = []
        for _ in range(min(runs, 3)):
            with serving(store) as address:
                cold.append(_first(browser, address, "/"))
        yield Figure("first view, cold server and browser: Home", FIRST_S, cold)
        with serving(store) as address:
            yield from _warm(browser, address, store, runs)


def _warm(browser: Browser, address: str, store: Path, runs: int) -> Iterator[Figure]:
    _first(browser, address, "/")
    for path in ("/", "/customers", _somebody(store)):
        name = path.split("?", maxsplit=1)[0].strip("/").title() or "Home"
        yield Figure(
            f"first view, cold browser: {name}", FIRST_S, [_first(browser, address, path) for _ in range(runs)]
        )
    page = _page(browser, address)
    page.goto("/customers")
    still(page)
    yield Figure("rerun: another order of the customers", RERUN_S, [_descending(page) for _ in range(runs * 2)])
    yield Figure("rerun: customers by a name", RERUN_S, [_named(page, at) for at in range(runs)])
    yield from _switches(page, runs)
    yield from _fixes(page, store, runs)


def _page(browser: Browser, address: str) -> Page:
    page = opened(browser, address, viewport={"width": 1440, "height": 1000})
    page.add_init_script(_CLOCK)
    return page


def _drawn(page: Page) -> float:
    """Seconds from the last click, or from the start of the navigation, to the last thing drawn."""
    told = page.wait_for_function(_DONE, timeout=PATIENCE_MS).json_value()
    return float(told["drawn"] - told["clicked"]) / 1000


def _first(browser: Browser, address: str, path: str) -> float:
    page = _page(browser, address)
    page.goto(path)
    taken = _drawn(page)
    page.context.close()
    return taken


def _somebody(store: Path) -> str:
    ws = ic.open_store(store, now=parse_instant(NOW), door="bench")
    customer = ws.stale(limit=1)[0].customer
    ws.close()
    return f"/profile?customer={customer}"


def _descending(page: Page) -> float:
    page.get_by_text("Descending", exact=True).click()
    return _drawn(page)


def _named(page: Page, at: int) -> float:
    """By a name that was not asked for before; Enter counts as the click."""
    page.get_by_label("Name contains").fill(("an", "be", "cl", "da", "em", "fr", "ge", "ha", "is", "jo")[at % 10])
    page.evaluate("Object.assign(bench, {clicked: performance.now(), drawn: 0})")
    page.keyboard.press("Enter")
    return _drawn(page)


def _switches(page: Page, runs: int) -> Iterator[Figure]:
    """Between neighbours in the navigation, there and back, after everything was seen once."""
    for view in (*VIEWS, VIEWS[0]):
        _switch(page, view)
    took: dict[str, list[float]] = {}
    for _ in range(runs):
        for one, other in (*pairwise(VIEWS), *pairwise(VIEWS[::-1])):
            took.setdefault(f"page switch: {one} to {other}", []).append(_switch(page, other))
    for name, seconds in took.items():
        yield Figure(name, SWITCH_S, seconds)


def _switch(page: Page, view: str) -> float:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=view, exact=True).click()
    return _drawn(page)


def _fixes(page: Page, store: Path, runs: int) -> Iterator[Figure]:
    """A stale field is confirmed, and undone again; until the new scores stand on the page."""
    took, back = [], []
    for at in range(runs):
        ws = ic.open_store(store, now=parse_instant(NOW), door="bench")
        one = ws.stale(limit=runs, states=["stale"])[at]
        ws.drop_draft()
        ws.draft([{"customer": one.customer, "field": one.field, "action": "confirm"}])
        ws.close()
        page.goto("/fix")
        still(page)
        page.evaluate("bench.until = () => /was/.test(document.querySelector('.st-key-fix_done p')?.textContent)")
        page.get_by_role("button", name="Apply 1 change").click()
        took.append(_seen(page))
        _drawn(page)
        page.evaluate("bench.until = () => !document.querySelector('.st-key-fix_done')")
        page.get_by_role("button", name="Undo").click()
        back.append(_seen(page))
        _drawn(page)
    yield Figure("a fix, from Apply to the new scores", FIX_S, took)
    yield Figure("its undo, until it is told", FIX_S, back)


def _seen(page: Page) -> float:
    told = page.wait_for_function("() => bench.seen > bench.clicked ? bench : null", timeout=PATIENCE_MS).json_value()
    return float(told["seen"] - told["clicked"]) / 1000


if __name__ == "__main__":
    os.environ.setdefault("INSIGHT_NOW", NOW)
    sys.exit(main())
