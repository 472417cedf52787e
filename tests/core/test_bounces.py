"""A message that came back: known to the profile, the scores, the worklist and the cards until somebody confirms."""

from datetime import UTC, datetime
from typing import Any

import pytest

import insight_core as ic
from insight_core.catalogue import field
from insight_core.quality.bounced import BOUNCES
from tests.core.conftest import ANN, BOB, Desk

CONTACTS = """
name = "contacts"
title = "Contacts"
dataset = "interactions"
source = "crm"
key = "{who}"
[columns]
occurred_at = "at"
channel = "channel"
direction = "direction"
outcome = "outcome"
"""
REASON = "a message to it came back on 2026-01-03"
REACHABLE = ANN | {"phone": "+1 555 010 0199", "street": "1 Mill Lane", "city": "Ashford"}


def contacts(desk: Desk, name: str, *rows: tuple[object, ...]) -> dict[str, Any]:
    """The arguments of a load: contacts of ours, as who, at, channel and outcome."""
    path = desk.folder / f"{name}.csv"
    lines = [f"{who},{at},{channel},outbound,{outcome}" for who, at, channel, outcome in rows]
    path.write_text("\n".join(["who,at,channel,direction,outcome", *lines]) + "\n", encoding="utf-8")
    return {"files": [path], "source": "crm", "recipe": desk.recipe(CONTACTS, name)}


def bounced(desk: Desk, *rows: tuple[object, ...], store: str = "store") -> ic.Workspace:
    """A store with Ann, seen on 1 December 2025, who said yes to marketing, and with these contacts of ours."""
    workspace = desk.store(store)
    workspace.load(**desk.people("people", [REACHABLE, BOB]))
    workspace.load(**desk.consents("said", [(1, "marketing", "*", "given", "2025-01-01")]))
    workspace.load(**contacts(desk, "contacts", *rows))
    workspace.build()
    return workspace


def told(workspace: ic.Workspace, name: str) -> tuple[str, str]:
    one = workspace.profile("1").facets["identity"].fields[name]
    return one.state, one.reason


@pytest.mark.parametrize(
    ("channel", "name", "way"),
    [("email", "email", "e-mail"), ("sms", "phone", "telephone"), ("call", "phone", "telephone"),
     ("post", "street", "post")],
)  # fmt: skip
def test_a_bounce_tells_on_its_contact_point_everywhere(desk, channel, name, way):
    workspace = bounced(desk, (1, "2026-01-03T09:00", channel, "bounced"), (1, "2025-11-03", "email", "opened"))
    assert told(workspace, name) == ("conflicting", REASON)
    profile = workspace.profile("1")
    assert f"{name}: {REASON}" in profile.scores["accuracy"].because
    assert way not in profile.facets["identity"].summary
    listed = {one.field: one.reason for one in workspace.stale(states=["conflicting"])}
    assert listed == {name: REASON}
    found = workspace.customers("customer_care", field=name, state="conflicting")["rows"]
    assert [one["customer"] for one in found] == [profile.customer]


@pytest.mark.parametrize(
    ("at", "outcome"),
    [("2025-11-30", "bounced"), ("2026-01-03", "opened"), ("2026-01-03", "ignored"), ("2026-01-03", "")],
)
def test_what_was_seen_since_or_did_not_bounce_stays_accurate(desk, at, outcome):
    workspace = bounced(desk, (1, at, "email", outcome))
    assert told(workspace, "email")[0] == "fresh"
    assert workspace.profile("1").scores["accuracy"].value == 1.0
    assert workspace.stale(states=["conflicting"]) == []


def test_a_steward_who_confirms_after_the_bounce_is_believed_until_the_next_one(desk):
    workspace = bounced(desk, (1, "2026-01-03T09:00", "email", "bounced"))
    before = workspace.overview("customer_care")["scores"]["overall"]["accuracy"]
    change = workspace.fix([{"customer": "1", "field": "email", "action": "confirm"}])[0]
    assert change.scores_before["accuracy"] < change.scores_after["accuracy"] == 1.0
    assert told(workspace, "email")[0] == "fresh"
    assert workspace.stale(states=["conflicting"]) == []
    assert before < workspace.overview("customer_care")["scores"]["overall"]["accuracy"] == 1.0
    assert change.change
    workspace.undo(change.change)
    assert told(workspace, "email") == ("conflicting", REASON)
    workspace.redo(change.change)
    later = desk.store(now=datetime(2026, 3, 1, tzinfo=UTC))
    later.load(**contacts(desk, "again", (1, "2026-02-03", "email", "bounced")))
    later.build()
    assert told(later, "email") == ("conflicting", "a message to it came back on 2026-02-03")


def test_a_source_that_tells_the_address_anew_is_believed(desk):
    workspace = bounced(desk, (1, "2026-01-03T09:00", "email", "bounced"))
    workspace.load(**desk.people("newer", [REACHABLE | {"seen": "2026-01-20"}]))
    workspace.build()
    assert told(workspace, "email")[0] == "fresh"


def test_no_card_goes_by_a_channel_that_bounced(desk):
    rows = [(1, f"2025-10-{day:02}", "email", "opened") for day in range(1, 20)]
    assert bounced(desk, *rows, store="well").recommend("1", purpose="marketing")[0].channel == "email"
    card = bounced(desk, *rows, (1, "2026-01-03", "email", "bounced")).recommend("1", purpose="marketing")[0]
    assert card.channel != "email"
    assert "the last message bounced on 2026-01-03" in str(card)


def test_a_build_of_some_and_one_of_all_know_the_same_bounces(desk):
    workspace = bounced(desk, (1, "2025-12-20", "email", "bounced"))
    workspace.load(
        **contacts(desk, "more", (1, "2026-01-03", "email", "bounced"), (2, "2026-01-05", "call", "bounced"))
    )
    workspace.build()
    some = workspace.verify()["state_hash"]
    assert told(workspace, "email") == ("conflicting", REASON)
    workspace.build(full=True)
    assert workspace.verify()["state_hash"] == some


def test_taking_the_contacts_back_takes_what_they_said_back(desk):
    workspace = bounced(desk, (1, "2026-01-03", "email", "bounced"))
    workspace.unload(3)
    workspace.build()
    assert told(workspace, "email")[0] == "fresh"


@pytest.mark.parametrize(("name", "bounce"), BOUNCES.items())
def test_whoever_may_see_a_contact_point_may_know_that_it_bounced(name, bounce):
    assert set(field(bounce).weights) == set(field(name).weights)
    assert set(field(bounce).weights.values()) == {0}
