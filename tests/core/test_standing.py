"""How the figures of a base are spread: enough to place one customer, too little to know another."""

from datetime import UTC, date, datetime

import ibis
import pyarrow as pa

from insight_core.pipeline.standing import FIGURES, standing

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def base(people: int) -> ibis.Table:
    numbers = list(range(people))
    figures = {name for names in FIGURES.values() for name in names} - {"age"}
    columns = {name: pa.array([None] * people, pa.int64()) for name in figures}
    columns |= {
        "kind": ["person"] * people,
        "birth_date": [date(1970, 7, 1) if n % 2 else None for n in numbers],
        "annual_income": pa.array([n * 1000 * 1_000_000 for n in numbers], pa.int64()),
        "interest_share": pa.array([(n % 2) * 1_000_000 for n in numbers], pa.int64()),
        "top_interest": ["music"] * (people - 5) + ["chess"] * 5,
    }
    return ibis.memtable(pa.table(columns))


def test_figures_come_as_people_read_them() -> None:
    spread = standing(base(101), NOW)["person"]
    assert spread["annual_income"]["of"] == 101
    assert spread["annual_income"]["marks"][0] == 5000
    assert spread["annual_income"]["marks"][9] == 50_000
    assert spread["age"]["of"] == 50
    assert round(spread["age"]["marks"][9]) == 56


def test_the_least_and_the_most_are_not_told() -> None:
    marks = standing(base(101), NOW)["person"]["annual_income"]["marks"]
    assert len(marks) == 19
    assert 0 < marks[0] < marks[-1] < 100_000


def test_what_few_say_is_left_out() -> None:
    told = standing(base(30), NOW)
    assert "annual_income" in told["person"]
    assert "age" not in told["person"], "fifteen of thirty have a birth date"
    assert told["organisation"] == {}
    assert list(told["interests"]) == ["music"]
