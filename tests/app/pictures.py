"""Pictures of every view for whoever judges the look: `python -m tests.app.pictures --store DIR --to FOLDER`.

Light and dark, wide and narrow, each view from top to bottom. `--readme` writes the pictures of the README instead.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

import insight_core as ic
from insight_core.demo.stories_kept import stories_of
from insight_core.records.clock import parse_instant
from tests.app.driven import chromium, opened, still
from tests.app.served import HOUSE, NOW, serving

WIDTHS = (1440, 1024)
SCHEMES = ("light", "dark")
README = ("home", "profile", "fix")
_TALLEST = 3600


def main(words: Sequence[str] | None = None) -> None:
    """Draw every view over a base with the made-up world in it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--store", type=Path, required=True, help="a base with the made-up world in it")
    asked.add_argument("--to", type=Path, default=Path("pictures"), help="the folder for the pictures")
    asked.add_argument("--readme", action="store_true", help="renew the README's pictures")
    asked.add_argument("--only", nargs="*", default=[], help="these views only")
    said = asked.parse_args(words)
    views = {name: path for name, path in _views(said.store) if not said.only or name in said.only}
    with chromium() as browser, serving(said.store) as address:
        if said.readme:
            for name in README:
                _draw(browser, address, views[name], HOUSE / "data" / "pictures" / f"{name}.png", 1280, "light", 860)
            return
        said.to.mkdir(parents=True, exist_ok=True)
        for name, path in views.items():
            for width in WIDTHS:
                for scheme in SCHEMES:
                    _draw(browser, address, path, said.to / f"{name}-{width}-{scheme}.png", width, scheme)


def _views(store: Path) -> Iterator[tuple[str, str]]:
    """The address of each view, with somebody whose story is worth a picture."""
    ws = ic.open_store(store, now=parse_instant(NOW), door="pictures")
    told = stories_of(ws)
    somebody = told.get("two_sources_disagree") or ws.stale(limit=1)[0].customer
    firm = told.get("shrinking_firm", somebody)
    advised = next((one.customer for one in ws.recommend(purpose="marketing", limit=50) if not one.abstained), somebody)
    ws.close()
    facets = dict.fromkeys(("demographics", "life_stage", "household", "identity", "timeline"), "true")
    yield "home", "/"
    yield "load", "/load"
    yield "customers", "/customers?sort=completeness"
    yield "profile", f"/profile?customer={somebody}"
    yield "profile_open", "/profile?" + urlencode({"customer": somebody, **facets})
    yield "profile_firm", f"/profile?customer={firm}&business_direction=true"
    yield "profile_withheld", f"/profile?customer={told.get('consent_withdrawn', somebody)}&purpose=marketing"
    yield "fix", "/fix?states=conflicting"
    yield "recommend", f"/recommend?purpose=marketing&card={advised}"
    yield "notebooks", "/notebooks"
    yield "notebook", "/notebooks?notebook=state_of_the_base"
    yield "history", "/history"


def _draw(browser: Browser, address: str, path: str, to: Path, width: int, scheme: str, height: int = 0) -> None:
    page = opened(browser, address, viewport={"width": width, "height": height or 1000}, color_scheme=scheme)
    page.goto(path)
    still(page)
    page.wait_for_timeout(1500)
    if not height:
        page.set_viewport_size({"width": width, "height": min(_length(page), _TALLEST)})
        still(page)
    page.screenshot(path=to)
    page.context.close()


def _length(page: Page) -> int:
    """How tall the view is when all of it is seen."""
    return int(page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")) + 40


if __name__ == "__main__":
    main()
