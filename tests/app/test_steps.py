"""What long work is at is told in words, on the page and nowhere else at once."""

import re

import pytest

import insight_core as ic
from app import steps


@pytest.mark.parametrize("full", [True, False])
def test_every_step_of_a_build_has_words_of_its_own(base: ic.Workspace, full: bool) -> None:
    if not full:
        somebody = base.customers("customer_care", limit=1)["rows"][0]["customer"]
        base.fix([{"customer": somebody, "field": "city", "action": "correct", "value": "Bexley"}])
    seen: set[str] = set()
    base.build(full=full, progress=lambda step, _done, _of: seen.add(step))
    told = {step: steps.told(step) for step in seen}
    assert seen
    assert {step for step, say in told.items() if "_" in say or say == step or not re.match(r"\w+ing\b", say)} == set()


def test_what_is_told_in_words_already_stays() -> None:
    assert steps.told("waiting for load to end") == "waiting for load to end"
