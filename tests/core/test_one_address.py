"""A customer's address is one that somebody told, in every way a profile is made."""

from datetime import timedelta

import pytest

from tests.core.conftest import ANN, BOB, NOW

LONDON = {**ANN, "street": "12 High Street", "city": "London"}
PARIS = {**ANN, "city": "Paris", "seen": "2026-01-15"}


def states(workspace, **how):
    fields = workspace.profile("1", **how).facets["identity"].fields
    return {name: (fields[name].value, fields[name].state, fields[name].reason) for name in ("street", "city")}


def values(workspace, **how):
    return {name: told[0] for name, told in states(workspace, **how).items()}


@pytest.fixture
def moved(desk):
    """Ann and Bob live in London; half a day later Ann lives in Paris, nobody says where."""
    workspace = desk.store()
    workspace.load(
        **desk.people("before", [LONDON, {**BOB, "family": "Lee", "street": "12 HIGH STREET", "city": "london"}])
    )
    workspace.build()
    workspace.close()
    later = desk.store(now=NOW + timedelta(hours=12))
    later.batch = later.load(**desk.people("after", [PARIS])).batch
    later.build()
    return later


def hashed_alike(workspace):
    """The state hash, which a full build leaves as it is."""
    found = workspace.verify()["state_hash"]
    assert workspace.build(full=True).changed == 0
    assert workspace.verify()["state_hash"] == found
    return found


def test_a_street_of_another_town_is_unknown_and_the_profile_says_why(moved):
    assert states(moved)["street"] == (None, "unknown", "told only of another address")
    assert values(moved) == {"street": None, "city": "Paris"}
    hashed_alike(moved)


def test_who_moved_away_lives_with_nobody_there_any_more(moved):
    assert moved.profile("1").facets["household"].fields["household_id"].value is None
    assert moved.profile("2").facets["household"].fields["household_size"].value == 1


def test_a_past_moment_has_the_address_of_then(moved):
    assert values(moved, as_of=NOW) == {"street": "12 High Street", "city": "London"}
    assert states(moved, as_of=moved.now) == states(moved)


def test_taking_the_newer_record_back_gives_the_very_same_state(desk, moved):
    moved.unload(moved.batch)
    moved.build()
    assert values(moved) == {"street": "12 High Street", "city": "London"}
    hashed_alike(moved)


def test_the_history_tells_until_when_the_street_was_known(moved):
    told = moved.value_history("1")["street"]
    assert [(one["value"], one["how"]) for one in told.steps] == [
        (None, "told only of another address"), ("12 High Street", "crm said so"),
    ]  # fmt: skip
    assert [(one["value"], one["won"], one["why"]) for one in told.spoke] == [
        ("12 High Street", False, "speaks of another address")
    ]


def fix(workspace, field, action="correct", value=None):
    return workspace.fix([{"customer": "1", "field": field, "action": action, "value": value}])[0]


def test_a_steward_who_corrects_the_town_is_asked_about_the_street(desk):
    workspace = desk.store()
    workspace.load(**desk.people("before", [LONDON]))
    workspace.build()
    before = hashed_alike(workspace)
    foreseen = workspace.fix([{"customer": "1", "field": "city", "value": "Bath"}], dry_run=True)[0].scores_after
    town = fix(workspace, "city", value="Bath")
    assert (foreseen["accuracy"] < 1, workspace.profile("1").scores["accuracy"].value < 1) == (True, True)
    assert states(workspace)["street"] == ("12 High Street", "conflicting", "sources disagree")
    assert ("street", "conflicting") in [(one.field, one.state) for one in workspace.stale()]
    hashed_alike(workspace)
    street = fix(workspace, "street", action="confirm")
    assert states(workspace)["street"][1] == "fresh"
    hashed_alike(workspace)
    workspace.undo(street.change)
    workspace.undo(town.change)
    assert workspace.verify()["state_hash"] == before
