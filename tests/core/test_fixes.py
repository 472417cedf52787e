"""A fix is a steward's evidence: it outranks the sources for a half-life, and can be undone alone."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import insight_core as ic
from insight_core.errors import BadInput, Conflict, NotFound, Refused
from insight_core.pipeline import fixes
from tests.cli.run import insight
from tests.core.conftest import ANN, BOB, NOW
from tests.processes import SERVER


def email(workspace, customer="1"):
    return workspace.profile(customer).facets["identity"].fields["email"]


def correct(workspace, value, field="email", customer="1"):
    return workspace.fix([{"customer": customer, "field": field, "action": "correct", "value": value}])[0]


@pytest.mark.databases
def test_a_fix_and_its_undo_give_back_the_very_same_state(two_people):
    workspace = two_people()
    before = workspace.verify()["state_hash"]
    change = correct(workspace, "new@example.com")
    assert (email(workspace).value, email(workspace).method) == ("new@example.com", "corrected")
    workspace.undo(change.change)
    assert email(workspace).value == "ann@example.com"
    assert workspace.verify()["state_hash"] == before


@pytest.mark.databases
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


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "new@example.com"),
        ("marital_status", "married"),
        ("street", "1 High St"),
        ("birth_date", "1950-01-01"),
    ],
)
def test_what_a_fix_does_not_reach_stays_as_a_full_build_would_make_it(desk, field, value):
    home = {"street": "9 Low Rd", "city": "York", "postal_code": "YO1 1AA", "marital": "single"}
    workspace = desk.store()
    workspace.load(**desk.people("together", [ANN | home, BOB | home | {"family": "Lee"}]))
    workspace.build()
    change = correct(workspace, value, field=field)
    assert workspace.build(full=True).changed == 0
    workspace.fix([{"customer": "1", "field": field, "action": "confirm"}])
    workspace.undo(change.change)
    assert workspace.build(full=True).changed == 0


def test_newer_evidence_wins_only_after_the_fix_has_lapsed(desk, two_people):
    workspace = two_people()
    correct(workspace, "fixed@example.com")
    then = desk.store(now=NOW + timedelta(days=60))
    then.load(**desk.people("newer", [{**ANN, "email": "newer@example.com", "seen": "2026-03-01"}]))
    then.build()
    assert email(then).value == "fixed@example.com"
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


def test_a_value_that_breaks_a_rule_is_corrected_not_confirmed(desk):
    workspace = desk.store()
    workspace.load(**desk.people("odd", [{**ANN, "born": "2031-02-03"}]))
    workspace.build()
    assert workspace.profile("1").facets["demographics"].fields["birth_date"].state == "invalid"
    with pytest.raises(Refused, match=r"birth_date of customer \w+ lies in the future: correct it instead\."):
        workspace.fix([{"customer": "1", "field": "birth_date", "action": "confirm"}])
    assert workspace.history() == []
    assert correct(workspace, "1981-02-03", field="birth_date").after == "1981-02-03"


def test_a_preview_tells_the_effect_and_changes_nothing(two_people):
    workspace = two_people()
    before = workspace.verify()["state_hash"]
    (change,) = workspace.fix([{"customer": "1", "field": "phone", "value": "020 7946 0001"}], dry_run=True)
    assert (change.before, change.after) == (None, "020 7946 0001")
    assert change.scores_after["completeness"] > change.scores_before["completeness"]
    assert workspace.verify()["state_hash"] == before
    assert workspace.history() == []


NEED = {"customer": "1", "field": "accessibility_need", "action": "correct", "value": "a lift"}


@pytest.fixture
def needy(two_people):
    """Ann, of whom a steward has noted a need, without explicit consent."""
    workspace = two_people()
    workspace.fix([{**NEED, "value": "wheelchair"}])
    return workspace


@pytest.mark.parametrize("seen", [{}, {"expects": None}, {"expects": "wheelchair"}, {"expects": "a guess"}])
def test_a_preview_does_not_tell_what_is_withheld(needy, seen):
    change = {**NEED, **seen}
    (told,), (weighed,) = needy.fix([change], dry_run=True), needy.weigh([change])
    assert (told.before, weighed["before"], weighed["refused"]) == (None, None, None)
    assert told.scores_before == told.scores_after == weighed["scores_before"]
    (effect,) = needy.effect([change])
    assert effect.scores_before == effect.scores_after
    needy.consent("1", "customer_care", "given")
    assert needy.weigh([NEED])[0]["before"] == "wheelchair"


def test_a_preview_counts_what_the_profile_counts(needy):
    for state in ("given", "withdrawn"):
        needy.consent("1", "customer_care", state)
        scores = {name: needy.profile("1").scores[name].value for name in ("completeness", "freshness")}
        (told,), (effect,) = needy.fix([NEED], dry_run=True), needy.effect([NEED])
        assert told.scores_before.items() >= scores.items() <= effect.scores_before.items()


def test_what_is_withheld_is_corrected_and_undone_unseen_but_not_confirmed(needy):
    with pytest.raises(Refused, match="is withheld") as refused:
        needy.fix([{**NEED, "action": "confirm"}])
    assert "wheelchair" not in str(refused.value)
    with pytest.raises(Refused, match="is withheld"):
        needy.fix([{**NEED, "action": "confirm", "customer": "2"}])
    (change,) = needy.fix([{**NEED, "expects": None}])
    for turn in (needy.undo, needy.redo):
        (told,) = turn(change.change)
        assert (told.before, told.after) == (None, None)
    needy.consent("1", "customer_care", "given")
    assert needy.profile("1").facets["demographics"].fields["accessibility_need"].value == "a lift"


@pytest.mark.parametrize("why", ["customer_care", "marketing", "research"])
def test_the_history_does_not_tell_that_a_special_category_was_changed(needy, why):
    correct(needy, "new@example.com")
    assert [one["field"] for one in needy.history(purpose=why)] == ["email"]
    assert [one["field"] for one in needy.script()] == ["email"]
    needy.consent("1", "customer_care", "given")
    told = [one["after"] for one in needy.history("1", purpose="customer_care", name="accessibility_need")]
    assert told == ["wheelchair"]


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


def test_an_undone_change_is_made_again_as_the_very_change_it_was(two_people):
    workspace = two_people()
    change = correct(workspace, "new@example.com").change
    fixed = workspace.verify()["state_hash"]
    workspace.undo(change)
    (again,) = workspace.redo(change)
    assert (again.change, again.after) == (change, "new@example.com")
    assert workspace.verify()["state_hash"] == fixed
    with pytest.raises(Conflict):
        workspace.redo(change)


def test_a_past_moment_stays_as_it_was_whatever_is_undone_and_redone_later(desk, two_people):
    two_people().close()
    steps = [("fix", None), ("undo", "new@example.com"), ("redo", "ann@example.com"), ("undo", "new@example.com")]
    change = ""
    for day, (step, _) in enumerate(steps):
        workspace = desk.store(now=NOW + timedelta(days=day))
        change = correct(workspace, "new@example.com").change if step == "fix" else change
        if step != "fix":
            getattr(workspace, step)(change)
    last = desk.store(now=NOW + timedelta(days=9))
    said = [last.profile("1", as_of=NOW + timedelta(days=day, hours=1)) for day in range(len(steps))]
    mails = [one.facets["identity"].fields["email"].value for one in said]
    assert mails == ["new@example.com", "ann@example.com", "new@example.com", "ann@example.com"]
    assert [one["what"] for one in last.history("1")[0]["events"]] == ["made", "undone", "redone", "undone"]


def test_a_whole_set_is_undone_and_redone_at_once(two_people):
    workspace = two_people()
    before = workspace.verify()["state_hash"]
    changes = [{"customer": one, "field": "phone", "value": f"020 7946 000{one}"} for one in "12"]
    workspace.fix(changes)
    fixed, together = workspace.verify()["state_hash"], workspace.history()[0]["change_set"]
    assert {one.after for one in workspace.undo(together)} == {None}
    assert workspace.verify()["state_hash"] == before
    assert {one.after for one in workspace.redo(together)} == {"020 7946 0001", "020 7946 0002"}
    assert workspace.verify()["state_hash"] == fixed


def test_of_two_fixes_in_one_second_the_later_made_wins(two_people):
    workspace = two_people()
    for n in range(6):
        correct(workspace, f"n{n}@example.com")
        assert email(workspace).value == f"n{n}@example.com"
    workspace.undo(workspace.history()[0]["change"])
    assert email(workspace).value == "n4@example.com"


def test_undoing_an_earlier_change_leaves_the_later_one(two_people):
    workspace = two_people()
    first = correct(workspace, "first@example.com")
    correct(workspace, "second@example.com")
    (undone,) = workspace.undo(first.change)
    assert (undone.before, undone.after) == ("first@example.com", "second@example.com")


def test_a_change_against_a_value_that_somebody_else_changed_is_refused_with_both(two_people):
    workspace = two_people()
    correct(workspace, "theirs@example.com")
    mine = {"customer": "1", "field": "email", "value": "mine@example.com", "expects": "ann@example.com"}
    with pytest.raises(Conflict, match=r'you saw "ann@example.com", it is "theirs@example.com" now'):
        workspace.fix([mine])
    assert workspace.fix([{**mine, "expects": "theirs@example.com"}])[0].after == "mine@example.com"


@pytest.mark.parametrize(
    ("field", "expects", "error"),
    [
        pytest.param("annual_income", [1], BadInput, id="a list"),
        pytest.param("annual_income", {"value": 1}, BadInput, id="an object"),
        pytest.param("annual_income", 10**400, Conflict, id="a number that is too large"),
        pytest.param("email", ["ann@example.com"], BadInput, id="a list of texts"),
        pytest.param("services", ["phone"], Conflict, id="a list of a field that holds one"),
    ],
)
def test_what_is_expected_is_one_value_of_the_field(two_people, field, expects, error):
    workspace = two_people()
    correct(workspace, "42000", field="annual_income")
    with pytest.raises(error, match=field):
        workspace.fix([{"customer": "1", "field": field, "value": "1", "expects": expects}])


def test_a_change_that_arrives_between_looking_and_writing_is_not_lost(two_people):
    workspace = two_people()
    mine = {"customer": "1", "field": "email", "action": "confirm"}
    weighed = fixes.weigh(workspace._store, workspace._gate, workspace._con().con, [mine], NOW)
    correct(workspace, "theirs@example.com")
    with pytest.raises(Conflict, match="changed meanwhile"):
        fixes.record(workspace._store, weighed, int(NOW.timestamp()))
    assert email(workspace).value == "theirs@example.com"


@pytest.mark.databases
def test_the_script_of_all_changes_replays_to_the_same_values(desk, built_pair, two_people, database):
    workspace = two_people()
    correct(workspace, "old@example.com")
    correct(workspace, "new@example.com")
    correct(workspace, "42000", field="annual_income")
    workspace.fix([{"customer": "2", "field": "email", "action": "confirm"}])
    database.copy(built_pair, desk.folder / "other")
    other = desk.store("other")
    other.fix(json.loads(json.dumps(workspace.script())))
    assert len(other.history()) == 3
    assert email(other).value == "new@example.com"
    assert other.profile("1").facets["demographics"].fields["annual_income"].value == 42_000


@pytest.fixture
def one_withheld(desk, two_people):
    """A store with two fixes that stand, one of them of a value that care may not see any more."""
    workspace = two_people()
    workspace.consent("1", "customer_care", "given")
    correct(workspace, "hearing aid", field="accessibility_need")
    correct(workspace, "new@example.com", customer="2")
    workspace.consent("1", "customer_care", "withdrawn")
    return desk.store(now=NOW + timedelta(days=1))


def test_the_script_leaves_out_what_is_withheld_says_so_and_replays(one_withheld):
    told = one_withheld.standing_fixes()
    assert [one["field"] for one in told["changes"]] == ["email"]
    assert told["withheld"] == 1
    assert [one.after for one in one_withheld.fix(one_withheld.script())] == ["new@example.com"]


def test_the_command_says_how_many_changes_it_leaves_out(one_withheld, tmp_path):
    words = ("fixes", "export", "--to", tmp_path / "fixes.json", "--store", one_withheld.root)
    assert "1 changes written" in insight(*words).out
    assert "1 left out: their values are withheld from customer_care" in insight(*words).out
    assert insight(*words, "--json").json["withheld"] == 1
    assert insight("fix", tmp_path / "fixes.json", "--store", one_withheld.root, "--now", "2026-02-02").status == 0


@pytest.mark.databases
def test_what_happened_to_a_fix_is_never_changed(two_people):
    workspace = two_people()
    correct(workspace, "new@example.com")
    for act in ("UPDATE fix_event SET what = 'undone'", "DELETE FROM fix_event"):
        with pytest.raises(DBAPIError, match="never changed"), workspace._store.engine.begin() as tables:
            tables.execute(text(act))


def _editor(root, number, times, told):
    """Count one field up, looking again whenever somebody else was faster."""
    conflicts, words = 0, []
    for _ in range(times):
        while True:
            workspace = ic.open_store(root, now=NOW)
            seen = workspace.profile("1").facets["demographics"].fields["annual_income"].value
            change = {"customer": "1", "field": "annual_income", "value": (seen or 0) + 1, "expects": seen}
            try:
                workspace.fix([change])
                break
            except Conflict as refused:
                conflicts += 1
                words.append(str(refused))
            finally:
                workspace.close()
    told.put((number, conflicts, words))


@pytest.mark.databases
@pytest.mark.slow
def test_eight_editors_of_one_field_lose_no_change(two_people):
    workspace = two_people()
    correct(workspace, "0", field="annual_income")
    queue = SERVER.Queue()
    editors = [SERVER.Process(target=_editor, args=(workspace.root, n, 1, queue)) for n in range(8)]
    for one in editors:
        one.start()
    told = [queue.get(timeout=500) for _ in editors]
    for one in editors:
        one.join()
    income = workspace.profile("1").facets["demographics"].fields["annual_income"].value
    assert [one.exitcode for one in editors] == [0] * 8
    assert income == 8
    assert all("you saw" in words for _, _, said in told for words in said)
    assert workspace.verify()["problems"] == []


@pytest.mark.parametrize("full", [True, False])
def test_a_fix_that_falls_into_a_build_is_shown_at_once_and_stays(two_people, desk, full):
    workspace, said = two_people(), {"customer": "1", "field": "email", "value": "new@example.com"}
    workspace.load(**desk.people("moved", [{**ANN, "city": "Bath", "seen": "2026-01-02"}]))
    meanwhile: list[object] = []

    def beside(step: str, _done: int, _total: int | None) -> None:
        if step == "snapshot" and not meanwhile:
            meanwhile.append(None)
            desk.store().fix([said])
            desk.store().consent("2", "marketing", "withdrawn")
            meanwhile.append(desk.store().profile("1").facets["identity"].fields["email"].value)

    workspace.build(full=full, progress=beside)
    assert meanwhile[1] == "new@example.com"
    identity = workspace.profile("1").facets["identity"].fields
    assert (identity["email"].value, identity["city"].value) == ("new@example.com", "Bath")
    assert [one["state"] for one in workspace.consents("2")] == ["withdrawn"]
    before = workspace.verify(explain=True)
    workspace.build(full=True)
    assert (before["problems"], before["parts"]) == ([], workspace.verify(explain=True)["parts"])
