"""The history of a value: who spoke, why one won, and what it was as of past moments."""

from datetime import UTC, datetime

import pytest

from insight_core.catalogue import field
from insight_core.pipeline.spoken import words_of
from insight_core.pipeline.value_history import histories, history
from insight_core.records.clock import DAY, epoch
from insight_core.store.tables import Correction


def at(day: str) -> int:
    return epoch(datetime.fromisoformat(day).replace(tzinfo=UTC))


NOW = at("2026-07-01")


def row(record: str, city: str | None, observed: str | None = None, **more):
    said = {
        "record_id": record, "evidence": 1, "batch": 1, "source": "crm", "key": record, "method": "declared", "rank": 0,
        "observed_at": at(observed) if observed else None, "verified_at": None, "recorded_at": at("2026-06-01"),
        "city": city,
    }  # fmt: skip
    return said | more


def fix(change: str, city: str, made: str, undone: str | None = None, action: str = "correct") -> Correction:
    return Correction(
        change=change, change_set="s", customer_id="a", anchors=["a"], field="city", action=action, value=city,
        before=None, observed_at=at(made), verified_at=at(made), undone_at=at(undone) if undone else None,
    )  # fmt: skip


def told(rows, fixes=(), now: int = NOW):
    return history(field("city"), words_of(field("city"), rows, fixes), now)


def steps(rows, fixes=(), now: int = NOW) -> list[tuple[str, str | None, str]]:
    return [(one["from"][:10], one["value"], one["how"]) for one in told(rows, fixes, now).steps]


@pytest.mark.parametrize(
    ("one", "other", "won", "lost"),
    [
        (row("a", "Bern", method="declared"), row("b", "Chur", method="observed"),
         "declared outranks observed", "observed ranks below declared"),
        (row("a", "Bern", "2025-02-01"), row("b", "Chur", "2024-03-05"),
         "observed 1 Feb 2025, the next 5 Mar 2024", "observed 5 Mar 2024, the chosen one 1 Feb 2025"),
        (row("a", "Bern", rank=50), row("b", "Chur", rank=10),
         "of a source with rank 50, the next has 10", "of a source with rank 10, the chosen one has 50"),
        (row("b", "Bern"), row("a", "Chur"),
         "equal in all else; the larger record id decides", "equal in all else; the larger record id decides"),
        (row("a", "Bern", "2025-02-01"), row("b", "Bern"),
         "observed 1 Feb 2025, the next at no known time",
         "says the same; observed at no known time, the chosen one 1 Feb 2025"),
    ],
)  # fmt: skip
def test_the_stronger_word_wins_and_both_say_why(one, other, won: str, lost: str) -> None:
    for rows in ([one, other], [other, one]):
        spoke = told(rows).spoke
        assert [(said["value"], said["won"], said["why"]) for said in spoke] == [
            ("Bern", True, won),
            (other["city"], False, lost),
        ]


def test_a_single_word_needs_no_rival() -> None:
    assert [one["why"] for one in told([row("a", "Bern")]).spoke] == ["the only one that speaks"]


def test_every_change_of_value_is_a_step_and_the_same_value_again_is_none() -> None:
    rows = [row("a", "Bern", "2020-01-01"), row("b", "Bern", "2021-01-01"), row("c", "Chur", "2022-01-01")]
    assert steps(rows) == [("2022-01-01", "Chur", "crm said so"), ("2020-01-01", "Bern", "crm said so")]
    assert [one["until"] for one in told(rows).steps] == [None, "2022-01-01T00:00:00Z"]


def test_what_nobody_dated_counts_from_when_it_was_learnt() -> None:
    assert steps([row("a", "Bern")]) == [("2026-06-01", "Bern", "crm said so")]


def test_a_fix_takes_over_is_undone_and_lapses() -> None:
    rows = [row("a", "Bern", "2020-01-01")]
    assert steps(rows, [fix("c1", "Chur", "2026-06-10", undone="2026-06-20")]) == [
        ("2026-06-20", "Bern", "the steward's change was undone"),
        ("2026-06-10", "Chur", "a steward corrected it"),
        ("2020-01-01", "Bern", "crm said so"),
    ]
    newer = [*rows, row("b", "Genf", "2026-06-30")]
    lapse = at("2026-06-10") + (field("city").half_life_days or 0) * DAY
    assert steps(newer, [fix("c1", "Chur", "2026-06-10")])[0] == ("2026-06-10", "Chur", "a steward corrected it")
    assert steps(newer, [fix("c1", "Chur", "2026-06-10")], lapse)[0][1:] == ("Genf", "the steward's word lapsed")


def test_a_confirmation_is_a_step_though_the_value_stands() -> None:
    found = steps([row("a", "Bern", "2020-01-01")], [fix("c1", "Bern", "2026-06-10", action="confirm")])
    assert found == [("2026-06-10", "Bern", "a steward confirmed it"), ("2020-01-01", "Bern", "crm said so")]


def test_what_was_undone_says_so() -> None:
    spoke = told([row("a", "Bern", "2020-01-01")], [fix("c1", "Chur", "2026-06-10", undone="2026-06-20")]).spoke
    assert [(one["value"], one["why"]) for one in spoke] == [
        ("Bern", "the only one that speaks"),
        ("Chur", "was undone"),
    ]


def test_as_of_a_past_moment_only_what_was_learnt_by_then_speaks() -> None:
    rows = [row("a", "Bern", "2020-01-01", recorded_at=at("2020-02-01")), row("b", "Chur", "2022-01-01")]
    assert histories(rows, [], at("2026-05-01"))["city"].steps[0]["value"] == "Bern"
    assert histories(rows, [], NOW)["city"].steps[0]["value"] == "Chur"


def test_of_a_field_that_the_gate_kept_back_nothing_is_told() -> None:
    kept = [{name: value for name, value in row("a", "Bern").items() if name != "city"}]
    assert "city" not in histories(kept, [fix("c1", "Chur", "2026-06-10")], NOW)
