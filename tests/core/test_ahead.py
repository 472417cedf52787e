"""A yes that counts from a later instant: until then it is a no, whatever it replaced and whatever the clock did."""

from datetime import timedelta

import pytest

from insight_core.pipeline.consents import record
from insight_core.records.clock import epoch
from tests.core.conftest import ANN, NOW

HOUR = timedelta(hours=1)


def loaded(desk, *words):
    """Ann, who said this about analytics: a state and an instant each."""
    workspace = desk.store()
    workspace.load(**desk.people("ann", [ANN]))
    said = [(1, "analytics", "*", state, (NOW + after).isoformat()) for state, after in words]
    report = workspace.load(**desk.consents("said", said))
    workspace.build()
    return workspace, report


def seen(desk, after=timedelta()):
    return bool(desk.store(now=NOW + after).customers("analytics")["total"])


def test_a_yes_of_tomorrow_hides_no_withdrawal_of_yesterday(desk):
    workspace, _ = loaded(desk, ("withdrawn", -24 * HOUR), ("given", 12 * HOUR))
    assert not seen(desk)
    assert [one["state"] for one in workspace.consents("1")] == ["ahead"]
    assert {one["reason"] for one in workspace.profile("1", purpose="analytics").redacted} == {
        "the consent for analytics counts from 2026-01-31 only",
        *(one["reason"] for one in workspace.profile("1", purpose="analytics").redacted if "not used" in one["reason"]),
    }
    assert seen(desk, 13 * HOUR)


def test_a_yes_of_next_year_is_not_taken_and_the_withdrawal_stands(desk):
    workspace, report = loaded(desk, ("withdrawn", -24 * HOUR), ("given", 365 * 24 * HOUR))
    assert (report.accepted, report.quarantined, report.reasons) == (1, 1, {"bad_date": 1})
    assert not seen(desk)
    assert [one["state"] for one in workspace.consents("1")] == ["withdrawn"]


@pytest.mark.parametrize(("after", "open_to_analytics"), [(-20, False), (-40, False), (-72, False), (0, True)])
def test_a_clock_that_is_set_back_opens_nothing(desk, after, open_to_analytics):
    loaded(desk, ("given", -60 * HOUR), ("withdrawn", -30 * HOUR), ("given", -10 * HOUR))
    assert seen(desk, after * HOUR) is open_to_analytics


def test_who_withdraws_while_a_yes_lies_ahead_has_withdrawn_for_good(desk):
    workspace, _ = loaded(desk, ("given", 12 * HOUR))
    workspace.consent("1", "analytics", "withdrawn")
    for after in (0, 13, 100):
        assert not seen(desk, after * HOUR)
    workspace.build(full=True)
    assert not seen(desk, 13 * HOUR)


def test_a_yes_recorded_by_a_clock_that_ran_ahead_hides_no_withdrawal(desk):
    workspace, _ = loaded(desk, ("withdrawn", -24 * HOUR))
    records = [one.record_id for one in workspace._gate.records(workspace._gate.resolve("1"))]
    record(workspace._store, records, "analytics", "*", "given", epoch(NOW + 900 * HOUR), "by a wrong clock")
    workspace.build()
    assert not seen(desk)
    assert seen(desk, 901 * HOUR)
