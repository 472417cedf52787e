"""A draft is a change that waits in the store: whoever opens it, whenever, finds it and what has become of it."""

import pytest
from sqlmodel import select

from insight_core.errors import NotFound, Refused
from insight_core.store.desk_tables import Draft

PHONE = {"customer": "1", "field": "phone", "action": "correct", "value": "020 7946 0001"}
MAIL = {"customer": "1", "field": "email", "action": "correct", "value": "new@example.com"}


def field(workspace, name="email", customer="1"):
    return workspace.profile(customer).facets["identity"].fields[name].value


def test_a_draft_is_there_for_whoever_opens_the_store_next(desk, two_people):
    workspace = two_people()
    before = workspace.verify()["state_hash"]
    workspace.draft([PHONE])
    workspace.close()
    again = desk.store()
    (draft,) = again.drafts()
    assert (draft["field"], draft["value"], draft["expects"]) == ("phone", "020 7946 0001", None)
    assert again.verify()["state_hash"] == before


def test_drafting_moves_no_version_and_applying_does(two_people):
    workspace = two_people()
    version = workspace.version
    workspace.draft([PHONE])
    assert workspace.version == version
    workspace.apply()
    assert workspace.version > version


def test_a_second_draft_of_a_field_takes_the_place_of_the_first(two_people):
    workspace = two_people()
    workspace.draft([PHONE, MAIL])
    workspace.draft([{**PHONE, "value": "020 7946 0002"}])
    assert {one["field"]: one["value"] for one in workspace.drafts()} == {
        "phone": "020 7946 0002",
        "email": "new@example.com",
    }


def test_applied_drafts_are_one_change_set_and_wait_no_longer(two_people):
    workspace = two_people()
    workspace.draft([PHONE, MAIL])
    assert {one.field for one in workspace.apply()} == {"phone", "email"}
    assert workspace.drafts() == []
    assert len({one["change_set"] for one in workspace.history()}) == 1
    assert (field(workspace), field(workspace, "phone")) == ("new@example.com", "020 7946 0001")


def test_a_draft_that_cannot_be_says_why_and_the_good_ones_are_applied(two_people):
    workspace = two_people()
    workspace.draft([PHONE, {**MAIL, "value": "no at sign"}])
    told = {one["field"]: one["refused"] for one in workspace.weigh(workspace.drafts())}
    assert told["phone"] is None
    assert "not shaped like an e-mail address" in told["email"]
    assert [one.field for one in workspace.apply()] == ["phone"]
    assert [one["field"] for one in workspace.drafts()] == ["email"]


def test_a_draft_against_a_value_that_has_changed_since_is_marked_and_says_both(two_people):
    workspace = two_people()
    workspace.draft([MAIL])
    workspace.fix([{**MAIL, "value": "other@example.com"}])
    (told,) = workspace.weigh(workspace.drafts())
    assert told["moved"]
    assert 'you saw "ann@example.com", it is "other@example.com" now' in told["refused"]
    assert workspace.apply() == []
    assert field(workspace) == "other@example.com"


def test_made_again_against_what_is_there_now_it_goes_through(two_people):
    workspace = two_people()
    workspace.draft([MAIL])
    workspace.fix([{**MAIL, "value": "other@example.com"}])
    workspace.draft([MAIL])
    assert [one.after for one in workspace.apply()] == ["new@example.com"]


def test_some_drafts_can_be_applied_and_some_dropped(two_people):
    workspace = two_people()
    workspace.draft([PHONE, MAIL])
    assert [one.field for one in workspace.apply(("1", "phone"))] in ([], ["phone"])
    customer = workspace.find("ann@example.com")[0]["customer"]
    assert workspace.drop_draft((customer, "email")) == 1
    workspace.draft([PHONE])
    assert workspace.drop_draft() >= 1
    assert workspace.drafts() == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({**MAIL, "field": "emial"}, NotFound, id="a field that is not known"),
        pytest.param({**MAIL, "customer": "nobody"}, NotFound, id="a customer that is not known"),
        pytest.param({**MAIL, "action": "guess"}, NotFound, id="an action that is not known"),
        pytest.param({**MAIL, "field": "stage"}, Refused, id="a field that is worked out"),
    ],
)
def test_what_could_never_be_applied_does_not_become_a_draft(two_people, change, error):
    workspace = two_people()
    with pytest.raises(error):
        workspace.draft([change])
    assert workspace.drafts() == []


def test_a_draft_keeps_and_tells_no_value_that_is_withheld(two_people):
    workspace = two_people()
    need = {"customer": workspace.profile("1").customer, "field": "accessibility_need", "action": "correct"}
    workspace.fix([{**need, "value": "wheelchair"}])
    workspace.draft([{**need, "value": "a lift"}])
    with workspace._store.read() as session:
        assert [one.seen for one in session.exec(select(Draft))] == ["null"]
    workspace.consent("1", "customer_care", "given")
    workspace.draft([{**need, "value": "a lift"}])
    assert [one["expects"] for one in workspace.drafts()] == ["wheelchair"]
    workspace.consent("1", "customer_care", "withdrawn")
    assert [one["expects"] for one in workspace.drafts()] == [None]
    assert [one.before for one in workspace.apply()] == [None]
