"""Outcome files: every row is kept with the choice that was made, or quarantined with a reason."""

import pyarrow as pa
import pytest

from insight_core.errors import BadInput
from insight_core.recommend import check_outcomes
from tests.recommend.base import NOW, ago

CARDS = pa.table(
    {
        "card": ["c1", "c2"],
        "customer_id": ["ada", "bob"],
        "made_at": [ago(5), ago(5)],
        "channel": ["email", "sms"],
        "window": ["09-12", "18-22"],
        "tone": ["brief", None],
        "eligible": ['["email","sms"]', '["sms"]'],
        "propensity": [975_000, 1_000_000],
        "context": ["{}", "{}"],
    }
)


def told(*rows: tuple) -> pa.Table:
    return pa.table({name: [row[i] for row in rows] for i, name in enumerate(("card", "time", "result", "value"))})


def test_an_outcome_is_kept_with_what_was_chosen_and_could_have_been():
    checked = check_outcomes(told(("c1", "2026-01-30T10:00:00Z", "accepted", "12.50")), CARDS, NOW)
    assert checked.accepted.to_pylist() == [
        {
            "card": "c1", "customer_id": "ada", "at": 1769767200, "result": "accepted", "value": 12_500_000,
            "channel": "email", "window": "09-12", "tone": "brief", "eligible": '["email","sms"]',
            "propensity": 975_000, "context": "{}",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("time", "at"),
    [
        ("2026-01-30", 1769731200),
        ("2026-01-30T10:00", 1769767200),
        ("2026-01-30 10:00:00", 1769767200),
        ("2026-01-30T10:00:00.123Z", 1769767200),
        ("2026-01-30T12:00:00+02:00", 1769767200),
        ("2026-01-30T04:30:00-05:30", 1769767200),
        (" 2026-01-30T10:00:00Z ", 1769767200),
        ("2026-01-26", 1769385600),
    ],
)
def test_times_are_instants_in_utc(time, at):
    assert check_outcomes(told(("c1", time, "opened", None)), CARDS, NOW).accepted["at"].to_pylist() == [at]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (("nobody", "2026-01-30", "opened", None), "card", "unknown_value"),
        ((None, "2026-01-30", "opened", None), "card", "missing_required"),
        (("c1", "", "opened", None), "time", "missing_required"),
        (("c1", "02/03/26", "opened", None), "time", "bad_date"),
        (("c1", "2026-02-30", "opened", None), "time", "bad_date"),
        (("c1", "2026-02-01", "opened", None), "time", "bad_date"),
        (("c1", "2026-01-25", "opened", None), "time", "bad_date"),
        (("c1", "2026-01-30", "bought", None), "result", "unknown_value"),
        (("c1", "2026-01-30", " ", None), "result", "missing_required"),
        (("c1", "2026-01-30", "opened", "1.234,56"), "value", "bad_number"),
    ],
)
def test_a_row_that_cannot_be_used_is_quarantined_with_its_reason(row, column, code):
    checked = check_outcomes(told(("c2", "2026-01-30", "opened", None), row), CARDS, NOW)
    assert checked.accepted["card"].to_pylist() == ["c2"]
    assert [(one["line"], one["column"], one["code"]) for one in checked.faults.to_pylist()] == [(3, column, code)]


def test_every_row_is_accounted_for():
    rows = told(
        ("c1", "2026-01-30", "opened", None), ("c1", "2026-01-30", "Opened", "3"), ("c2", "2026-01-30", "opened", None),
        ("c2", "2026-01-29", "clicked", None), ("x", "never", "bought", "much"),
    )  # fmt: skip
    stored = pa.table({"card": ["c2"], "at": [1769731200], "result": ["opened"]})
    checked = check_outcomes(rows, CARDS, NOW, stored)
    assert (checked.read, checked.accepted.num_rows, checked.duplicate, checked.quarantined) == (5, 2, 2, 1)
    assert checked.faults["column"].to_pylist() == ["card", "result", "time", "value"]


def test_a_file_without_a_needed_column_is_refused_and_value_may_be_absent():
    with pytest.raises(BadInput, match="no column 'result'"):
        check_outcomes(pa.table({"card": ["c1"], "time": ["2026-01-30"]}), CARDS, NOW)
    bare = pa.table({"card": ["c1"], "time": ["2026-01-30"], "result": ["ignored"]})
    assert check_outcomes(bare, CARDS, NOW).accepted["value"].to_pylist() == [None]
