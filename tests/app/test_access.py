"""Every view in a real browser, light and dark: axe finds nothing serious, names stay text, nothing leaves the machine."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

import insight_core as ic
from insight_core.records.clock import parse_instant
from tests.app.conftest import BITING
from tests.app.driven import OWN, PATIENCE_MS, opened, still
from tests.app.served import NOW, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_FOUND = """async (rules) => (await axe.run(document, {runOnly: rules, resultTypes: ["violations"]})).violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 240)} ${node.failureSummary}`))"""
# What a browser would make of a name that it took for markup.
_TAKEN = "img[src=x], .iw b b, a[href^='javascript'], .katex, [onerror]"
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_GROUND = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
_INKS = """['[data-testid=stMain] h1', '[role=dialog] .iw strong'].map(
    (place) => getComputedStyle(document.querySelector(place)).color)"""
_FACETS = ("usage_pattern", "demographics", "life_stage", "household", "community_of_interest", "identity", "timeline",
           "quality", "records")  # fmt: skip

VIEWS = {
    "home": "/",
    "home, how fresh": "/?look=fresh",
    "home, how lawful": "/?look=lawful",
    "load": "/load",
    "customers": "/customers?sort=completeness",
    "customers, by stage": "/customers?look=stages",
    "nobody": "/profile",
    "profile": "/profile?customer={customer}&" + "&".join(f"{name}=true" for name in _FACETS),
    "profile as of a day": "/profile?customer={customer}&as_of=2026-06-20",
    "profile withheld": "/profile?customer={customer}&purpose=marketing",
    "fix": "/fix",
    "recommend": "/recommend?purpose=marketing",
    "a card": "/recommend?purpose=marketing&card={advised}",
    "notebooks": "/notebooks",
    "a notebook": "/notebooks?notebook=state_of_the_base",
    "history": "/history",
}


class Told(NamedTuple):
    """What a page did that nobody asked of it."""

    outside: list[str]
    dialogs: list[str]
    errors: list[str]


@pytest.fixture(scope="module")
def looked_at(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The app over a base that no test here changes, with drafts and a fix in it; the customers that it is looked at by."""
    import shutil

    store = tmp_path_factory.mktemp("access") / "store"
    shutil.copytree(made / "store", store)
    ws = ic.open_store(store, now=parse_instant(NOW), door="test")
    people = [ws.find(f"person{n}@example.com")[0]["customer"] for n in range(12)]
    ws.fix([{"customer": people[1], "field": "city", "action": "correct", "value": BITING["html"]}])
    ws.draft([{"customer": people[2], "field": "city", "action": "correct", "value": BITING["markdown"]}])
    advised = next(one.customer for one in ws.recommend(purpose="marketing") if not one.abstained)
    ws.close()
    with serving(store) as address:
        yield address, {"customer": people[0], "advised": advised}


@pytest.fixture(scope="module")
def visitor(browser: Browser, looked_at: tuple[str, dict[str, str]]) -> Iterator[BrowserContext]:
    """Somebody who looks at one view after another, as a person does: the app's own parts are fetched once."""
    context = browser.new_context(base_url=looked_at[0], viewport={"width": 1440, "height": 1000}, color_scheme="light")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def watched(page: Page) -> Told:
    told = Told([], [], [])
    page.on("request", lambda one: None if one.url.startswith(OWN) else told.outside.append(one.url))
    page.on("dialog", lambda one: told.dialogs.append(one.message))
    page.on("pageerror", lambda one: told.errors.append(str(one)))
    page.on("console", lambda one: told.errors.append(one.text) if _ours(one) else None)
    return told


def _ours(message: ConsoleMessage) -> bool:
    """An error, but for Streamlit's own: on a deep link it asks for its health beside the page before it finds it."""
    return message.type == "error" and "/_stcore/" not in message.location["url"]


def serious(page: Page) -> list[str]:
    """What axe holds against the page at serious or critical."""
    found: list[str] = page.evaluate(_FOUND, _RULES)
    return found


def well(page: Page, told: Told) -> None:
    """The page is open to everybody, by day and by night, quiet, and takes no name for markup."""
    page.add_script_tag(path=AXE_FILE_PATH)
    grounds = []
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        still(page)
        grounds.append(page.evaluate(_GROUND))
        assert serious(page) == [], f"{scheme}: {json.dumps(serious(page), indent=1)}"
    assert len(set(grounds)) == len(_SCHEMES), "the page follows whoever turns the light off"
    assert page.locator(_TAKEN).count() == 0
    assert "bitten" not in page.title()
    assert told == Told([], [], [])


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_open_to_everybody(visitor: BrowserContext, looked_at: tuple[str, dict[str, str]], view: str) -> None:
    page = visitor.new_page()
    told = watched(page)
    page.goto(VIEWS[view].format(**looked_at[1]))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    still(page)
    for summary in page.locator("details.iw-field > summary, details.twin > summary, details.more > summary").all():
        summary.click()
    for picture in page.locator(".js-plotly-plot").all():
        picture.scroll_into_view_if_needed()
        picture.hover()
    assert page.get_by_test_id("stAlert").count() == 0
    well(page, told)
    page.close()


def test_the_open_palette_is_open_to_everybody(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    told = watched(page)
    page.goto("/")
    still(page)
    page.keyboard.press("Control+k")
    for name, number in (("html", 0), ("markdown", 1), ("mathematics", 2)):
        page.get_by_role("combobox", name="Search customers").fill(f"person{number}@example.com")
        expect(page.get_by_role("option").first).to_contain_text(BITING[name])
        well(page, told)
    page.close()


def test_a_field_to_put_right_is_open_to_everybody(
    visitor: BrowserContext, looked_at: tuple[str, dict[str, str]]
) -> None:
    page = visitor.new_page()
    told = watched(page)
    page.goto(f"/profile?customer={looked_at[1]['customer']}&fix=email")
    expect(page.get_by_role("dialog")).to_contain_text("person0@example.com")
    still(page)
    inks = page.evaluate(_INKS)
    assert inks[0] == inks[1], "a dialog's words have the ink of the page's"
    well(page, told)
    page.close()


@pytest.mark.parametrize("scheme", _SCHEMES)
def test_an_empty_store_is_open_to_everybody(
    browser: Browser, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    """Here each scheme is that of the first look."""
    with serving(tmp_path / "store") as address:
        page = opened(browser, address, color_scheme=scheme)
        told = watched(page)
        page.goto("/")
        expect(page.get_by_role("button", name="Load the sample")).to_be_visible()
        still(page)
        well(page, told)
        page.context.close()
