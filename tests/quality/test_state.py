"""States and freshness: one cell at a time, and as a table, with the same answers and the same reasons."""

from datetime import UTC, datetime, timedelta

import ibis
import pytest

from insight_core.catalogue import field, fields
from insight_core.quality import Cell, confidence, confidences, state_of
from insight_core.quality.freshness import age_days, freshness, freshness_expr
from insight_core.quality.long import cells
from insight_core.quality.state import reason
from insight_core.records.clock import epoch
from tests.quality.conftest import judged

HALF_LIFE = 540  # of an e-mail address

CASES = [
    # value, days old, conflict, state, freshness in 1e-6, reason
    (None, 0, False, "unknown", None, "nothing is known"),
    (None, 0, True, "unknown", None, "nothing is known"),
    ("ada@example.com", 0, False, "fresh", 1_000_000, "0 days old, half-life 540 days"),
    ("ada@example.com", -30, False, "fresh", 1_000_000, "0 days old, half-life 540 days"),
    ("ada@example.com", HALF_LIFE, False, "fresh", 500_000, "540 days old, half-life 540 days"),
    ("ada@example.com", HALF_LIFE + 1, False, "ageing", 499_359, "541 days old, half-life 540 days"),
    ("ada@example.com", 2 * HALF_LIFE, False, "ageing", 250_000, "1080 days old, half-life 540 days"),
    ("ada@example.com", 2 * HALF_LIFE + 1, False, "stale", 249_679, "1081 days old, half-life 540 days"),
    ("ada@example.com", None, False, "undated", None, "no source says when it was true"),
    ("ada@example.com", 2000, True, "conflicting", 76_749, "sources disagree"),
    ("ada@example.com", None, True, "conflicting", None, "sources disagree"),
    ("ada", 0, True, "invalid", 1_000_000, "is not shaped like an e-mail address"),
]


# How many days ago the address was seen and a message to it came back; which of both is the newer.
BOUNCES = [
    # seen, bounced, another source disagrees, state, reason
    (40, None, False, "fresh", "40 days old, half-life 540 days"),
    (40, 29, False, "conflicting", "a message to it came back on 2026-05-03"),
    (40, 29, True, "conflicting", "a message to it came back on 2026-05-03"),
    (None, 29, False, "conflicting", "a message to it came back on 2026-05-03"),
    (29, 40, False, "fresh", "29 days old, half-life 540 days"),
    (29, 40, True, "conflicting", "sources disagree"),
    (29, 29, False, "fresh", "29 days old, half-life 540 days"),
    (2000, 29, False, "conflicting", "a message to it came back on 2026-05-03"),
]


def bounced(name, value, seen, bounce, conflict, now):
    """A profile with a contact point and the newest message to it that came back."""
    at = None if bounce is None else epoch(now - timedelta(days=bounce))
    return {name: cell(value, seen, conflict, now), f"{name}_bounced_at": Cell(at, at, False, "derived")}


def cell(value, days, conflict, now):
    at = None if days is None else epoch(now - timedelta(days=days))
    return Cell(value, at, conflict, "declared", "crm", at, None)


def sure(name, known, now):
    return confidence(name, known, state_of(name, {name: known}, now))


@pytest.mark.parametrize(("value", "days", "conflict", "state", "micro", "reason"), CASES)
def test_the_first_thing_that_is_the_matter_is_the_state(value, days, conflict, state, micro, reason, now):
    found = state_of("email", {"email": cell(value, days, conflict, now)}, now)
    assert (found.name, found.micro, found.reason) == (state, micro, reason)


def test_a_table_of_cells_has_the_same_states_and_reasons(snapshot_of, now):
    snapshot = snapshot_of([{"email": cell(*case[:3], now)} for case in CASES])
    table = cells(snapshot, {"weight": {"email": 5}}, now)
    told = table.select("customer_id", "field", "state", "micro", "broken", "days").to_pyarrow().to_pylist()
    by_customer = {
        row["customer_id"]: (
            row["state"], row["micro"], reason(row["field"], row["state"], row["broken"], row["days"])
        )
        for row in told
    }  # fmt: skip
    assert by_customer == {f"c{n}": case[3:] for n, case in enumerate(CASES)}


@pytest.mark.parametrize(("seen", "bounce", "conflict", "state", "because"), BOUNCES)
@pytest.mark.parametrize(
    ("name", "value"), [("email", "ada@example.com"), ("phone", "+1 555 010 0199"), ("street", "1 Mill Lane")]
)
def test_a_message_that_came_back_speaks_against_what_was_seen_before(
    name, value, seen, bounce, conflict, state, because, now
):
    found = state_of(name, bounced(name, value, seen, bounce, conflict, now), now)
    half_life = f"half-life {field(name).half_life_days} days"
    assert (found.name, found.reason) == (state, because.replace("half-life 540 days", half_life))


def test_a_bounce_of_one_contact_point_says_nothing_of_another(now):
    profile = bounced("email", "ada@example.com", 40, 29, conflict=False, now=now)
    assert state_of("phone", profile | {"phone": cell("+1 555 010 0199", 40, conflict=False, now=now)}, now).name == (
        "fresh"
    )


def test_tables_of_cells_know_of_bounces_as_profiles_do(snapshot_of, now):
    profiles = [bounced("email", "ada@example.com", *case[:3], now) for case in BOUNCES]
    states = cells(snapshot_of(profiles), {"weight": {"email": 5}}, now).select("customer_id", "state").to_pyarrow()
    wide = judged(profiles).select("customer_id", "email__code", "email__bounced").to_pyarrow().to_pylist()
    assert {row["customer_id"]: row["state"] for row in states.to_pylist()} == {
        f"c{n}": case[3] for n, case in enumerate(BOUNCES)
    }
    codes = {"fresh": 1, "sources disagree": 2, "a message to it came back on 2026-05-03": 3}
    assert [row["email__code"] for row in sorted(wide, key=lambda row: row["customer_id"])] == [
        codes.get(case[4], 1) for case in BOUNCES
    ]


def test_of_a_bounced_address_nobody_is_sure(now):
    profile = bounced("email", "ada@example.com", 0, None, conflict=False, now=now)
    profile["email_bounced_at"] = Cell(epoch(now) + 1)
    found = confidence("email", profile["email"], state_of("email", profile, now))
    assert (found.value, found.because[-1]) == (0.54, "a message to it came back on 2026-06-01: 0.6")


@pytest.mark.parametrize(
    ("at", "hours", "days"), [("2026-06-01T23:59", 0, 0), ("2026-05-31T23:59", 0, 1), ("2026-05-31T00:00", 11, 1)]
)
def test_age_goes_by_the_calendar_so_a_figure_stands_all_day(at, hours, days, now):
    seen = epoch(datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert age_days(seen, epoch(now + timedelta(hours=hours))) == days


def test_what_does_not_age_is_fresh_without_a_figure(now):
    state = state_of("nationality", {"nationality": Cell("Danish", None)}, now)
    assert state.name == "undated"
    state = state_of("customer_since", {"customer_since": Cell(now.date(), None)}, now)
    assert (state.name, state.freshness, state.reason) == ("fresh", None, "does not age")


def test_freshness_is_the_same_integer_in_both_forms():
    ages, half_lives = list(range(0, 8000, 7)), sorted({one.half_life_days for one in fields() if one.half_life_days})
    table = ibis.memtable({"days": ages}, schema={"days": "int64"})
    columns = {str(half): freshness_expr(table["days"], ibis.literal(half, "int64")) for half in half_lives}
    for age, row in zip(ages, table.select(**columns).to_pyarrow().to_pylist(), strict=True):
        assert row == {str(half): freshness(age, half) for half in half_lives}


def test_an_exact_half_of_a_millionth_goes_up():
    assert freshness(7 * HALF_LIFE, HALF_LIFE) == 7_813  # 0.0078125


@pytest.mark.parametrize(
    ("change", "value", "because"),
    [
        ({}, 0.9, ("declared: 0.9", "freshness: 1")),
        ({"method": "inferred"}, 0.6, ("inferred: 0.6", "freshness: 1")),
        ({"at": None}, 0.45, ("declared: 0.9", "freshness: 0.5")),
        ({"conflict": True}, 0.54, ("declared: 0.9", "freshness: 1", "sources disagree: 0.6")),
        ({"value": "ada"}, 0.0, ("email: is not shaped like an e-mail address",)),
        ({"value": None}, None, ("email: nothing is known",)),
        ({"method": None}, None, ("email: nobody says how it is known",)),
    ],
)
def test_confidence_is_method_times_freshness_times_agreement(change, value, because, now):
    known = cell("ada@example.com", 0, conflict=False, now=now)._replace(**change)
    found = sure("email", known, now)
    assert (found.value, found.because) == (value, because)


def test_a_derived_value_starts_where_derived_values_start(now):
    assert sure("order_count", Cell(3), now).value == 0.75
    assert sure("area_kind", Cell("urban", epoch(now)), now).value == 0.4


def test_a_snapshot_is_as_sure_of_each_value_as_its_profile(snapshot_of, now):
    profiles = [{"kind": Cell("person", method="declared"), "email": cell(*case[:3], now)} for case in CASES]
    table = confidences(snapshot_of(profiles), now).filter(lambda row: row["field"] == "email").to_pyarrow()
    found = {row["customer_id"]: row["confidence"] for row in table.to_pylist()}
    expected = {f"c{n}": sure("email", profile["email"], now).value for n, profile in enumerate(profiles)}
    assert found == pytest.approx({name: value for name, value in expected.items() if value is not None}, abs=1e-6)
