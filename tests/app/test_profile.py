"""The profile as a dossier: sentences first, then pictures and fields, then who spoke."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import insight_core as ic
from app import cached
from app.components import fields, others
from insight_core.records.results import FieldState
from tests.app.conftest import write_csv

Show = Callable[..., AppTest]

OPEN = dict.fromkeys(
    ("usage_pattern", "demographics", "life_stage", "household", "community_of_interest", "identity", "timeline",
     "quality", "records"), "true",
)  # fmt: skip


def told(app: AppTest) -> str:
    assert not app.exception
    assert [one.value for one in app.error] == []
    return "\n".join(str(one.proto) for one in app.main)


def customer(base: ic.Workspace, number: int) -> str:
    return base.find(f"person{number}@example.com")[0]["customer"]


def test_everything_that_opens_can_be_opened_by_the_address(base: ic.Workspace, show: Show) -> None:
    app = show("profile", customer=customer(base, 6), **OPEN)
    said = told(app)
    assert [one.label for one in app.expander if not one.proto.expanded] == []
    for words in ("contacts by weekday and hour", "Lanes over time", "Age of", "Joined by", "customer to us"):
        assert words in said


def test_the_records_tell_under_which_keys_the_sources_know_the_customer(base: ic.Workspace, show: Show) -> None:
    who = customer(base, 6)
    app = show("profile", customer=who, records="true")
    said = told(app)
    assert base.evidence(who)
    for one in base.evidence(who):
        assert one["key"] in said
        assert one["record_id"] in said


def test_at_first_only_one_facet_is_open(base: ic.Workspace, show: Show) -> None:
    app = show("profile", customer=customer(base, 6))
    told(app)
    assert [bool(one.proto.expanded) for one in app.expander].count(True) == 1


def test_the_first_facet_of_which_something_is_known_is_the_open_one(
    base: ic.Workspace, show: Show, made: Path, tmp_path: Path
) -> None:
    head = ("id", "first", "last", "mail", "phone", "street", "city", "zip", "country", "born", "income", "updated")
    row = ("silent", "Sila", "Silent", "silent@example.com", "", "", "", "", "", "1970-01-02", "", "2026-05-01")
    base.load([write_csv(tmp_path / "one.csv", head, [row])], "crm", str(made / "crm.toml"))
    base.build()
    app = show("profile", customer=base.find("silent@example.com")[0]["customer"])
    told(app)
    assert [bool(one.proto.expanded) for one in app.expander][:3] == [False, True, False]


def test_a_field_tells_who_spoke_why_one_won_and_what_it_was(base: ic.Workspace, show: Show) -> None:
    said = told(show("profile", customer=customer(base, 6), identity="true"))
    assert "observed 1 May 2026, the next 3 Feb 2020" in said
    assert "observed 3 Feb 2020, the chosen one 1 May 2026" in said
    assert "What it was, by the clocks of its evidence" in said
    assert "crm said so" in said


def test_every_known_field_that_a_source_asserts_has_a_button_to_fix_it(base: ic.Workspace, show: Show) -> None:
    said = told(show("profile", customer=customer(base, 6), identity="true", life_stage="true"))
    assert 'data-act="fix email"' in said.replace('\\"', '"')
    assert 'data-act="fix stage"' not in said.replace('\\"', '"'), "what is computed is not fixed by hand"


@pytest.mark.parametrize("field", ["email", "language"])
def test_the_address_opens_the_field(base: ic.Workspace, show: Show, field: str) -> None:
    app = show("profile", customer=customer(base, 6), fix=field)
    assert not app.exception
    assert any("profile_" + field in str(one.key) for one in (*app.button, *app.text_input))


def test_a_withheld_profile_says_once_what_for_and_why_and_of_each_facet_what(base: ic.Workspace, show: Show) -> None:
    said = told(show("profile", customer=customer(base, 3), purpose="marketing", withheld="true"))
    assert said.count("Withheld from marketing") == 1
    assert "No consent for marketing since 5 Jan 2026." in said
    for title in ("Usage pattern", "Demographics", "Life stage", "Household", "Identity and contact points"):
        assert f"<span><bdi>{title}</bdi>" in said
    assert "person3@example.com" not in said


def test_a_withheld_profile_shows_no_score_and_no_change(base: ic.Workspace, show: Show) -> None:
    who = customer(base, 3)
    base.fix([{"customer": who, "field": "city", "value": "Quietham"}])
    said = told(show("profile", customer=who, purpose="marketing", records="true"))
    assert said.count('<span class=\\"value\\">withheld</span>') == 4
    assert "Withheld: no consent for marketing since 5 Jan 2026" in said
    assert "Kind withheld" in said
    assert "Nothing but consent may be asked" in said
    assert "Quietham" not in said
    assert "Quietham" in told(show("profile", customer=who, records="true"))


@pytest.mark.parametrize("purpose", ["analytics", "third_party_sharing"])
def test_a_purpose_that_contacts_nobody_gets_no_card_of_another(base: ic.Workspace, show: Show, purpose: str) -> None:
    base.consent(customer(base, 6), "third_party_sharing", "given")
    app = show("profile", customer=customer(base, 6), purpose=purpose)
    assert "it contacts nobody" in (said := told(app))
    assert "for marketing" not in said
    assert "Use this card" not in said
    links = [one.proto.query_string for one in app.get("page_link")]
    assert any("purpose=customer_care" in one for one in links)


def test_a_purpose_that_may_not_contact_says_why(base: ic.Workspace, show: Show) -> None:
    said = told(show("profile", customer=customer(base, 6), purpose="research"))
    assert "Do not contact for research: the customer was never asked about research; ask first" in said


def test_before_the_first_record_the_past_teaches_and_leads_back(base: ic.Workspace, show: Show) -> None:
    app = show("profile", customer=customer(base, 6), as_of="2020-01-01")
    assert "Nothing was recorded by 1 Jan 2020: the first record came on 1 Jul 2026." in told(app)
    app.button(key="as_of_back").click().run()
    assert "Usage pattern" in told(app)


def test_the_past_is_shown_with_a_banner_and_cannot_be_changed(base: ic.Workspace, show: Show) -> None:
    app = show("profile", customer=customer(base, 6), as_of="2026-07-01", identity="true")
    said = told(app)
    assert "The past cannot be changed." in said
    assert "iw-act" not in said


def test_a_consent_is_one_click_and_says_how_to_take_it_back(base: ic.Workspace, show: Show) -> None:
    app = show("profile", customer=customer(base, 3))
    assert 'data-act="consent marketing * given"' in told(app).replace('\\"', '"')
    app.session_state["consent_back"] = ("marketing", "*", "given", "withdrawn")
    assert "Undo: record it as withdrawn" in told(app.run())
    app.session_state["consent_back"] = ("marketing", "*", "given", "")
    assert "Record it as withdrawn instead" in told(app.run())


def test_a_draft_that_waits_leaves_its_trace_without_what_it_says(base: ic.Workspace, show: Show) -> None:
    who = customer(base, 6)
    assert "waits as a draft" not in told(show("profile", customer=who))
    base.draft([{"customer": who, "field": "city", "action": "correct", "value": "Nowhere"}])
    said = told(show("profile", customer=who))
    assert "A change waits as a draft: <bdi>City</bdi>" in said
    assert "Nowhere" not in said


def test_a_withheld_timeline_says_so_and_why(base: ic.Workspace, show: Show) -> None:
    said = told(show("profile", customer=customer(base, 3), purpose="marketing"))
    assert "Contacts and orders are withheld from marketing: no consent for marketing since 5 Jan 2026." in said


def test_a_loaded_consent_says_who_brought_it(base: ic.Workspace, show: Show) -> None:
    assert "Said where" in (said := told(show("profile", customer=customer(base, 3))))
    assert "<bdi>consents</bdi>" in said


def test_a_link_that_changes_the_purpose_says_so_and_leads_back(base: ic.Workspace, show: Show) -> None:
    app = show("profile", customer=customer(base, 6))
    app.query_params["purpose"] = "marketing"
    assert "This link asks for marketing: you looked for customer care before." in told(app.run())
    app.button(key="purpose_back").click().run()
    assert app.session_state["purpose"] == "customer_care"
    assert "This link asks for" not in told(app)
    app.selectbox(key="purpose").set_value("marketing").run()
    assert "This link asks for" not in told(app), "what was chosen by hand is no surprise"


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("order_count", ", 75% sure then"),
        ("preferred_channel", ", 75% sure"),
        ("birth_date", ", 75% sure"),
        ("email", ", 75% sure"),
    ],
)
def test_what_was_computed_and_has_no_age_says_how_sure_it_was_then(field: str, told: str) -> None:
    state = FieldState("x", "derived", None, "2021-01-01T00:00:00Z", None, 0.75, "fresh", None, (), "does not age")
    assert fields._sure(field, state) == told


def test_customers_that_a_field_names_are_called_by_name_one_click_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cached, "names", lambda some: {"a1": "Ann <b>", "b2": "b2"} | {one: one for one in some[2:]})
    shown = others.links([{"customer": "a1", "contacts": 3}, {"customer": "b2", "contacts": 1}])
    assert "Ann &lt;b&gt;" in shown
    assert 'data-act="open a1"' in shown
    assert "(3)" in shown
    assert "and 2 more" in others.links([f"c{n}" for n in range(10)])
