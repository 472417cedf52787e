"""A customer's id becomes another when a record with a smaller one joins: what came of cards and fixes stays theirs."""

from datetime import timedelta

import pytest

from insight_core.records.ids import record_id
from tests.core.conftest import ANN, NOW, Desk

WHY = "marketing"


@pytest.fixture
def renamed(desk: Desk):
    """Ann, who opted out of e-mail on a card and had a fix, before and after another source made her id another."""
    early = desk.store()
    early.load(**desk.people("first", [ANN]))
    early.build()
    old = early.find("ann@example.com")[0]["customer"]
    early.consent(old, WHY, "given", channel="*")
    card = early.recommend(old, WHY)[0]
    (desk.folder / "came.csv").write_text(f"card,time,result\n{card.card},{NOW:%Y-%m-%d}T10:00:00Z,opted_out\n")
    workspace = desk.store(now=NOW + timedelta(days=2))
    assert workspace.outcome(desk.folder / "came.csv")["accepted"] == 1
    workspace.fix([{"customer": old, "field": "city", "action": "correct", "value": "Ulm"}])
    before = _told(workspace, old)
    key = next(str(n) for n in range(1000) if record_id("shop", str(n)) < old)
    workspace.load(**desk.people("second", [ANN | {"id": key}], source="shop"))
    workspace.build()
    new = workspace.find("ann@example.com")[0]["customer"]
    assert new != old
    return workspace, before, old, new


def _told(workspace, who):
    """What hangs on a customer, without the id."""
    outcomes = [one | {"customer": ""} for one in workspace.outcomes(who)]
    fixes = [one | {"customer": ""} for one in workspace.history(who)]
    timeline = [one for one in workspace.timeline(who) if one["kind"] == "outcome"]
    return outcomes, fixes, timeline


def test_what_came_of_cards_and_the_fixes_stay_with_the_customer(renamed):
    workspace, before, old, new = renamed
    assert all(before)
    assert _told(workspace, new) == _told(workspace, old) == before
    assert {one["customer"] for one in (*workspace.outcomes(), *workspace.history())} == {new}


def test_a_channel_that_was_opted_out_of_stays_closed_for_one_and_for_all(renamed):
    workspace, _, _, new = renamed
    for card in (*workspace.recommend(new, WHY), *workspace.recommend(None, WHY)):
        assert "email" not in card.eligible
        assert {"what": "channel email", "why": "the customer opted out on 2026-01-31"} in card.refused


def test_a_fix_that_no_profile_shows_yet_is_seen_under_the_new_id(renamed):
    workspace, _, _, new = renamed
    (change,) = workspace.fix([{"customer": new, "field": "city", "action": "correct", "value": "Bonn"}])
    assert change.before == "Ulm"
