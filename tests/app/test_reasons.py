"""What a card argues with reads as sentences of the trade."""

import re
from typing import Any

import pytest

import insight_core as ic
from app import arguments, reasons
from app.components import advice
from insight_core.recommend.rules import all_actions


def reason(dimension: str, fact: str, value: object, age: int | None = None, weight: float = 0.0) -> dict[str, Any]:
    return {"dimension": dimension, "fact": fact, "value": value, "age_days": age, "weight": weight}


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (reason("channel", "own contacts", "0 of 1 contacts answered; 23% is usual for person/family_young_children"),
         "Did not answer the only contact this way; 23% is usual for families with young children"),
        (reason("channel", "own contacts", "22 of 22 contacts answered; 41% is usual for person/young_single", 460),
         "Answered all 22 contacts this way; 41% is usual for young singles (newest evidence 15 months ago)"),
        (reason("window", "own contacts", "5 of 8 contacts that the customer began; 29% is usual for person/unknown"),
         "Began 5 of 8 contacts at this time; 29% is usual for people whose life stage is not known"),
        (reason("tone", "own contacts", "0 of 3 answers and good moods; 33% is usual for organisation/shrinking"),
         "Neither answered nor was pleased by any of 3 contacts in this tone; 33% is usual for shrinking firms"),
        (reason("channel", "preferred_channel", "store", 17), "Uses and answers store most (newest evidence 17 days ago)"),
        (reason("window", "preferred_hours", "09-12"), "Is reached best from 9 to 12 h"),
        (reason("channel", "the only eligible one", "email"), "E-mail is the only one that is open"),
        (reason("window", "better than the default", "18-22 is usual for person/retired"),
         "Clearly better than 18 to 22 h, which is usual for retired people"),
        (reason("tone", "default, not enough evidence", "formal may be better, but the gain is not sure"),
         "The usual one; formal may be better, but that is not sure yet"),
        (reason("tone", "default", "best among person/young_couple"), "Does best among young couples"),
        (reason("window", "runner-up", "18-22: 143 more of the contacts that the customer began would put it level"),
         "Next best: 18 to 22 h, level after 143 better contacts"),
        (reason("channel", "runner-up", "sms: 1 more of the contacts answered would put it level"),
         "Next best: SMS, level after 1 better contact"),
        (reason("channel", "runner-up", "sms: better by what is known, but that is too little to be sure"),
         "Next best: SMS, which may be better, but too little is known to be sure"),
        (reason("experience", "runner-up", "keep_in_touch: it fits too and comes first where thank_for_loyalty does not fit"),
         "Next best: keep in touch, where thank for loyalty does not fit"),
        (reason("experience", "email_days", 2053, 2053), "The e-mail address was told 5½ years ago"),
        (reason("cadence", "contact_gap_days", 110.54, 11), "In contact about every 4 months"),
        (reason("experience", "email", None), "E-mail is not known"),
        (reason("experience", "direction", "shrinking", 11), "Direction: shrinking (newest evidence 11 days ago)"),
    ],
)  # fmt: skip
def test_a_reason_is_a_sentence(one: dict[str, Any], told: str) -> None:
    assert reasons.told(one) == told


def test_the_reason_that_is_told_first_is_the_one_that_carries_the_advice() -> None:
    against = reason(
        "channel", "own contacts", "0 of 1 contacts answered; 23% is usual for person/retired", weight=-0.02
    )
    for_it = reason("channel", "preferred_channel", "call", weight=0.1)
    other = reason("channel", "runner-up", "sms: 3 more of the contacts answered would put it level", weight=0.3)
    assert arguments.carrying([against, for_it, other]) == for_it
    assert arguments.carrying([]) is None


def test_what_went_badly_does_not_carry_the_advice_that_was_given_all_the_same() -> None:
    badly = reason("channel", "own contacts", "0 of 1 contacts answered; 23% is usual for person/retired", weight=-0.02)
    usual = reason(
        "channel", "default, not enough evidence", "call may be better, but the gain is not sure", weight=-0.3
    )
    assert arguments.carrying([badly, usual]) == usual
    assert arguments.carrying([badly]) is None


def test_that_another_may_be_better_is_said_once() -> None:
    usual = reason("channel", "default, not enough evidence", "call may be better, but the gain is not sure")
    same = reason("channel", "runner-up", "call: better by what is known, but that is too little to be sure")
    other = reason("channel", "runner-up", "sms: better by what is known, but that is too little to be sure")
    elsewhere = reason("tone", "runner-up", "call: better by what is known, but that is too little to be sure")
    assert arguments.each_once([usual, same]) == [usual]
    assert arguments.each_once([usual, other, elsewhere]) == [usual, other, elsewhere]


def card(channel: str | None, eligible: list[str], confidence: float = 0.97, **more: Any) -> ic.Card:
    usual: dict[str, Any] = dict(card="c", customer="1", name="Ada", purpose="marketing", window="09-12", tone="brief",
                                 cadence_days=30, solution_set="no_offer", experience="keep_in_touch", reasons=[],
                                 refused=[], abstained=None, propensity=0.96, made_at="2026-07-01T00:00:00Z")  # fmt: skip
    return ic.Card(**usual | {"channel": channel, "eligible": eligible, "confidence": confidence} | more)


def test_what_else_was_open_does_not_name_what_was_chosen() -> None:
    told = advice._chances(card("app", ["sms", "app", "post"]))
    assert told == (
        "By what is known, app is almost certainly the best channel that is open (97% sure). Also open: SMS, post. "
        "It was chosen with chance 0.96."
    )


def test_of_the_only_open_channel_that_is_said_once() -> None:
    alone = card("email", ["email"], reasons=[reason("channel", "the only eligible one", "email")])
    assert advice._best(alone) == advice._chances(alone) == "E-mail is the only channel that is open."


def test_a_channel_that_is_tried_to_learn_is_not_called_the_best() -> None:
    purposely = [reason("channel", "tried on purpose", "a small share of the cards tries another")]
    tried = card("call", ["sms", "call"], 0.002, reasons=purposely, propensity=0.01)
    assert advice._best(tried) == "Call is tried on purpose, as a few are, so that we learn."
    assert ": under 1% sure that it is the best. Also open: SMS." in advice._chances(tried)


def test_why_nobody_is_contacted_is_not_told_again_among_the_refusals() -> None:
    closed = "the account is closed"
    refused = [{"what": "contact", "why": closed}, {"what": "channel sms", "why": "no phone known"}]
    told = advice.why(card(None, [], 0.0, abstained=closed, refused=refused))
    assert closed not in told
    assert "no phone known" in told


def test_no_card_says_a_thing_twice_or_is_wholly_sure(base: ic.Workspace) -> None:
    for one in [*base.recommend(purpose="customer_care"), *base.recommend(purpose="marketing")]:
        rows = re.findall(r'iw-reason">(.*?)</div>', advice.why(one))
        assert len(rows) == len(set(rows))
        assert round(one.confidence, 2) < 1


def test_no_reason_of_a_real_card_is_left_in_the_words_of_the_machine(base: ic.Workspace) -> None:
    cards = [*base.recommend(purpose="customer_care"), *base.recommend(purpose="marketing")]
    told = {reasons.told(one) for card in cards for one in card.reasons}
    assert told
    assert [one for one in told if "_" in one or " days old" in one or "person/" in one or "would put" in one] == []


def test_every_fact_that_is_counted_in_days_has_its_sentence() -> None:
    asked = {part.fact for one in all_actions() for part in one.when}
    assert {one for one in asked if one.endswith("_days")} <= set(reasons._DAYS)
