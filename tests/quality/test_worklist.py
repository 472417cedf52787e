"""The worklist: most valuable first, each row with its reason."""

from datetime import date, timedelta

import pytest

from insight_core.catalogue import field, fields
from insight_core.quality import Cell, Problem, applies, shares, state_of
from insight_core.quality.applies import OPTIONAL
from insight_core.quality.clock import clock_at
from insight_core.quality.loss import loss
from insight_core.quality.worklist import matter
from insight_core.records.clock import DAY, epoch
from tests.quality.conftest import judged


def listed(profiles, purpose, limit=1000):
    """The cells worth fixing, most valuable first."""
    rows = shares.worth(judged(profiles), purpose, shares.fixable(purpose)).to_pyarrow().to_pylist()
    columns = ("loss", "customer_id", "field", "problem", "broken", "days", "bounced")
    cells = sorted(Problem(*(row[name] for name in columns)) for row in rows)
    return cells[:limit]


def kind_of(profile):
    return profile["kind"].value if "kind" in profile else None


def one_of_each(now):
    day = epoch(now)
    return {
        "kind": Cell("person", day),
        "email": Cell("ada", day),
        "phone": Cell("+1 555 010 0199", day, conflict=True),
        "street": Cell("1 Mill Lane", day - 40 * DAY),
        "street_bounced_at": Cell(day - 29 * DAY, day),
        "city": Cell("Paris", day - 3650 * DAY),
        "region": Cell("Texas", None),
        "annual_income": Cell(-1_500_000, day),
        "birth_date": Cell(date(2031, 1, 1), None),
        "order_count": Cell(3, day),
        "last_interaction_at": Cell(day - 10 * DAY, day - 3000 * DAY),
    }


def test_each_row_says_what_is_the_matter_and_what_it_is_worth(now):
    rows = {one.field: one for one in listed([one_of_each(now)], "marketing")}
    told = {name: (one.state, one.because("marketing", "person"), -one.loss) for name, one in rows.items()}
    assert told["email"] == ("invalid", "is not shaped like an e-mail address", 5 * 1_000_000 * 5)
    assert told["phone"] == ("conflicting", "sources disagree", 3 * 600_000 * 5)
    assert told["street"] == ("conflicting", "a message to it came back on 2026-05-03", 2 * 1_000_000 * 5)
    assert told["city"] == ("stale", "3650 days old, half-life 1095 days", 1 * (1_000_000 - 99_213) * 5)
    assert told["annual_income"] == ("invalid", "is negative", 2 * 1_000_000 * 5)
    assert told["birth_date"] == ("invalid", "lies in the future", 3 * 1_000_000 * 5)
    missing = "missing: 3% of what marketing needs"
    assert told["given_name"] == ("missing", missing, 4 * 1_000_000 * 5)
    assert not {"region", "order_count", "last_interaction_at", "stage", "middle_name", "industry"} & set(told)


def test_the_heaviest_comes_first_and_ties_go_by_customer_and_field(now):
    rows = listed([{}, {"kind": Cell("organisation", epoch(now))}], "marketing")
    assert [one.loss for one in rows] == sorted(one.loss for one in rows)
    assert [(one.customer, one.field) for one in rows[:3]] == [
        ("c0", "email"), ("c1", "email"), ("c1", "organisation_name"),
    ]  # fmt: skip


def test_the_worklist_is_what_each_profile_says_of_itself(now):
    world = [one_of_each(now), {"kind": Cell("organisation", None), "employees": Cell(-3, epoch(now))}, {}]
    expected = set()
    for n, profile in enumerate(world):
        kind = profile.get("kind", Cell()).value
        weight = 5 if n == 0 else 1
        for one in fields():
            state = state_of(one.name, profile, now)
            worth = one.weights.get("analytics", 0) * loss(state) * weight
            counts = applies(one.name, kind) and (state.name != "unknown" or one.name not in OPTIONAL)
            if worth and counts and one.origin == "asserted":
                expected.add((f"c{n}", one.name, state.name.replace("unknown", "missing"), worth))
    rows = listed(world, "analytics")
    assert {(one.customer, one.field, one.state, -one.loss) for one in rows} == expected
    for one in rows:
        profile = world[int(one.customer[1:])]
        told = one.because("analytics", kind_of(profile))
        assert one.state == "missing" or told == state_of(one.field, profile, now).reason
    assert len(rows) == len(expected)


@pytest.mark.parametrize(
    ("days_since_contact", "days_since_order", "contacts", "orders", "status", "worth"),
    [
        (None, None, None, None, None, 1),
        (90, None, None, None, "active", 4),
        (91, None, None, None, None, 3),
        (366, None, None, None, None, 2),
        (1096, None, None, None, None, 1),
        (1096, 90, None, None, None, 4),
        (None, 365, None, None, None, 3),
        (90, None, 2, 1, None, 5),
        (90, None, 6, 6, None, 6),
        (90, 90, 99, 99, "closed", 1),
    ],
)
def test_a_customer_matters_by_recency_and_activity(
    days_since_contact, days_since_order, contacts, orders, status, worth, snapshot_of, now
):
    def at(days):
        return None if days is None else epoch(now) - days * DAY

    def on(days):
        return None if days is None else now.date() - timedelta(days=days)

    values = {
        "last_interaction_at": at(days_since_contact),
        "last_order_date": on(days_since_order),
        "interaction_count": contacts,
        "order_count": orders,
        "account_status": status,
    }
    table = snapshot_of([{name: Cell(value) for name, value in values.items()}])
    assert table.select(matter=matter(table, clock_at(now))).to_pyarrow().to_pylist() == [{"matter": worth}]


def test_every_listed_field_can_be_fixed(now):
    rows = listed([{}, one_of_each(now)], "customer_care")
    assert all(field(one.field).origin == "asserted" for one in rows)
