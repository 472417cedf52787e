"""The demonstration: its script is walked through in a real browser, and every world has its five stories."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import insight_core as ic
from app import session
from app.components.stories import STORIES
from insight_core.demo import write_world
from insight_core.demo.settle import claim, load_world
from insight_core.demo.stories_kept import stories_of
from insight_core.records.clock import parse_instant
from tests.app.driven import still
from tests.app.served import HOUSE, NOW, serving

pytestmark = pytest.mark.slow

SCRIPT = (HOUSE / "data" / "DEMO.md").read_text(encoding="utf-8")


def settled(folder: Path, customers: int, seed: int) -> ic.Workspace:
    """A store in which a made-up world has moved in."""
    ws = ic.open_store(folder / "store", now=parse_instant(NOW), door="test")
    claim(ws, customers, seed)
    load_world(ws, write_world(folder / "world", customers=customers, seed=seed), lambda *_: None)
    ws.build()
    return ws


def seen_under(heading: str) -> list[str]:
    """What the script says is seen under a heading."""
    part = next(part for part in re.split(r"^## ", SCRIPT, flags=re.MULTILINE) if part.startswith(heading))
    return re.findall(r"^> (.*)$", part, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("demo")
    settled(folder, 2000, 1).close()
    with serving(folder / "store") as address:
        yield address


@pytest.fixture
def served(demonstration: str) -> str:
    """The pages of these tests are opened on the demonstration."""
    return demonstration


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_the_script_of_the_demonstration_is_what_is_seen(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto("/")
    expect(page.get_by_role("heading", name="Five customers worth meeting")).to_be_visible()
    for line in seen_under("Home"):
        expect(page.get_by_text(line).filter(visible=True).first).to_be_visible()
    for story in STORIES.values():
        page.goto("/")
        other = f", for {story.purpose}" if story.purpose != session.USUAL_PURPOSE else ""
        page.get_by_role("link", name=story.link + other, exact=True).click()
        page.wait_for_url("**/profile?**")
        lines = seen_under(story.title)
        assert lines, f"The script says nothing of {story.title}."
        for line in lines:
            expect(page.get_by_text(line).filter(visible=True).first).to_be_visible()
        still(page)
        assert page.get_by_test_id("stAlert").count() == 0
        expect(page.get_by_text(lines[0]).filter(visible=True).first).to_be_in_viewport(ratio=1)


def test_every_story_is_in_the_script_under_its_title_and_with_its_link() -> None:
    assert [one.title for one in STORIES.values() if f"## {one.title}\n" not in SCRIPT] == []
    assert [one.link for one in STORIES.values() if f"**{one.link}.**" not in SCRIPT] == []


@pytest.mark.parametrize(("customers", "seed"), [(200, 1), (300, 7)])
def test_every_world_has_its_stories(tmp_path: Path, customers: int, seed: int) -> None:
    ws = settled(tmp_path, customers, seed)
    found = stories_of(ws)
    assert set(found) == set(STORIES)

    def fields(name: str, facet: str) -> dict[str, Any]:
        return ws.profile(found[name]).facets[facet].fields

    assert fields("two_sources_disagree", "identity")["phone"].state == "conflicting"
    assert fields("two_sources_disagree", "demographics")["birth_date"].state == "conflicting"
    mail = fields("stale_email_wrong_tone", "identity")["email"]
    assert (mail.state, mail.freshness < 0.25) == ("conflicting", True)
    assert mail.reason.startswith("a message to it came back on ")
    card = ws.recommend(found["stale_email_wrong_tone"], "marketing")[0]
    assert (card.channel != "email", card.tone) == (True, "friendly")
    assert fields("family_just_moved", "identity")["city"].source == "webshop"
    assert "moved" in ws.profile(found["family_just_moved"]).facets["life_stage"].summary
    assert fields("shrinking_firm", "business_direction")["direction"].value == "shrinking"
    assert ws.recommend(found["consent_withdrawn"], "marketing")[0].abstained
