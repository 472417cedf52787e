"""Laws that hold for any small customer base."""

import json
import random
from collections.abc import Sequence

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from insight_core.recommend import CardInputs, Parameters, make_cards
from insight_core.recommend.parameters import CADENCES, TONES, WINDOWS
from insight_core.recommend.rules import channels
from tests.recommend.base import NOW, ago, consent, contact, inputs, person

PEOPLE = ("ada", "bob", "cyd")
CHANNELS = [one.name for one in channels()]
who = st.sampled_from(PEOPLE)
channel = st.sampled_from(CHANNELS)
days = st.integers(0, 900)


def maybe(values: Sequence[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


people = st.builds(
    person,
    kind=maybe(["person", "organisation"]),
    email=maybe(["x@example.com", "broken", ""]),
    email__at=st.none() | days.map(ago),
    phone=maybe(["+1 202 555 0101", "1"]),
    street=maybe(["1 Main Street"]),
    city=maybe(["Springfield"]),
    preferred_channel=maybe([*CHANNELS, "web", "fax"]),
    preferred_hours=maybe([*WINDOWS, "22-06"]),
    stage=maybe(["retired", "young_single"]),
    last_complaint_at=st.none() | days.map(ago),
    contact_gap_days=st.none() | st.integers(0, 400_000_000),
    average_sentiment=st.none() | st.integers(-1_000_000, 1_000_000),
    name=st.text(max_size=8),
)
consents = st.lists(
    st.builds(consent, who, st.sampled_from([*CHANNELS, "*"]), st.sampled_from(["given", "withdrawn"]), days),
    max_size=8,
)
contacts = st.lists(
    st.builds(
        contact,
        who,
        st.sampled_from([*CHANNELS, "web"]),
        hour=st.none() | st.integers(0, 23),
        tone=maybe(TONES),
        direction=maybe(["inbound", "outbound"]),
        outcome=maybe(["replied", "ignored", "bounced", "opted_out", "resolved", "escalated"]),
        count=st.integers(1, 50),
        last_at=days.map(ago),
    ),
    max_size=12,
)
outbound = st.lists(
    st.builds(lambda one, by, past: {"customer_id": one, "channel": by, "at": ago(past)}, who, channel, days)
)
bases = st.builds(
    lambda rows, *tables: inputs([{**row, "customer_id": one} for one, row in zip(PEOPLE, rows, strict=True)], *tables),
    st.tuples(people, people, people),
    consents,
    contacts,
    outbound,
)
few = settings(max_examples=10, deadline=None, derandomize=True)


def rows(base: CardInputs, purpose: str = "marketing", seed: int = 5) -> list[dict]:
    return make_cards(base, purpose, NOW, seed, Parameters(exploration=0.5)).to_pylist()


def agreed(base: CardInputs, customer: str, by: str) -> bool:
    """Consent as a person would read it off the list: the last word for the channel, and the last word for all."""
    assert isinstance(base.consents, pa.Table)
    said = [one for one in base.consents.to_pylist() if one["customer_id"] == customer]

    def last(name: str) -> tuple[int, bool] | None:
        words = [(one["since"], one["state"] == "withdrawn") for one in said if one["channel"] == name]
        return max(words, default=None)

    exact, general = last(by), last("*")
    if exact is None:
        return general is not None and not general[1]
    lifted = general is None or not general[1] or exact[0] > general[0]
    return not exact[1] and lifted


@few
@given(bases)
def test_no_card_recommends_a_channel_without_consent_or_contact_point(base):
    known = {one["customer_id"]: one for one in base.snapshot.to_pylist()}
    for card in rows(base):
        customer = known[card["customer"]]
        for by in {*json.loads(card["eligible"]), card["channel"]} - {None}:
            assert agreed(base, card["customer"], by)
            assert by not in ("sms", "call") or customer["phone"] == "+1 202 555 0101"
            assert by != "email" or customer["email"] == "x@example.com"
            assert by != "post" or (customer["street"] and customer["city"])


@few
@given(bases)
def test_every_channel_is_either_eligible_or_refused_with_a_reason(base):
    for card in rows(base):
        refused = json.loads(card["refused"])
        assert all(one["what"] and one["why"] for one in refused)
        closed = [one["what"].removeprefix("channel ") for one in refused if one["what"].startswith("channel ")]
        if card["abstained"] is None:
            assert sorted([*json.loads(card["eligible"]), *closed]) == sorted(CHANNELS)
            assert card["channel"] in json.loads(card["eligible"])


@few
@given(bases, st.sampled_from(["marketing", "customer_care"]))
def test_a_card_is_whole_or_abstains(base, purpose):
    for card in rows(base, purpose):
        dimensions = ("channel", "window", "tone", "cadence_days", "solution_set", "experience")
        assert [card[one] is None for one in dimensions] == [card["abstained"] is not None] * 6
        assert card["window"] in (None, *WINDOWS)
        assert card["tone"] in (None, *TONES)
        assert card["cadence_days"] in (None, *CADENCES)
        assert 0 <= card["confidence"] <= 1_000_000
        assert 0 < card["propensity"] <= 1_000_000
        assert json.loads(card["reasons"]) or card["abstained"]


@few
@given(bases, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(base, shuffler):
    assert rows(CardInputs(*(shuffled(one, shuffler) for one in base))) == rows(base)


def shuffled(table, shuffler: random.Random):
    if table is None:
        return None
    rows = table.to_pylist()
    shuffler.shuffle(rows)
    return pa.Table.from_pylist(rows, schema=table.schema)


@few
@given(bases)
def test_the_same_seed_gives_the_same_cards_and_another_seed_other_ids(base):
    assert rows(base) == rows(base)
    assert not {one["card"] for one in rows(base)} & {one["card"] for one in rows(base, seed=6)}


@few
@given(bases)
def test_the_propensities_of_a_choice_sum_to_one(base):
    """What the card's own chance leaves is shared by the other eligible channels."""
    for card in rows(base):
        count = len(json.loads(card["eligible"]))
        if count > 1 and card["propensity"] < 1_000_000:
            share = 500_000 // count
            assert card["propensity"] in (share, 500_000 + share)
