"""A birthday alone changes a life stage: the next build sees it, whatever else was looked at in between."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.core.conftest import ANN, BOB, Desk

BEFORE, AFTER = datetime(2025, 4, 1, tzinfo=UTC), datetime(2025, 5, 7, tzinfo=UTC)
# Bob is 35 on 6 May 2025.
SINGLE = BOB | {"marital": "single", "seen": "2025-01-01"}


@pytest.fixture
def young(desk: Desk):
    """A store in which Bob is young, and single."""
    workspace = desk.store(now=BEFORE)
    workspace.load(**desk.people("two", [ANN | {"seen": "2025-01-01"}, SINGLE]))
    workspace.build()
    assert _stage(workspace) == "young_single"
    return desk.store(now=AFTER)


def _stage(workspace):
    (bob,) = workspace.find("bob@example.com")
    return workspace.profile(bob["customer"], "customer_care").facets["life_stage"].fields["stage"].value


def _like_a_full_build(workspace):
    state = workspace.verify()["state_hash"]
    workspace.build(full=True)
    return workspace.verify()["state_hash"] == state


def test_a_build_looks_at_whoever_has_reached_an_age_at_which_a_stage_turns(young):
    assert young.build().changed == 1
    assert _stage(young) is None
    assert young.build().changed == 0
    assert _like_a_full_build(young)


@pytest.mark.parametrize("name", ["phone", "marital_status"])
def test_a_fix_after_the_birthday_sees_it_too(young, name):
    (bob,) = young.find("bob@example.com")
    value = {"phone": "+49 30 1234567", "marital_status": "divorced"}[name]
    young.fix([{"customer": bob["customer"], "field": name, "action": "correct", "value": value}])
    assert _stage(young) is None
    young.build()
    assert _like_a_full_build(young)


def test_a_contact_after_the_birthday_sees_it_too(desk, young):
    young.load(**desk.calls("call", [(2, "", 1, "2025-05-06", "email", "inbound")]))
    young.build()
    assert _stage(young) is None
    assert young.build().changed == 0
    assert _like_a_full_build(young)


def test_a_fix_that_lapses_on_the_way_is_seen_beside_a_birthday(desk, young):
    (bob,) = young.find("bob@example.com")
    young.fix([{"customer": bob["customer"], "field": "phone", "action": "correct", "value": "+49 30 1234567"}])
    later = desk.store(now=AFTER + timedelta(days=800))
    later.load(**desk.calls("call", [(2, "", 1, "2026-05-06", "email", "inbound")]))
    later.build()
    assert later.build().changed == 0
    assert _like_a_full_build(later)
