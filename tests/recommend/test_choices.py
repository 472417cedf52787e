"""Choices: rates with caution, exploration, and the rules for solution sets, experience and cadence."""

import json
from datetime import date

import pytest

from insight_core.recommend import Alone, Parameters, learn, learn_shares, make_cards, total
from tests.recommend.base import CERTAIN, NOW, Row, ago, card_of, consent, contact, inputs, person, reason


def tried(customer_id: str, channel: str, wins: int, trials: int) -> list[Row]:
    """So many contacts of ours, of which so many were answered."""
    both = (("replied", wins), ("ignored", trials - wins))
    return [contact(customer_id, channel, outcome=outcome, count=count) for outcome, count in both if count]


def base_of(people: int, email: int, sms: int) -> list[Row]:
    """Contacts of other customers: ten of each channel, so many of them answered."""
    return [
        row
        for n in range(people)
        for channel, wins in (("email", email), ("sms", sms))
        for row in tried(f"other{n}", channel, wins, 10)
    ]


OTHERS: list[Row] = [person(f"other{n}") for n in range(20)]


def test_the_default_is_what_the_segment_answers_most():
    card = card_of(person(), *OTHERS, contacts=base_of(20, email=1, sms=4))
    assert card.channel == "sms"
    assert reason(card, "channel", "default")["value"] == "best among person/unknown"
    assert reason(card, "channel", "runner-up")["value"].startswith("call: "), "never tried: guessed at the average"


@pytest.mark.parametrize(
    ("wins", "trials", "channel", "fact"),
    [(2, 2, "sms", "default, not enough evidence"), (19, 20, "email", "better than the default")],
    ids=["two answers may be luck", "nineteen of twenty are not"],
)
def test_the_default_is_left_only_when_the_gain_is_sure(wins, trials, channel, fact):
    mixed = [row for n in range(20) for row in tried(f"other{n}", "email", 8 if n % 4 == 0 else 0, 10)]
    card = card_of(
        person(), *OTHERS, contacts=[*mixed, *base_of(20, email=0, sms=4), *tried("ada", "email", wins, trials)]
    )
    assert card.channel == channel
    assert reason(card, "channel", fact)
    assert (reason(card, "channel", fact)["weight"] > 0) == (channel == "email")


def test_a_stated_preference_is_the_default_while_nothing_was_tried():
    card = card_of(person(preferred_channel="call", preferred_channel__at=ago(9), preferred_hours="18-22"))
    assert (card.channel, card.window) == ("call", "18-22")
    assert reason(card, "channel", "preferred_channel") == {
        "dimension": "channel", "fact": "preferred_channel", "value": "call", "age_days": 9, "weight": 0.0,
    }  # fmt: skip


def test_a_preference_that_others_confirm_by_answering_is_followed():
    likers = [person(f"fan{n}", preferred_channel="call") for n in range(20)]
    contacts = [row for n in range(20) for row in (*tried(f"fan{n}", "call", 8, 10), *tried(f"fan{n}", "sms", 3, 10))]
    others = [row for n in range(20) for row in (*tried(f"other{n}", "call", 0, 10), *tried(f"other{n}", "sms", 3, 10))]
    card = card_of(person(preferred_channel="call"), *likers, *OTHERS, contacts=[*contacts, *others])
    assert card.channel == "call"
    assert reason(card, "channel", "preferred_channel")["weight"] > 0.2


def test_outcomes_of_earlier_cards_teach_like_any_contact():
    came_back = {
        "customer_id": "ada",
        "channel": "sms",
        "window": "18-22",
        "tone": "brief",
        "result": "accepted",
        "at": ago(5),
    }
    card = card_of(person(), outcomes=[came_back] * 150)
    assert (card.channel, card.tone) == ("sms", "brief")


@pytest.mark.parametrize(("began", "window"), [((2, 2), "09-12"), ((1, 15), "18-22"), ((15, 1), "09-12")])
def test_hours_are_learnt_from_the_contacts_that_customers_begin(began, window):
    """Most customers come before noon; one who clearly comes in the evening is met there."""
    both = [(f"other{n}", (1, 9) if n % 4 == 0 else (9, 1)) for n in range(20)]
    came = [
        (one, hour, times)
        for one, counts in [*both, ("ada", began)]
        for hour, times in zip((10, 19), counts, strict=True)
    ]
    begun = [contact(one, hour=hour, direction="inbound", outcome="resolved", count=times) for one, hour, times in came]
    sent = [contact(hour=15, outcome="replied", count=99)]
    assert card_of(person(), *OTHERS, contacts=[*begun, *sent]).window == window


def test_a_tone_is_learnt_from_good_moods_where_they_are_known():
    felt = [contact(f"other{n}", tone="brief", outcome=None, count=10, felt=10, positive=9) for n in range(20)]
    felt += [contact(f"other{n}", tone="formal", outcome=None, count=10, felt=10, positive=2) for n in range(20)]
    assert card_of(person(), *OTHERS, contacts=felt).tone == "brief"


def test_a_refused_channel_never_wins_however_well_it_answered():
    allowed = [consent(channel="sms")]
    card = card_of(person(), *OTHERS, contacts=tried("ada", "email", 200, 200), consents=allowed)
    assert (card.channel, card.eligible, card.propensity) == ("sms", ["sms"], 1.0)
    assert reason(card, "channel", "the only eligible one")


def test_exploration_is_rare_eligible_and_told():
    crowd = [person(f"c{n:04}") for n in range(1000)]
    agreed = [consent(one["customer_id"]) for one in crowd]
    made = make_cards(inputs(crowd, agreed), "marketing", NOW, 7, Parameters(exploration=0.3)).to_pylist()
    explored = [one for one in made if json.loads(one["context"])["explored"]]
    moved = [one for one in made if one["channel"] != "email"]
    assert 240 < len(explored) < 360
    assert 150 < len(moved) < 250
    assert {one["channel"] for one in moved} == {"sms", "call"}
    assert {one["propensity"] for one in moved} == {100_000}
    assert {one["propensity"] for one in made if one["channel"] == "email"} == {800_000}


def test_nothing_is_tried_on_a_customer_with_an_open_complaint():
    card = card_of(person(last_complaint_at=ago(3)), parameters=Parameters(exploration=1.0))
    assert (card.channel, card.propensity) == ("email", 1.0)


def test_one_customer_alone_gets_the_card_she_gets_among_all():
    everyone = inputs([person(), *OTHERS], [consent()], base_of(20, email=1, sms=4))
    alone = everyone._replace(snapshot=inputs([person()]).snapshot, rates=learn(everyone, "marketing", NOW, CERTAIN))
    together = make_cards(everyone, "marketing", NOW, 3, CERTAIN).to_pylist()
    assert make_cards(alone, "marketing", NOW, 3, CERTAIN).to_pylist() == together[:1]


def test_rates_are_counts_that_add_up():
    rates = learn(inputs(OTHERS, contacts=base_of(20, email=1, sms=4)), "marketing", NOW).to_pylist()
    everyone = {one["arm_id"]: one for one in rates if one["segment"] == "*"}
    assert everyone[0] == {
        "segment": "*", "arm_id": 0, "preferred": False, "trials": 200, "wins": 20, "trial_pairs": 1800, "win_pairs": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "purpose", "solution", "experience"),
    [
        ({}, "marketing", "core_range", "keep_in_touch"),
        ({"stage": "family_young_children"}, "marketing", "family_bundle", "keep_in_touch"),
        ({"stage": "retired", "usage_trend": "falling"}, "marketing", "save_and_simplify", "notice_the_fall"),
        (
            {"last_life_event": "moved", "last_life_event_on": date(2025, 12, 1)},
            "marketing",
            "new_home",
            "welcome_the_new_home",
        ),
        (
            {"last_life_event": "moved", "last_life_event_on": date(2024, 12, 1)},
            "marketing",
            "core_range",
            "keep_in_touch",
        ),
        ({"kind": "organisation", "direction": "shrinking"}, "marketing", "right_size", "review_the_contract"),
        ({"kind": "organisation", "company_size": "large"}, "marketing", "key_account", "keep_in_touch"),
        ({"kind": "organisation", "industry": "Retail"}, "marketing", "industry_pack", "keep_in_touch"),
        ({"top_interest": "Bikes"}, "marketing", "interest_club", "keep_in_touch"),
        ({"average_sentiment": -300_000}, "marketing", "core_range", "listen_first"),
        (
            {"average_sentiment": -300_000, "average_sentiment__at": ago(1095)},
            "marketing",
            "core_range",
            "listen_first",
        ),
        (
            {"average_sentiment": -300_000, "average_sentiment__at": ago(1096)},
            "marketing",
            "core_range",
            "keep_in_touch",
        ),
        ({"customer_since": date(2015, 1, 1)}, "marketing", "core_range", "thank_for_loyalty"),
        ({"customer_since": date(2015, 12, 31)}, "marketing", "core_range", "keep_in_touch"),
        ({"customer_since": date(2025, 1, 15)}, "marketing", "core_range", "keep_in_touch"),
        ({"last_complaint_at": ago(10), "stage": "retired"}, "marketing", "no_offer", "settle_the_complaint"),
        ({"last_complaint_at": ago(100)}, "marketing", "core_range", "keep_in_touch"),
        ({"email": None}, "customer_care", "no_offer", "ask_for_the_missing_email"),
        ({"stage": "retired"}, "customer_care", "no_offer", "keep_in_touch"),
        ({}, "research", "study_only", "ask_for_an_opinion"),
    ],
)
def test_what_is_offered_and_how_it_begins(fields, purpose, solution, experience):
    card = card_of(person(**fields), purpose=purpose, consents=[consent(purpose=purpose)])
    assert (card.solution_set, card.experience) == (solution, experience)


def test_a_solved_complaint_is_not_open():
    solved = [contact(channel="call", direction="inbound", outcome="resolved", last_at=ago(10))]
    card = card_of(person(last_complaint_at=ago(10)), contacts=solved)
    assert card.solution_set == "core_range"


def test_what_an_open_complaint_takes_away_is_told():
    card = card_of(person(last_complaint_at=ago(10), last_complaint_at__at=ago(10), stage="retired"))
    assert {"what": "solution set comfort_and_support", "why": "no upsell while a complaint is open"} in card.refused
    assert reason(card, "experience", "open_complaint") == {
        "dimension": "experience", "fact": "open_complaint", "value": True, "age_days": 10, "weight": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "purpose", "days"),
    [
        ({}, "marketing", 30),
        ({"contact_gap_days": 12_000_000}, "marketing", 14),
        ({"contact_gap_days": 2_000_000}, "marketing", 14),
        ({"contact_gap_days": 2_000_000}, "customer_care", 7),
        ({"contact_gap_days": 2_000_000}, "research", 30),
        ({"contact_gap_days": 500_000_000}, "marketing", 180),
        ({"order_gap_days": 60_000_000}, "marketing", 60),
        ({"contact_gap_days": 31_000_000, "order_gap_days": 90_000_000}, "marketing", 30),
    ],
)
def test_cadence_follows_the_customers_own_rhythm_within_the_cap(fields, purpose, days):
    assert card_of(person(**fields), purpose=purpose, consents=[consent(purpose=purpose)]).cadence_days == days


def test_confidence_falls_with_the_age_of_the_evidence():
    fresh = card_of(person(phone=None))
    old = card_of(person(phone=None, email__at=ago(365), phone__at=None))
    assert fresh.confidence > 0.99
    assert old.confidence == pytest.approx(0.5)


def test_every_card_has_a_reason_for_every_dimension():
    card = card_of(person())
    assert {one["dimension"] for one in card.reasons} == {
        "channel",
        "window",
        "tone",
        "cadence",
        "solution_set",
        "experience",
    }
    assert all(set(one) == {"dimension", "fact", "value", "age_days", "weight"} for one in card.reasons)


def test_rates_counted_in_shares_add_up_to_those_counted_at_once():
    crowd = [person(f"{n:02x}", preferred_channel="sms" if n % 3 else None) for n in range(64)]
    tries = [row for one in crowd for row in tried(one["customer_id"], "sms", 2, 5)]
    whole = inputs(crowd, contacts=tries)
    parts = [whole._replace(snapshot=inputs(some).snapshot) for some in (crowd[:9], crowd[9:40], crowd[40:])]
    shares = [learn_shares(one, "marketing", NOW) for one in reversed(parts)]
    assert total(shares).to_pylist() == learn(whole, "marketing", NOW).to_pylist()


def test_kept_steps_make_the_same_cards_one_after_another():
    contacts = [*base_of(20, email=1, sms=4), *tried("ada", "email", 19, 20)]
    people = [person(preferred_channel="call"), person("ben", email=None, last_complaint_at=ago(3)), *OTHERS]
    agreed = [consent(), consent("ben")]
    everyone = inputs(people, agreed, contacts)
    desk = Alone("marketing", NOW, 3, learn(everyone, "marketing", NOW))
    together = {one["customer"]: one for one in make_cards(everyone, "marketing", NOW, 3).to_pylist()}
    for one in (*people[:3], people[0]):
        mine = [row for row in contacts if row["customer_id"] == one["customer_id"]]
        alone = desk.make(inputs([one], [row for row in agreed if row["customer_id"] == one["customer_id"]], mine))
        assert alone.to_pylist() == [together[one["customer_id"]]]
