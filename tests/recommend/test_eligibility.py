"""Eligibility: contact points, fatigue and suitability, each with its reason; and when a card abstains."""

from datetime import date

import pytest

from insight_core.errors import BadInput, NotFound
from insight_core.recommend import CardInputs, make_cards
from tests.recommend.base import NOW, ago, card_of, consent, contact, person, snapshot, why


@pytest.mark.parametrize(
    ("channel", "fields", "reason"),
    [
        ("email", {}, None),
        ("email", {"email": None}, "no email known"),
        ("email", {"email": " "}, "no email known"),
        ("email", {"email": "ada(at)example.com"}, "the email on record is malformed"),
        ("email", {"email__at": ago(1700)}, "the email on record is 1700 days old: confirm it first"),
        ("email", {"email__at": None}, None),
        ("sms", {"phone": "12"}, "the phone on record is malformed"),
        ("post", {}, "no street and city known"),
        ("post", {"street": "1 Main Street", "city": "Springfield"}, None),
        ("app", {}, "the customer never used it"),
        ("app", {"channel_mix": '[{"name": "app", "count": 3}]'}, None),
        ("store", {"channel_mix": '[{"name": "app", "count": 3}]'}, "the customer never used it"),
    ],
)
def test_a_channel_needs_a_contact_point(channel, fields, reason):
    assert why(card_of(person(**fields)), channel) == reason


def test_a_channel_counts_as_used_when_a_contact_ran_over_it():
    card = card_of(person(), contacts=[contact(channel="app", direction="inbound", outcome="completed")])
    assert "app" in card.eligible


@pytest.mark.parametrize(("seen", "reason"), [(ago(90), "the last message bounced on 2025-12-22"), (ago(3), None)])
def test_a_bounce_closes_the_channel_until_the_address_is_seen_again(seen, reason):
    card = card_of(person(email__at=seen), contacts=[contact(outcome="bounced", last_at=ago(40))])
    assert why(card, "email") == reason


@pytest.mark.parametrize(
    ("purpose", "sent", "tired"),
    [("marketing", 3, False), ("marketing", 4, True), ("customer_care", 7, False), ("customer_care", 8, True), ("service_delivery", 50, False)],
)  # fmt: skip
def test_the_fatigue_cap_counts_contacts_of_ours_in_thirty_days(purpose, sent, tired):
    lately = [{"customer_id": "ada", "channel": "call", "at": ago(1 + n % 29)} for n in range(sent)]
    long_ago = [{"customer_id": "ada", "channel": "call", "at": ago(31)}] * 9
    card = card_of(person(), purpose=purpose, outbound=[*lately, *long_ago])
    assert (card.abstained == f"{sent} contacts of ours lately; the limit is {sent}") == tired
    assert (card.channel is None) == tired


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"birth_date": date(2008, 2, 1)}, "the customer is a minor"),
        ({"birth_date": date(2008, 1, 31)}, None),
        ({"account_status": "closed"}, "the account is closed"),
        ({"name": None}, "we know too little to address the customer: no name or no kind"),
        ({"name": "ada"}, "we know too little to address the customer: no name or no kind"),
        ({"kind": None}, "we know too little to address the customer: no name or no kind"),
        ({"email__at": None, "phone__at": None}, "no evidence has a date, so nobody can say whether it still holds"),
        ({"email__at": ago(731), "phone__at": ago(800)}, "the newest evidence is 731 days old; the limit is 730"),
        ({"email__at": ago(731), "phone__at": ago(730)}, None),
        (
            {"email__at": ago(731), "phone__at": ago(800), "top_interest": "Bikes", "top_interest__at": ago(1)},
            "the newest evidence is 731 days old; the limit is 730",
        ),
        ({"email__at": ago(900), "phone__at": ago(900), "last_order_date": date(2025, 6, 1)}, None),
    ],
)
def test_when_a_card_abstains(fields, reason):
    card = card_of(person(**fields))
    assert card.abstained == reason
    assert ({"what": "contact", "why": reason} in card.refused) == (reason is not None)


def test_a_minor_is_still_served():
    assert card_of(person(birth_date=date(2010, 1, 1)), purpose="customer_care").abstained is None


def test_a_need_that_calls_do_not_meet_closes_calls():
    card = card_of(person(accessibility_need="hearing aid"), purpose="customer_care")
    assert why(card, "call") == "the customer told us of a need that a call does not meet"
    assert card.experience == "offer_the_help_asked_for"


def test_quiet_hours_are_never_offered():
    card = card_of(person(), contacts=[contact(hour=23, direction="inbound", outcome="resolved", count=500)])
    assert card.window in ("06-09", "09-12", "12-14", "14-18", "18-22")
    assert {"what": "window 22-06", "why": "quiet hours"} in card.refused


def test_a_withheld_column_is_simply_unknown():
    bare = snapshot([{"customer_id": "ada", "kind": "person", "name": "Ada"}])
    cards = make_cards(CardInputs(bare), "marketing", NOW, 1).to_pylist()
    assert cards[0]["abstained"] == "no evidence has a date, so nobody can say whether it still holds"


def test_nobody_gives_no_cards():
    assert make_cards(CardInputs(snapshot([])), "marketing", NOW, 1).num_rows == 0


def test_mistakes_name_the_nearest_right_answer():
    with pytest.raises(NotFound, match="Did you mean 'marketing'"):
        make_cards(CardInputs(snapshot([person()])), "marketting", NOW, 1)
    with pytest.raises(BadInput, match="table consents for the cards has no column 'since'"):
        make_cards(
            CardInputs(snapshot([person()]), consents=snapshot([consent()]).drop_columns("since")), "marketing", NOW, 1
        )
