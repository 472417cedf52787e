"""The gate: three answers, each with its reason; the same for one customer and for all; and receipts that hold."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import insight_core as ic
from insight_core.catalogue import PURPOSES, field, fields, purpose
from insight_core.compliance import Verdict, consent_answer, decide
from insight_core.errors import NotFound, Refused
from insight_core.pipeline.profile import cells_of
from insight_core.quality import SCORES, confidence, state_of
from insight_core.records.clock import iso
from insight_core.records.consent import Consent
from insight_core.records.values import plain
from tests.core.conftest import ANN, BOB, NOW, Desk

DAY = 86_400
T = 1_000_000


def consent(state, since=T, channel="*", expires=None, why="marketing"):
    return Consent(why, channel, state, since, expires)


@pytest.mark.parametrize(
    ("why", "said", "verdict"),
    [
        ("marketing", [], Verdict.UNKNOWN),
        ("marketing", [consent("given")], Verdict.ALLOWED),
        ("marketing", [consent("withdrawn")], Verdict.REFUSED),
        ("marketing", [consent("given", expires=T + DAY)], Verdict.REFUSED),
        ("marketing", [consent("given", since=T + 9 * DAY)], Verdict.REFUSED),
        ("analytics", [consent("given", since=T + 9 * DAY, why="analytics")], Verdict.REFUSED),
        ("analytics", [consent("withdrawn", since=T + 9 * DAY, why="analytics")], Verdict.REFUSED),
        ("marketing", [consent("withdrawn", channel="sms"), consent("given", channel="email")], Verdict.ALLOWED),
        ("marketing", [consent("given", why="research")], Verdict.UNKNOWN),
        ("analytics", [], Verdict.ALLOWED),
        ("analytics", [consent("withdrawn", why="analytics")], Verdict.REFUSED),
        ("customer_care", [consent("withdrawn", why="customer_care")], Verdict.ALLOWED),
    ],
)
def test_what_the_customers_own_word_means(why, said, verdict):
    assert consent_answer(purpose(why), said, T + 2 * DAY).verdict is verdict


def test_a_field_is_refused_for_a_purpose_that_the_catalogue_does_not_name():
    answer = consent_answer(purpose("customer_care"), [], T)
    assert decide(field("industry_growth"), purpose("customer_care"), answer, explicit=False).verdict is Verdict.ALLOWED
    assert decide(field("annual_income"), purpose("service_delivery"), answer, explicit=True).verdict is Verdict.REFUSED


def test_a_special_category_needs_explicit_consent_whatever_the_ground():
    answer = consent_answer(purpose("customer_care"), [], T)
    assert (
        decide(field("accessibility_need"), purpose("customer_care"), answer, explicit=False).verdict is Verdict.UNKNOWN
    )
    assert (
        decide(field("accessibility_need"), purpose("customer_care"), answer, explicit=True).verdict is Verdict.ALLOWED
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Ann allows marketing, Bob refuses it and objects to analytics, Cy was never asked."""
    desk = Desk(tmp_path_factory.mktemp("built"))
    workspace = desk.store()
    workspace.load(**desk.people("three", [ANN, BOB, {"id": 3, "given": "Cy", "family": "Orr"}]))
    said = [(1, "marketing", "*", "given"), (2, "marketing", "email", "withdrawn"), (2, "analytics", "*", "withdrawn")]
    workspace.load(**desk.consents("said", [(*one, "2025-01-01") for one in said]))
    workspace.build()
    workspace.close()
    return workspace.root


@pytest.fixture
def consented(desk, built, database):
    database.copy(built, desk.folder / "store")
    return desk.store()


@pytest.mark.parametrize("why", PURPOSES)
def test_one_by_one_and_all_at_once_the_same_customers_are_let_out(consented, why):
    together = {row["customer"] for row in consented.customers(why)["rows"]}
    alone = {
        profile.customer
        for profile in (consented.profile(key, purpose=why) for key in "123")
        if len(profile.redacted) < len(fields())
    }
    assert alone == together


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1", ["Ann Lee"]),
        ("key=1", ["Ann Lee"]),
        ("key=Ann", []),
        ("key=ann@example.com", []),
        ("key=", []),
        ("name=ann", ["Ann Lee"]),
        ("name=1", []),
        ("email=1", []),
        ("email=ann@example.com", ["Ann Lee"]),
    ],
)
def test_a_search_in_one_field_looks_in_no_other(consented, text, names):
    assert [one["name"] for one in consented.find(text)] == names


def test_what_is_withheld_is_absent_and_named_with_its_reason(consented):
    profile = consented.profile("2", purpose="marketing")
    assert all(facet.fields == {} for facet in profile.facets.values())
    assert {one["reason"] for one in profile.redacted if one["field"] == "email"} == {
        "no consent for marketing since 2025-01-01"
    }
    assert "Bob" not in str(ic.as_json(profile))


def test_a_withheld_profile_tells_the_same_of_everybody(consented):
    for key in "13":
        consented.consent(key, "marketing", "withdrawn")
    profiles = [ic.as_json(consented.profile(key, purpose="marketing")) for key in "13"]
    own = ("customer", "name", "receipt", "records")
    ann, cy = ({name: one for name, one in profile.items() if name not in own} for profile in profiles)
    assert ann == cy
    why = "no consent for marketing since 2026-01-31"
    assert ann["kind"] == "unknown"
    assert ann["next_question"] is None
    assert {facet["summary"] for facet in ann["facets"].values()} == {f"Withheld: {why}."}
    four = {name: {"value": None, "because": [f"withheld: {why}"]} for name in SCORES}
    assert ann["scores"] == four | {"facets": dict.fromkeys(ann["facets"], four)}


def test_scores_do_not_tell_that_a_special_category_is_known(desk):
    workspace = desk.store()
    path = desk.folder / "needs.csv"
    path.write_text("id,family,need\n1,Lee,large print\n2,Ray,\n", "utf-8")
    recipe = """
        name = "needs"
        title = "Needs"
        dataset = "parties"
        source = "crm"
        key = "{id}"
        basis = "explicit_consent"
        observed_at = "2020-01-01"
        [constants]
        kind = "person"
        [columns]
        family_name = "family"
        accessibility_need = "need"
    """
    workspace.load([path], "crm", desk.recipe(recipe, "needs"))
    workspace.build()
    told = {key: workspace.profile(key) for key in "12"}
    assert told["1"].scores == told["2"].scores
    workspace.consent("1", "customer_care", "given")
    assert workspace.profile("1").scores != told["2"].scores


CALLED = """
name = "called"
title = "Called"
dataset = "parties"
source = "crm"
key = "{id}"
observed_at = "2025-12-01"
[columns]
kind = "kind"
given_name = "given"
family_name = "family"
organisation_name = "company"
email = "email"
"""
ANN_LEE, ACME, TRADER, UNKNOWN = "Ann Lee", "Acme Ltd", "Tom Trader", "Una Known"


@pytest.fixture(scope="module")
def called(tmp_path_factory):
    """A person, a company, a trader without a company's name, and somebody of no known kind; all allow everything."""
    desk = Desk(tmp_path_factory.mktemp("called"))
    path = desk.folder / "called.csv"
    rows = ["id,kind,given,family,company,email", "1,person,Ann,Lee,,ann@example.com", "2,organisation,,,Acme Ltd,"]
    rows += ["3,organisation,Tom,Trader,,", "4,,Una,Known,Una Trading,"]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    workspace = desk.store()
    workspace.load([path], "crm", desk.recipe(CALLED, "called"))
    given: list[tuple[object, ...]] = [(n, why, "*", "given", "2025-01-01") for n in range(1, 5) for why in PURPOSES]
    workspace.load(**desk.consents("given", given))
    workspace.build()
    workspace.close()
    return workspace.root


def names_of_everybody(workspace, why, folder):
    """By door, what the customers 1 to 4 are called there; None stands for no name."""
    ids = [workspace.profile(key).customer for key in "1234"]

    def of(told):
        return [None if told[one] == one else told[one] for one in ids]

    table = folder / f"{why}.json"
    workspace.export("profiles", why, table)
    return {
        "profile": of({one: workspace.profile(one, why).name for one in ids}),
        "find": of({one: workspace.find(one, purpose=why)[0]["name"] for one in ids}),
        "customers": of({one["customer"]: one["name"] for one in workspace.customers(why)["rows"]}),
        "names": of(workspace.names(ids, why)),
        "worklist": of({one.customer: one.name for one in workspace.stale(why, 999)}),
        "export": of({one["customer"]: one["name"] for one in json.loads(table.read_text("utf-8"))}),
        "card": of({one: workspace.recommend(one, why)[0].name for one in ids}),
        "cards": of({one.customer: one.name for one in workspace.recommend(None, why)}),
    }


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("customer_care", [ANN_LEE, ACME, TRADER, UNKNOWN]),
        ("marketing", [ANN_LEE, ACME, TRADER, UNKNOWN]),
        ("analytics", [None, ACME, None, None]),
        ("research", [None, None, None, None]),
    ],
)
def test_a_name_is_told_where_the_fields_are_open_that_it_is_made_of(desk, called, database, why, told):
    database.copy(called, desk.folder / "store")
    found = names_of_everybody(desk.store(), why, desk.folder)
    assert found == dict.fromkeys(found, told)


def test_nobody_is_found_by_a_name_that_the_purpose_may_not_see(desk, called, database):
    database.copy(called, desk.folder / "store")
    workspace = desk.store()
    assert workspace.find("Lee", purpose="analytics") == workspace.find("name=Trader", purpose="analytics") == []
    assert workspace.customers("analytics", text="known")["total"] == 0
    assert [one["name"] for one in workspace.find("Acme", purpose="analytics")] == ["Acme Ltd"]


ASKED = ("profile", "evidence", "timeline", "value_history", "recommend")


@pytest.mark.parametrize("why", PURPOSES)
def test_whoever_is_not_found_is_not_opened_by_the_same_words(consented, why):
    for words in ("ann@example.com", "Bob Ray", "bob@example.com", "Cy"):
        found = consented.find(words, purpose=why)
        for door in ASKED:
            if found:
                getattr(consented, door)(words, purpose=why)
            else:
                with pytest.raises(NotFound, match="customer"):
                    getattr(consented, door)(words, purpose=why)
        assert [one["customer"] for one in found] == [consented.find(words)[0]["customer"]] * len(found)


@pytest.mark.parametrize("why", PURPOSES)
def test_an_id_and_a_key_open_whoever_they_stand_for(consented, why):
    for key in "123":
        (found,) = consented.find(key, purpose=why)
        assert consented.profile(key, why).customer == consented.profile(found["customer"], why).customer


def test_after_an_objection_the_evidence_tells_nothing_at_all(consented):
    assert consented.evidence("2", "analytics") == []
    assert consented.value_history("2", "analytics") == {}
    assert [one["key"] for one in consented.evidence("2")] == ["2"]


def test_a_withdrawal_takes_effect_at_once_and_on_every_door(consented, tmp_path):
    assert consented.export("audience", "marketing", tmp_path / "before.csv").rows == 1
    consented.consent("1", "marketing", "withdrawn", evidence="by telephone")
    assert consented.export("audience", "marketing", tmp_path / "after.csv").rows == 0
    assert consented.recommend("1", purpose="marketing")[0].abstained
    assert consented.customers("marketing")["total"] == 0


def test_the_newest_word_counts_even_within_one_second(consented):
    for state in ("withdrawn", "given", "withdrawn", "given"):
        consented.consent("1", "marketing", state)
    assert [one["state"] for one in consented.consents("1")] == ["given"]


def test_a_consent_says_who_brought_it_and_what_was_said(consented):
    assert [(one["source"], one["evidence"]) for one in consented.consents("1")] == [("crm", None)]
    consented.consent("1", "marketing", "withdrawn", evidence="said so at the counter")
    told = [(one["state"], one["source"], one["evidence"]) for one in consented.consents("1")]
    assert told == [("withdrawn", "recorded here", "said so at the counter")]


def test_merged_records_have_the_strictest_consent(desk):
    workspace = desk.store()
    workspace.load(**desk.people("twice", [ANN, {**ANN, "id": 9}]))
    workspace.load(
        **desk.consents(
            "said", [(1, "marketing", "*", "given", "2025-05-01"), (9, "marketing", "*", "withdrawn", "2025-01-01")]
        )
    )
    workspace.build()
    assert [one["state"] for one in workspace.consents("1")] == ["withdrawn"]


def test_an_unknown_purpose_is_refused_with_the_nearest(consented):
    with pytest.raises(NotFound, match="marketing"):
        consented.profile("1", purpose="marketting")


@pytest.mark.databases
def test_every_answer_leaves_a_receipt_without_values_and_a_changed_one_shows(consented):
    consented.profile("1", purpose="customer_care")
    kept = consented._store.database
    with kept.engine.connect() as tables:
        rows = tables.execute(text("SELECT purpose, served, withheld FROM receipt")).all()
    assert rows
    assert "Ann" not in str(rows)
    change = text("UPDATE receipt SET purpose = 'research' WHERE id = 1")
    with pytest.raises(DBAPIError, match="never changed"), kept.writing.begin() as tables:
        tables.execute(change)
    with kept.writing.begin() as tables, kept.unguarded(tables, ["receipt"]):
        tables.execute(change)
    assert consented.verify()["problems"] == ["receipt 1 was changed, or one before it is missing"]


def test_a_profile_as_of_a_past_moment_knows_what_was_recorded_by_then(desk, two_people):
    two_people()
    later = desk.store(now=NOW + timedelta(days=100))
    later.load(**desk.people("moved", [{**ANN, "city": "Bath", "seen": "2026-04-01"}]))
    later.build()
    assert later.profile("1").facets["identity"].fields["city"].value == "Bath"
    then = later.profile("1", as_of=NOW + timedelta(days=1))
    assert then.facets["identity"].fields["city"].value is None
    with pytest.raises(NotFound):
        later.profile("1", as_of=NOW - timedelta(days=1))


def test_the_past_is_judged_by_what_is_allowed_now(desk, two_people):
    def store(days):
        return desk.store(now=NOW + timedelta(days=days))

    two_people().close()
    for why in ("marketing", "customer_care"):
        store(1).consent("1", why, "given")
    store(1).fix([{"customer": "1", "field": "accessibility_need", "action": "correct", "value": "large print"}])
    for why in ("marketing", "customer_care"):
        store(4).consent("1", why, "withdrawn")
    later, then = store(5), NOW + timedelta(days=2)
    past = later.profile("1", "marketing", as_of=then)
    assert past.redacted == later.profile("1", "marketing").redacted
    assert (past.name, past.facets["identity"].fields) == (past.customer, {})
    assert "accessibility_need" not in later.profile("1", as_of=then).facets["demographics"].fields
    assert later.profile("1", as_of=then).facets["identity"].fields["email"].value == "ann@example.com"


def test_the_past_is_shown_to_whom_it_is_allowed_now(desk, two_people):
    two_people().close()
    desk.store(now=NOW + timedelta(days=3)).consent("1", "marketing", "given")
    later = desk.store(now=NOW + timedelta(days=4))
    assert later.profile("1", "marketing", as_of=NOW + timedelta(days=1)).name == "Ann Lee"


@pytest.mark.parametrize("why", PURPOSES)
def test_whoever_is_opened_alone_is_opened_among_others_alike(consented, why):
    gate = consented._gate
    together = gate.open_many([gate.resolve(key) for key in "123"], why)
    for customer, one in together.items():
        alone = gate.open(customer, why)
        for part in ("customer", "facets", "unfiltered", "withheld", "consents", "records"):
            assert getattr(alone, part) == getattr(one, part), part


@pytest.mark.parametrize("why", PURPOSES)
def test_what_a_profile_says_of_a_field_is_what_is_said_of_the_field_alone(consented, why):
    for key in "123":
        opened, profile = consented._gate.open(key, why), consented.profile(key, why)
        cells, shown = (
            cells_of(opened, NOW),
            {name: one for facet in profile.facets.values() for name, one in facet.fields.items()},
        )
        assert not shown.keys() & opened.withheld.keys()
        for name, one in shown.items():
            cell, state = cells[name], state_of(name, cells, NOW)
            sure = confidence(name, cell, state).value if cell.value is not None else None
            assert (one.state, one.reason, one.freshness) == (state.name, state.reason, state.freshness), name
            assert (one.value, one.method, one.source, one.confidence) == (
                plain(field(name), cell.value), cell.method, cell.source, sure
            ), name  # fmt: skip
            assert (one.observed_at, one.verified_at) == (iso(cell.observed_at), iso(cell.verified_at)), name
            assert bool(one.evidence) == (cell.value is not None), name


@pytest.mark.parametrize(
    ("ended", "sees"),
    [("2024-12-31", True), ("2025-01-01", False), ("2025-06-01", False)],
)
def test_a_later_withdrawal_for_every_channel_counts_whichever_record_tells_it(desk, ended, sees):
    workspace = desk.store()
    workspace.load(**desk.people("two", [ANN, ANN | {"id": 7}]))
    said = [(1, "marketing", "email", "given", "2025-01-01"), (7, "marketing", "*", "withdrawn", ended)]
    workspace.load(**desk.consents("said", said))
    workspace.build()
    (found,) = workspace.find("ann@example.com")
    assert bool(workspace.profile(found["customer"], "marketing").facets["identity"].fields) is sees
    assert [one["given"] for one in workspace.allowed() if one["purpose"] == "marketing"] == [int(sees)]
    assert (workspace.recommend(found["customer"], "marketing")[0].abstained is None) is sees


@pytest.mark.parametrize(("why", "keys"), [("customer_care", [["crm:1", "crm:7"]]), ("analytics", [None])])
def test_an_export_leads_back_to_the_sources_for_whom_it_names_people(desk, why, keys):
    workspace = desk.store()
    workspace.load(**desk.people("two", [ANN, ANN | {"id": 7}]))
    workspace.build()
    workspace.export("profiles", why, desk.folder / "all.json")
    assert [one["keys"] for one in json.loads((desk.folder / "all.json").read_text())] == keys


def test_what_came_of_cards_is_told_where_the_purpose_may_know_of_contacts(consented):
    card = consented.recommend("1", "marketing")[0]
    came = consented.root.parent / "came.csv"
    came.write_text(f"card,time,result\n{card.card},2026-01-31,accepted\n")
    assert consented.outcome(came)["accepted"] == 1
    told = {why: len(consented.outcomes(purpose=why)) for why in ("customer_care", "marketing", "research")}
    assert told == {"customer_care": 1, "marketing": 1, "research": 0}
    consented.consent("1", "marketing", "withdrawn")
    assert consented.outcomes("1", purpose="marketing") == consented.outcomes(purpose="marketing") == []
    assert [one["card"] for one in consented.outcomes("1")] == [card.card]


@pytest.mark.parametrize("door", ["consents", "consent_events", "outcomes"])
def test_what_somebody_allows_is_asked_for_a_purpose_and_leaves_a_receipt(consented, door):
    consented.consent("1", "marketing", "given")
    with pytest.raises(NotFound, match="customer"):
        getattr(consented, door)("ann@example.com", purpose="research")
    with pytest.raises(NotFound, match="purpose"):
        getattr(consented, door)("1", purpose="marketting")
    told = getattr(consented, door)("1", purpose="research")
    assert bool(told) is (door != "outcomes")
    with consented._store.database.engine.connect() as tables:
        said = tables.execute(text("SELECT purpose, served FROM receipt")).all()
    assert ("research", "consents") in [tuple(one) for one in said] or door == "outcomes"


@pytest.mark.parametrize("why", PURPOSES)
def test_a_no_is_heeded_or_refused_with_the_ground_and_what_can_be_said_instead(consented, why):
    if purpose(why).ground == "contract":
        with pytest.raises(Refused, match=f"{why} rests on contract.*objection to analytics.*withdrawal of marketing"):
            consented.consent("3", why, "withdrawn")
        assert consented.consents("3") == []
    else:
        consented.consent("3", why, "withdrawn")
        assert {one["field"] for one in consented.profile("3", why).redacted} == {one.name for one in fields()}


def test_on_a_contract_what_was_given_can_be_withdrawn_and_one_channel_closed(consented):
    consented.consent("1", "customer_care", "given")
    consented.consent("1", "customer_care", "withdrawn")
    assert "accessibility_need" in {one["field"] for one in consented.profile("1").redacted}
    consented.consent("3", "customer_care", "withdrawn", channel="call")
    assert "channel call" in {one["what"] for one in consented.recommend("3", "customer_care")[0].refused}
