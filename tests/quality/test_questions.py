"""The next question: the one that wins back most."""

import pytest

from insight_core.catalogue import field, fields
from insight_core.quality import Cell, counted, next_question, states_of
from insight_core.quality.applies import OPTIONAL
from insight_core.quality.counted import points
from insight_core.quality.questions import QUESTIONS
from insight_core.records.clock import DAY, epoch


def known(now, *names, days=0):
    samples = {"text": "Ada", "choice": None, "date": now.date(), "list": '["a"]', "boolean": True}
    return {
        name: Cell(
            field(name).values[0] if field(name).values else samples.get(field(name).type, 1), epoch(now) - days * DAY
        )
        for name in names
    }


def asked(cells, kind, purpose, now, withheld=None):
    question = next_question(counted(states_of(cells, now), kind, purpose), kind, purpose, withheld)
    assert question is not None
    return question


def test_the_heaviest_gap_is_asked_for_first(now):
    total = points("marketing", "person")
    assert asked({}, "person", "marketing", now) == {
        "field": "email",
        "question": "Which e-mail address reaches you best?",
        "why": "Ask for the e-mail address: it is 4% of what marketing needs.",
        "points": 5.0,
        "of": total,
        "state": "unknown",
    }


def test_a_stale_value_is_worth_what_it_lost(now):
    cells = known(now, *(one.name for one in fields()))
    cells["email"] = Cell("ada@example.com", epoch(now) - 1620 * DAY)
    cells["phone"] = Cell("+1 555 010 0199", epoch(now))
    found = asked(cells, "person", "marketing", now)
    assert (found["field"], found["points"], found["state"]) == ("email", 4.375, "stale")
    of_all = "it is 4% of what marketing needs"
    assert found["why"] == f"Confirm the e-mail address: {of_all} (1620 days old, half-life 540 days)."


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (Cell("ada", 1_780_315_200), "Correct the e-mail address"),
        (Cell("ada@example.com", 1_780_315_200, conflict=True), "Settle the e-mail address"),
    ],
)
def test_invalid_and_conflicting_values_are_asked_about(cell, why, now):
    cells = known(now, *(one.name for one in fields())) | {"phone": Cell("0101990", epoch(now)), "email": cell}
    assert asked(cells, "person", "marketing", now)["why"].startswith(why)


def test_an_address_that_bounced_is_worth_as_much_as_none(now):
    day = epoch(now)
    cells = {"email": Cell("ada@example.com", day - 40 * DAY), "email_bounced_at": Cell(day - 29 * DAY, day)}
    found = asked(cells, "person", "marketing", now)
    assert (found["field"], found["points"], found["state"]) == ("email", 5.0, "conflicting")
    carries = "it is 4% of what marketing needs"
    assert found["why"] == f"Correct the e-mail address: {carries} (a message to it came back on 2026-05-03)."


def test_what_the_gate_withholds_is_not_asked_for(now):
    withheld = {"email": "no consent", "given_name": "no consent"}
    assert asked({}, "person", "marketing", now, withheld)["field"] == "family_name"


def test_an_organisation_is_asked_about_its_business(now):
    assert asked(known(now, "email"), "organisation", "marketing", now)["field"] == "organisation_name"


def test_nothing_is_asked_when_nothing_is_lost(now):
    cells = known(now, *(one.name for one in fields()))
    cells |= {"email": Cell("ada@example.com", epoch(now)), "phone": Cell("0101990", epoch(now))}
    assert next_question(counted(states_of(cells, now), "person", "marketing"), "person", "marketing") is None


def test_only_what_a_source_may_assert_is_asked_for_and_each_question_is_one():
    assert all(field(name).origin == "asserted" and name not in OPTIONAL for name in QUESTIONS)
    assert all(
        question.endswith("?") and field(name).category != "special" for name, (_, question) in QUESTIONS.items()
    )
