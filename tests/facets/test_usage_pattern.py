"""Usage pattern: volume, rhythm, preference and trend."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from insight_core.facets import FACETS

DAY = 86_400
MONDAY_TEN = int(datetime(2026, 1, 5, 10, tzinfo=UTC).timestamp())


def contact(day, channel="call", direction="inbound", outcome=None, **more):
    return {
        "customer_id": "a",
        "occurred_at": MONDAY_TEN + day * DAY,
        "channel": channel,
        "direction": direction,
        "outcome": outcome,
    } | more


def order(day, number=None, amount=None, **more):
    return {
        "customer_id": "a",
        "record_id": "r",
        "kind": "order",
        "usage_id": number,
        "occurred_at": MONDAY_TEN + day * DAY,
        "amount": amount,
    } | more


def test_contacts_are_counted_dated_and_averaged(derive):
    contacts = [contact(0, sentiment=500_000), contact(3, direction="outbound", sentiment=-250_000), contact(7)]
    made = derive("usage_pattern", interactions=contacts)["a"]
    assert made["interaction_count"] == 3
    assert made["first_contact_at"] == MONDAY_TEN
    assert made["last_interaction_at"] == made["derived_at"] == MONDAY_TEN + 7 * DAY
    assert made["contact_gap_days"] == 3_500_000
    assert made["inbound_share"] == 666_666
    assert made["average_sentiment"] == 125_000
    assert made["channel_mix"] == '[{"name": "call", "count": 3}]'
    assert made["evidence_count"] == 3


def test_what_nobody_told_stays_unknown(derive):
    made = derive("usage_pattern", interactions=[contact(0, direction=None)])["a"]
    unknown = ("contact_gap_days", "inbound_share", "average_sentiment", "order_count", "order_value", "usage_trend")
    assert [made[name] for name in (*unknown, "preferred_channel", "product_mix", "last_complaint_at")] == [None] * 9


def test_nobody_without_contacts_or_uses_has_a_row(derive):
    assert derive("usage_pattern", folded=[{"customer_id": "a", "kind": "person"}]) == {}


def test_an_order_is_its_number_and_an_order_without_one_counts_itself(derive):
    usage = [order(0, "o1", 2_000_000), order(0, "o1", 3_000_000), order(10, None, 1_000_000), order(30, None)]
    made = derive("usage_pattern", usage=usage)["a"]
    assert (made["order_count"], made["order_value"], made["average_order_value"]) == (3, 6_000_000, 3_000_000)
    assert (made["first_order_date"], made["last_order_date"]) == (date(2026, 1, 5), date(2026, 2, 4))
    assert made["order_gap_days"] == 15_000_000


def test_an_order_that_two_sources_tell_is_counted_once(derive):
    usage = [order(0, "o1", 5_000_000), order(9, "o1", None, record_id="other")]
    made = derive("usage_pattern", usage=usage)["a"]
    assert (made["order_count"], made["order_value"], made["last_order_date"]) == (1, 5_000_000, date(2026, 1, 5))


def test_an_order_value_that_no_source_knows_is_unknown_and_not_zero(derive):
    assert derive("usage_pattern", usage=[order(0, "o1")])["a"]["order_value"] is None


def test_a_return_is_neither_an_order_nor_a_use(derive):
    usage = [order(0, "o1", 1_000_000), order(5, "o1", 1_000_000, kind="return")]
    made = derive("usage_pattern", usage=usage)["a"]
    assert (made["order_count"], made["order_value"]) == (1, 1_000_000)


def test_mixes_are_sorted_by_count_and_then_by_name(derive):
    usage = [order(day, category=name) for day, name in enumerate(["b", "a", 'c"', 'c"'])]
    mix = derive("usage_pattern", usage=usage)["a"]["product_mix"]
    assert mix == '[{"name": "c\\"", "count": 2}, {"name": "a", "count": 1}, {"name": "b", "count": 1}]'


def test_contacts_among_customers_are_no_contacts_with_the_company(derive):
    contacts = [contact(0), contact(1, counterpart_id="b", counterpart_customer="b"), contact(2, counterpart_id="gone")]
    assert derive("usage_pattern", interactions=contacts)["a"]["interaction_count"] == 1


def test_a_few_purchases_do_not_show_a_habit(derive):
    usage = [order(day, f"o{day}", customer_id=name) for name, days in (("five", 5), ("six", 6)) for day in range(days)]
    made = derive("usage_pattern", usage=usage)
    assert (made["five"]["preferred_weekdays"], made["six"]["preferred_hours"]) == (None, "09-12")


def test_when_somebody_buys_says_less_than_when_somebody_calls(derive):
    calls = [contact(0, occurred_at=MONDAY_TEN + 10 * 3600) for _ in range(2)]
    made = derive("usage_pattern", interactions=calls, usage=[order(day, f"o{day}") for day in range(3)])["a"]
    assert made["preferred_hours"] == "18-22"


def test_a_complaint_is_known_by_its_topic(derive):
    contacts = [contact(0, topic="Complaint: delivery"), contact(1, topic="billing")]
    assert derive("usage_pattern", interactions=contacts)["a"]["last_complaint_at"] == MONDAY_TEN


def test_the_newest_message_that_came_back_is_known_by_contact_point(derive):
    contacts = [
        contact(0, "email", "outbound", "bounced"),
        contact(2, "email", "outbound", "bounced"),
        contact(9, "email", "outbound", "opened"),
        contact(3, "sms", "outbound", "bounced"),
        contact(5, "call", "outbound", "bounced"),
        contact(6, "chat", "outbound", "bounced"),
        contact(7, "post", "outbound", None),
        contact(8, "email", "outbound", "bounced", counterpart_id="b"),
    ]
    made = derive("usage_pattern", interactions=contacts)["a"]
    assert {name: made[f"{name}_bounced_at"] for name in ("email", "phone", "street")} == {
        "email": MONDAY_TEN + 2 * DAY, "phone": MONDAY_TEN + 5 * DAY, "street": None,
    }  # fmt: skip


CHANNELS: dict[str, tuple[list[Any], str | None]] = {
    "one choice is not enough": ([("call", "inbound", None)], None),
    "two choices are": ([("call", "inbound", None)] * 2, "call"),
    "being written to is no taste": (
        [("email", "outbound", "ignored")] * 9 + [("chat", "inbound", None)] * 3,
        "chat",
    ),
    "two answers of two beat two of ten": (
        [("email", "outbound", "opened")] * 2
        + [("email", "outbound", "ignored")] * 8
        + [("sms", "outbound", "replied")] * 2,
        "sms",
    ),
    "delivered says nothing": ([("email", "outbound", "delivered")] * 9, None),
    "of equals the first channel": ([("app", "inbound", None), ("sms", "inbound", None)] * 2, "sms"),
}


def test_the_preferred_channel_is_chosen_or_answered_and_not_merely_tried(derive):
    rows = [contact(0, *one, customer_id=case) for case, (contacts, _) in CHANNELS.items() for one in contacts]
    made = derive("usage_pattern", interactions=rows)
    assert {case: made[case]["preferred_channel"] for case in CHANNELS} == {
        case: channel for case, (_, channel) in CHANNELS.items()
    }


HOURS: dict[str, tuple[list[float], str | None]] = {
    "evenings": ([19, 20, 21], "18-22"),
    "early": ([6, 7, 8.9], "06-09"),
    "nights": ([23, 1, 5], "22-06"),
    "noon": ([12, 13, 13.5], "12-14"),
    "bare dates": ([0, 0, 0], None),
    "too few": ([9], None),
}


def test_the_preferred_hours_are_those_of_choices_with_a_time_of_day(derive):
    midnight = MONDAY_TEN - 10 * 3600
    rows = [
        contact(0, occurred_at=midnight + int(hour * 3600), customer_id=case)
        for case, (hours, _) in HOURS.items()
        for hour in hours
    ]
    made = derive("usage_pattern", interactions=rows)
    assert {case: made[case]["preferred_hours"] for case in HOURS} == {
        case: label for case, (_, label) in HOURS.items()
    }


WEEKS: dict[str, tuple[list[int], str | None]] = {
    "a working week": ([0, 1, 2, 3, 4], "weekdays"),
    "mostly the weekend": ([0, 5, 6], "weekend"),
    "twice as often on a day of the weekend": ([0, 1, 2, 3, 5, 6], "weekend"),
    "too few": ([0], None),
}


def test_weekdays_or_weekend_is_a_rate_per_day(derive):
    rows = [contact(day, customer_id=case) for case, (days, _) in WEEKS.items() for day in days]
    made = derive("usage_pattern", interactions=rows)
    assert {case: made[case]["preferred_weekdays"] for case in WEEKS} == {
        case: part for case, (_, part) in WEEKS.items()
    }


# Orders in the last year and in the one before, days of history: the trend and its change.
TRENDS = [
    ((16, 8, 800), ("growing", 1_000_000)),
    ((8, 16, 800), ("falling", -500_000)),
    ((10, 10, 800), ("steady", 0)),
    ((3, 2, 800), ("steady", 500_000)),
    ((0, 6, 800), ("falling", -1_000_000)),
    ((9, 0, 800), (None, None)),
    ((2, 1, 800), (None, None)),
    ((16, 8, 700), (None, None)),
]


def test_the_trend_compares_the_own_last_year_with_the_year_before(derive):
    usage = []
    for number, ((recent, before, history), _) in enumerate(TRENDS):
        days = [1000, 1000 - history, *(999 - one for one in range(recent)), *(630 - one for one in range(before))]
        usage += [order(day, f"o{nth}", customer_id=str(number)) for nth, day in enumerate(days)]
    made = derive("usage_pattern", usage=usage)
    found = [(made[str(number)]["usage_trend"], made[str(number)]["usage_change"]) for number in range(len(TRENDS))]
    assert found == [expected for _, expected in TRENDS]


FACTS = {
    "order_count": 12,
    "order_value": 1234.5,
    "order_gap_days": 31.2,
    "last_order_date": date(2026, 6, 20),
    "preferred_hours": "18-22",
    "preferred_weekdays": "weekdays",
    "preferred_channel": "app",
    "usage_trend": "falling",
    "usage_change": -0.25,
}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "No contacts or orders seen yet."),
        (
            FACTS,
            (
                "Orders every 31 days (12 orders worth 1,234, the last ten days ago), best reached on weekday evenings "
                "in the app, less active in the newest year than in the one before (-25%)."
            ),
        ),
        (
            {"usage_trend": "growing", "usage_change": 3.0, "last_order_date": date(2022, 8, 24)},
            "More active in the year up to August 2022 than in the one before (+300%).",
        ),
        (
            {"usage_trend": "steady", "last_order_date": date(2022, 8, 24)},
            "No clear change in the year up to August 2022.",
        ),
        ({"order_count": 1, "last_order_date": date(2026, 6, 29)}, "One order one day ago."),
        (
            {"interaction_count": 3, "last_interaction_at": datetime(2026, 6, 30, tzinfo=UTC)},
            "Three contacts, the last today.",
        ),
        (
            {"services": '["phone", "internet"]', "monthly_charges": 70.35, "contract_type": "Month-to-month"},
            "Has phone and internet, pays 70.35 a month, Month-to-month contract.",
        ),
        (
            {"usage_trend": "steady", "preferred_hours": "22-06"},
            "Mostly at night, no clear change from the year before.",
        ),
        ({"preferred_weekdays": "weekend", "preferred_hours": "12-14"}, "Mostly on weekend middays."),
    ],
)
def test_the_sentence_says_what_is_known(values, sentence, now):
    assert FACETS["usage_pattern"].sentence(values, now) == sentence


def test_the_sentence_counts_from_the_clock_it_is_given(now):
    values = {"order_count": 1, "last_order_date": date(2026, 6, 29)}
    assert FACETS["usage_pattern"].sentence(values, now + timedelta(days=400)) == "One order 13 months ago."
