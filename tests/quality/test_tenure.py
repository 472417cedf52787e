"""Tenure: the months that follow from the first day, where no source counted them."""

from datetime import date

import pytest

from insight_core.quality import Cell, score_all, state_of, states_of, with_tenure
from insight_core.quality.scores import SCORES, micro
from insight_core.records.clock import epoch
from tests.quality.conftest import judged, scored

# first day, months told, months as read on 1 June 2026 (None: not known)
CASES = [
    (date(2020, 6, 1), None, 72),
    (date(2020, 6, 2), None, 71),
    (date(2026, 6, 1), None, 0),
    (date(2026, 5, 31), None, 0),
    (date(2024, 2, 29), None, 27),
    (date(2026, 6, 2), None, None),
    (None, None, None),
    (None, 12, 12),
    (date(2020, 6, 1), 12, 12),
]


def profile(now, since, told):
    cells = {"kind": Cell("person", epoch(now)), "customer_since": Cell(since, epoch(now))}
    return cells | {"tenure_months": Cell(told, epoch(now), False, "declared", "crm")}


@pytest.mark.parametrize(("since", "told", "months"), CASES)
def test_months_follow_from_the_first_day_unless_a_source_tells_them(since, told, months, now):
    cell = with_tenure(profile(now, since, told), now)["tenure_months"]
    assert cell.value == months
    assert cell.method == ("declared" if told is not None or months is None else "derived")


def test_what_follows_is_of_today_and_never_ages(now):
    cells = with_tenure(profile(now, date(1990, 1, 1), None), now)
    assert state_of("tenure_months", cells, now)[:2] == ("fresh", "0 days old, half-life 90 days")


def test_a_table_knows_tenure_where_each_profile_does(snapshot_of, now):
    world = [profile(now, since, told) for since, told, _ in CASES]
    rows = judged(world, now).select("customer_id", "tenure_months__code").to_pyarrow().to_pylist()
    known = {row["customer_id"]: row["tenure_months__code"] > 0 for row in rows}
    assert known == {f"c{n}": months is not None for n, (*_, months) in enumerate(CASES)}
    table = score_all(snapshot_of(world), "analytics", now).to_pyarrow().to_pylist()
    for row in table:
        cells = with_tenure(world[int(row["customer_id"][1:])], now)
        assert "tenure_months" not in states_of(cells, now) or cells["tenure_months"].value is not None
        four = scored(cells, "person", "analytics", now)["overall"]
        assert {name: row[name] for name in SCORES} == {name: micro(score) for name, score in four.items()}
