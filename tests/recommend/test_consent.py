"""Consent: nothing for a channel or a purpose without it."""

import pytest

from tests.recommend.base import ago, card_of, consent, contact, person, why

ASK = "no consent to marketing on record: ask first"


@pytest.mark.parametrize(
    ("consents", "email"),
    [
        ([], ASK),
        ([consent()], None),
        ([consent(channel="email")], None),
        ([consent(channel="sms")], ASK),
        ([consent(purpose="research")], ASK),
        ([consent(state="withdrawn")], "consent to marketing withdrawn on 2026-01-21"),
        ([consent(channel="email", state="withdrawn")], "consent to marketing withdrawn on 2026-01-21"),
        ([consent(days=20), consent(channel="email", state="withdrawn", days=10)], "consent to marketing withdrawn on 2026-01-21"),
        ([consent(days=5), consent(channel="email", state="withdrawn", days=10)], "consent to marketing withdrawn on 2026-01-21"),
        ([consent(state="withdrawn", days=20), consent(channel="email", days=10)], None),
        ([consent(state="withdrawn", days=5), consent(channel="email", days=10)], "consent to marketing withdrawn on 2026-01-26"),
        ([consent(days=10), consent(state="withdrawn", days=10)], "consent to marketing withdrawn on 2026-01-21"),
        ([consent(days=-1)], "the consent to marketing counts from 2026-02-01 only"),
        ([consent(channel="email"), consent(days=-1)], "the consent to marketing counts from 2026-02-01 only"),
        ([consent(), consent(channel="email", state="withdrawn", days=-1)], "consent to marketing withdrawn on 2026-02-01"),
        ([consent(customer_id="bob")], ASK),
        ([consent(ended=-1)], None),
        ([consent(ended=0)], "the consent to marketing ended on 2026-01-31"),
        ([consent(days=20, ended=5), consent(channel="email")], None),
        ([consent(ended=5), consent(channel="email")], None),
        ([consent(), consent(channel="email", ended=5)], "the consent to marketing ended on 2026-01-26"),
        ([consent(state="withdrawn", days=20, ended=5), consent(channel="email")], None),
    ],
    ids=[
        "silence is not consent", "any channel", "this channel", "another channel", "another purpose", "withdrawn for all",
        "withdrawn for this channel", "a channel's no beats an earlier yes to all", "a later yes to all does not lift a channel's no",
        "a later yes to the channel lifts a no to all", "a later no to all ends a channel's yes", "at one moment the no counts",
        "a consent of tomorrow is a no today", "also to a channel with an earlier yes", "a withdrawal of tomorrow counts today",
        "somebody else's consent", "a consent that ends tomorrow", "a consent that ends now is over",
        "the end of a yes to all ends no later yes to the channel", "nor one of that moment", "a channel's own yes has ended",
        "a withdrawal does not end",
    ],
)  # fmt: skip
def test_marketing_by_email(consents, email):
    card = card_of(person(), consents=consents)
    assert why(card, "email") == email
    assert ("email" in card.eligible) == (email is None)


@pytest.mark.parametrize("purpose", ["customer_care", "service_delivery"])
def test_service_needs_no_marketing_consent_but_heeds_a_withdrawal(purpose):
    assert card_of(person(), purpose=purpose, consents=[]).eligible == ["email", "sms", "call"]
    refused = card_of(person(), purpose=purpose, consents=[consent(purpose=purpose, channel="call", state="withdrawn")])
    assert refused.eligible == ["email", "sms"]
    assert why(refused, "call") == f"consent to {purpose} withdrawn on 2026-01-21"


def test_an_opt_out_seen_in_the_contacts_is_a_withdrawal_until_a_newer_consent():
    opted_out = [contact(outcome="opted_out", last_at=ago(5))]
    assert why(card_of(person(), contacts=opted_out), "email") == "the customer opted out on 2026-01-26"
    assert why(card_of(person(), contacts=opted_out, consents=[consent(days=2)]), "email") is None


@pytest.mark.parametrize("purpose", ["analytics", "third_party_sharing"])
def test_a_purpose_without_conversation_gives_no_card(purpose):
    card = card_of(person(), purpose=purpose, consents=[consent(purpose=purpose)])
    assert card.abstained == "the purpose does not include talking to customers"


def test_all_channels_without_consent_say_ask_first():
    card = card_of(person(), consents=[])
    assert card.abstained == ASK
    assert (card.channel, card.window, card.tone, card.cadence_days, card.solution_set, card.experience) == (None,) * 6
    assert (card.eligible, card.confidence, card.propensity) == ([], 0.0, 1.0)
