"""The readable tables: every row names things that exist, and conditions say what they seem to say."""

import duckdb
import pytest

from insight_core.catalogue import PURPOSES, field, fields
from insight_core.errors import BadInput, NotFound
from insight_core.recommend import ANSWERED, RESULTS
from insight_core.recommend.conditions import DERIVED, all_hold, conditions
from insight_core.recommend.rules import all_actions, channels
from insight_core.records.datasets import CHOICES


def test_every_action_names_a_dimension_and_a_meaning_and_no_name_comes_twice():
    named = [(one.dimension, one.name, one.priority) for one in all_actions()]
    assert len(named) == len(set(named))
    assert {one.dimension for one in all_actions()} == {"contact", "solution_set", "experience"}
    assert all(one.meaning for one in all_actions())


def test_every_condition_on_a_choice_names_values_that_the_catalogue_knows():
    for action in all_actions():
        for part in action.when:
            if part.fact not in DERIVED and field(part.fact).values and part.value not in ("known", "unknown"):
                assert set(part.value.split("|")) <= set(field(part.fact).values), (action.name, part)


def test_rules_read_only_what_a_purpose_of_theirs_may_see():
    for action in all_actions():
        for part in action.when:
            assert set(field(part.cites).weights) & set(action.purposes), (action.name, part.cites)


@pytest.mark.parametrize("purpose", ["marketing", "customer_care", "service_delivery", "research"])
def test_every_purpose_of_conversation_has_an_action_that_always_fits(purpose):
    for dimension in ("solution_set", "experience"):
        fitting = [one for one in all_actions() if one.dimension == dimension and purpose in one.purposes]
        assert any(not one.when and not one.unless for one in fitting)


def test_offers_are_made_for_marketing_only():
    offers = [
        one for one in all_actions() if one.dimension == "solution_set" and one.name not in ("no_offer", "study_only")
    ]
    assert {one.purposes for one in offers} == {("marketing",)}


def test_every_channel_is_a_channel_of_contacts_and_names_fields():
    assert {one.name for one in channels()} <= set(CHOICES["interactions", "channel"])
    assert {need for one in channels() for need in one.needs} <= {one.name for one in fields()}


def test_every_result_that_counts_is_one_that_can_be_told():
    assert set(ANSWERED) <= set(RESULTS)
    assert set(PURPOSES) >= {purpose for one in all_actions() for purpose in one.purposes}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("", True),
        ("stage=retired", True),
        ("stage=young_single|retired", True),
        ("stage=young_single", False),
        ("stage!=young_single", True),
        ("stage=known", True),
        ("direction=known", False),
        ("direction=unknown", True),
        ("direction=growing", False),
        ("direction!=growing", False),
        ("household_size>=2", True),
        ("household_size>2", False),
        ("average_sentiment<=-0.25", True),
        ("average_sentiment<-0.3", False),
        ("product_mix~BIKE", True),
        ("product_mix~boat", False),
        ("paperless_billing=yes", True),
        ("paperless_billing=no", False),
        ("stage=retired; household_size>=3", False),
    ],
)
def test_a_condition(text, holds):
    row = """SELECT 'retired' AS stage, NULL::VARCHAR AS direction, 2 AS household_size, -300000 AS average_sentiment,
        '[{"name": "Bikes", "count": 3}]' AS product_mix, TRUE AS paperless_billing"""
    assert duckdb.connect().execute(f"SELECT {all_hold(conditions(text))} FROM ({row})").fetchall() == [(holds,)]


def test_a_condition_that_cannot_be_read_says_so():
    with pytest.raises(BadInput, match="is not a condition"):
        conditions("stage is retired")
    with pytest.raises(NotFound, match="Did you mean 'stage'"):
        conditions("stagee=retired")
