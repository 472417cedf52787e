"""Recommending in a real browser: a card is used, what came of it is loaded back, and the cards are handed on."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import insight_core as ic
from tests.app.conftest import write_csv
from tests.app.driven import press, still
from tests.app.served import NOW

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_card_is_used_its_outcome_comes_back_and_the_cards_are_handed_on(
    page: Page, base: ic.Workspace, tmp_path: Path
) -> None:
    page.goto("/recommend?purpose=marketing")
    still(page)
    page.get_by_test_id("stDataFrame").click(position={"x": 60, "y": 52})
    expect(page.get_by_role("button", name="Use this card")).to_be_visible()
    still(page)
    press(page, "Use this card")
    expect(page.get_by_text("Used since 1 Jul 2026")).to_be_visible()
    press(page, "Give it back")
    expect(page.get_by_text("Used since 1 Jul 2026")).to_have_count(0)
    press(page, "Use this card")
    expect(page.get_by_text("Used since 1 Jul 2026")).to_be_visible()
    page.reload()
    still(page)
    expect(page.get_by_text("Used since 1 Jul 2026")).to_be_visible()
    used = base.cards("marketing")["used"]
    assert len(used) == 1

    card = next(iter(used))
    rows = [(card, NOW, "accepted", "12.50"), ("nobody", NOW, "accepted", ""), (card, NOW, "adored", "")]
    file = write_csv(tmp_path / "outcomes.csv", ("card", "time", "result", "value"), rows)
    _bring_back(page, file)
    expect(page.get_by_text("1 outcome taken in, 0 known already, 2 refused, of 3 rows.")).to_be_visible()
    refused = page.get_by_role("table").filter(has_text="Why refused")
    expect(refused).to_contain_text("nobody")
    expect(refused).to_contain_text("adored")
    _bring_back(page, file)
    expect(page.get_by_text("0 outcomes taken in, 1 known already, 2 refused, of 3 rows.")).to_be_visible()
    assert [(one["card"], one["result"]) for one in base.outcomes()] == [(card, "accepted")]

    press(page, "Export")
    expect(page.get_by_text("The receipt is receipt-")).to_be_visible()
    with (base.exports / "recommendations-marketing.csv").open(encoding="utf-8") as handle:
        handed_on = {one["card"]: one["used_at"] for one in csv.DictReader(handle)}
    assert {name: at for name, at in handed_on.items() if at} == {card: "2026-07-01T00:00:00Z"}
    told = page.get_by_text("The receipt is receipt-").bounding_box()
    button = page.get_by_role("button", name="Export", exact=True).bounding_box()
    assert told is not None
    assert button is not None
    assert 0 < told["y"] - button["y"] < 300, "what was made is told beside the button"
    with page.expect_download() as taken:
        page.get_by_role("group", name="Download recommendations-marketing.csv").get_by_role("button").click()
    assert taken.value.path().read_bytes() == (base.exports / "recommendations-marketing.csv").read_bytes()


@pytest.mark.parametrize("wide", [1440, 1024])
def test_a_card_is_in_sight_beside_the_row_that_was_chosen_and_can_be_closed(page: Page, wide: int) -> None:
    page.set_viewport_size({"width": wide, "height": 768})
    page.goto("/recommend?purpose=marketing")
    still(page)
    table = page.get_by_test_id("stDataFrame")
    for row in (0, 1):
        table.click(position={"x": 60, "y": 52 + 35 * row})
        still(page)
        expect(page.locator(".st-key-card_whole h2")).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("button", name="Use this card")).to_be_in_viewport(ratio=1)
        expect(table).to_be_in_viewport(ratio=1)
    press(page, "Close")
    expect(page.locator(".st-key-card_whole")).to_have_count(0)


def _bring_back(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text(f"{file.name}: ")).to_be_visible()
    still(page)


def test_filters_and_table_fit_a_narrow_page(page: Page) -> None:
    page.set_viewport_size({"width": 1024, "height": 1000})
    page.goto("/recommend?purpose=marketing")
    still(page)
    over = page.locator(".dvn-scroller").first.evaluate("e => e.scrollWidth - e.clientWidth")
    assert over == 0
    boxes = [page.get_by_label(name, exact=True).bounding_box() for name in ("Name contains", "Tone", "Offer")]
    tops = [one["y"] for one in boxes if one]
    assert max(tops) - min(tops) < 10
