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
    expect(page.get_by_text("rows written to")).to_be_visible()
    with (base.exports / "recommendations-marketing.csv").open(encoding="utf-8") as handle:
        handed_on = [one["card"] for one in csv.DictReader(handle)]
    assert card in handed_on


def _bring_back(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text(f"{file.name}: ")).to_be_visible()
    still(page)
