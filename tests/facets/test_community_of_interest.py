"""Community of interest: interests from doings and words, the circle from direct contacts."""

import json

import pytest

from insight_core.facets import FACETS


def use(category, **more):
    return {"customer_id": "a", "kind": "order", "category": category, "occurred_at": 1_000} | more


def topic(name, **more):
    return {"customer_id": "a", "direction": "inbound", "topic": name, "occurred_at": 2_000, "channel": "call"} | more


def call(one, other, at, channel="call"):
    return {"customer_id": one, "counterpart_customer": other, "occurred_at": at, "channel": channel}


def test_interests_come_from_uses_topics_and_the_customers_own_words(derive):
    made = derive(
        "community_of_interest",
        folded=[
            {"customer_id": "a", "stated_interests": '["Music", "Arts, old and new"]', "stated_interests__at": 500}
        ],
        usage=[use("Bikes"), use("Bikes"), use("bikes "), use("Music"), use("Boats", kind="return")],
        interactions=[
            topic("Garden"),
            topic("billing"),
            topic("Camping", direction="outbound", outcome="clicked"),
            topic("Wine", direction="outbound", outcome="ignored"),
        ],
    )["a"]
    assert json.loads(made["interests"]) == ["bikes", "music", "arts, old and new", "camping", "garden"]
    assert (made["top_interest"], made["interest_share"]) == ("bikes", 500_000)
    assert (made["derived_at"], made["evidence_count"]) == (2_000, 8)
    assert made["circle"] is None


def test_stated_interests_alone_have_no_share_of_doings(derive):
    folded = [{"customer_id": "a", "stated_interests": json.dumps(['say "hi"'])}]
    made = derive("community_of_interest", folded=folded)["a"]
    assert (made["top_interest"], made["interest_share"], made["derived_at"]) == ('say "hi"', None, None)


def test_service_is_no_interest_but_billiards_are(derive):
    made = derive("community_of_interest", interactions=[topic("Complaint"), topic("bills"), topic("billiards")])["a"]
    assert json.loads(made["interests"]) == ["billiards"]


def test_the_circle_counts_contacts_in_both_directions_once(derive):
    contacts = [call("a", "b", 10), call("b", "a", 10), call("b", "a", 20), call("c", "a", 30), call("a", "a", 40)]
    made = derive("community_of_interest", interactions=contacts)
    assert json.loads(made["a"]["circle"]) == [{"customer": "b", "contacts": 2}, {"customer": "c", "contacts": 1}]
    assert (made["a"]["circle_size"], made["a"]["circle_contacts"], made["a"]["derived_at"]) == (2, 3, 30)
    assert json.loads(made["c"]["circle"]) == [{"customer": "a", "contacts": 1}]


def test_a_large_circle_lists_its_twenty_most_frequent_customers(derive):
    contacts = [call("a", f"b{place:02d}", at) for place in range(25) for at in range(25 - place)]
    made = derive("community_of_interest", interactions=contacts)["a"]
    assert [one["customer"] for one in json.loads(made["circle"])] == [f"b{place:02d}" for place in range(20)]
    assert made["circle_size"] == 25


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "No interests or contacts with other customers seen yet."),
        ({"stated_interests": ["music"]}, "Says to be interested in music."),
        (
            {
                "interests": '["bikes", "music"]',
                "top_interest": "bikes",
                "interest_share": 0.5,
                "circle_size": 2,
                "circle_contacts": 3,
            },
            (
                "Mostly interested in bikes and music (50% of what the customer does is about bikes), "
                "in contact with two other customers (three contacts)."
            ),
        ),
    ],
)
def test_the_sentence_says_what_is_known(values, sentence, now):
    assert FACETS["community_of_interest"].sentence(values, now) == sentence
