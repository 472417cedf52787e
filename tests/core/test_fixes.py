"""A fix is a steward's evidence: it outranks the sources for a half-life, and can be undone alone."""

from datetime import timedelta

import pytest

from insight_core.errors import BadInput, Conflict, NotFound, Refused
from tests.core.conftest import ANN, NOW


def email(workspace, customer="1"):
    return workspace.profile(customer).facets["identity"].fields["email"]


def correct(workspace, value, field="email", customer="1"):
    return workspace.fix([{"customer": customer, "field": field, "action": "correct", "value": value}])[0]


def test_a_fix_and_its_undo_give_back_the_very_same_state(two_people):
    workspace = two_people()
    before = workspace.verify()["state_hash"]
    change = correct(workspace, "new@example.com")
    assert (email(workspace).value, email(workspace).method) == ("new@example.com", "corrected")
    workspace.undo(change.change)
    assert email(workspace).value == "ann@example.com"
    assert workspace.verify()["state_hash"] == before


def test_changes_are_undone_one_by_one(two_people):
    workspace = two_people()
    first, second = correct(workspace, "new@example.com"), correct(workspace, "020 7946 0001", field="phone")
    workspace.undo(first.change)
    fields = workspace.profile("1").facets["identity"].fields
    assert (fields["email"].value, fields["phone"].value) == ("ann@example.com", "020 7946 0001")
    assert [one["undone_at"] is None for one in workspace.history()].count(True) == 1
    assert second.change in {one["change"] for one in workspace.history("1")}


def test_a_fix_of_a_few_equals_a_full_build(two_people):
    workspace = two_people()
    correct(workspace, "1 High St", field="street")
    quick = workspace.verify()["state_hash"]
    workspace.build(full=True)
    assert workspace.verify()["state_hash"] == quick


def test_newer_evidence_wins_only_after_the_fix_has_lapsed(desk, two_people):
    workspace = two_people()
    correct(workspace, "fixed@example.com")
    workspace.load(**desk.people("newer", [{**ANN, "email": "newer@example.com", "seen": "2026-03-01"}]))
    workspace.build()
    assert email(workspace).value == "fixed@example.com"
    later = desk.store(now=NOW + timedelta(days=541))
    assert later.build().changed > 0
    assert email(later).value == "newer@example.com"


def test_a_fix_stays_when_the_source_it_was_made_on_is_dropped(desk, two_people):
    workspace = two_people()
    workspace.load(**desk.people("shop", [{**ANN, "id": "w1"}], source="shop"))
    workspace.build()
    correct(workspace, "020 7946 0001", field="phone")
    workspace.drop_source("crm")
    assert workspace.profile("w1").facets["identity"].fields["phone"].value == "020 7946 0001"


def test_a_conflict_is_settled_by_choosing_a_source(desk, two_people):
    workspace = two_people()
    workspace.load(**desk.people("shop", [{**ANN, "id": "w1", "born": "1981-02-03"}], source="shop", rank=20))
    workspace.build()
    born = workspace.profile("1").facets["demographics"].fields["birth_date"]
    assert (born.value, born.state) == ("1980-02-03", "conflicting")
    workspace.fix([{"customer": "1", "field": "birth_date", "action": "choose", "source": "shop"}])
    born = workspace.profile("1").facets["demographics"].fields["birth_date"]
    assert (born.value, born.state, born.source) == ("1981-02-03", "fresh", "steward")


def test_confirming_makes_a_stale_value_fresh(desk):
    workspace = desk.store()
    workspace.load(**desk.people("old", [{**ANN, "seen": "2021-01-01"}]))
    workspace.build()
    assert email(workspace).state == "stale"
    workspace.fix([{"customer": "1", "field": "email", "action": "confirm"}])
    assert (email(workspace).value, email(workspace).state) == ("ann@example.com", "fresh")
    assert email(workspace).verified_at == "2026-01-31T00:00:00Z"


def test_a_preview_tells_the_effect_and_changes_nothing(two_people):
    workspace = two_people()
    before = workspace.verify()["state_hash"]
    (change,) = workspace.fix([{"customer": "1", "field": "phone", "value": "020 7946 0001"}], dry_run=True)
    assert (change.before, change.after) == (None, "020 7946 0001")
    assert change.scores_after["completeness"] > change.scores_before["completeness"]
    assert workspace.verify()["state_hash"] == before
    assert workspace.history() == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({"customer": "1", "field": "emial", "value": "x"}, NotFound, id="a field that is not known"),
        pytest.param(
            {"customer": "nobody", "field": "email", "value": "x@example.com"},
            NotFound,
            id="a customer that is not known",
        ),
        pytest.param({"customer": "1", "field": "stage", "value": "retired"}, Refused, id="a derived field"),
        pytest.param({"customer": "1", "field": "email", "value": "no at sign"}, BadInput, id="an invalid value"),
        pytest.param({"customer": "1", "field": "phone", "action": "confirm"}, Refused, id="nothing to confirm"),
        pytest.param(
            {"customer": "1", "field": "email", "action": "choose", "source": "shop"},
            NotFound,
            id="a source that says nothing",
        ),
        pytest.param({"field": "email", "value": "x@example.com"}, BadInput, id="no customer"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_a_reason(two_people, change, error):
    with pytest.raises(error):
        two_people().fix([change])


def test_two_changes_of_one_field_contradict_each_other(two_people):
    changes = [{"customer": "1", "field": "phone", "value": f"020 7946 000{i}"} for i in (1, 2)]
    with pytest.raises(Refused):
        two_people().fix(changes)


def test_an_undone_change_cannot_be_undone_again(two_people):
    workspace = two_people()
    change = correct(workspace, "new@example.com")
    workspace.undo(change.change)
    with pytest.raises(Conflict):
        workspace.undo(change.change)
