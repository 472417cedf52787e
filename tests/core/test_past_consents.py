"""Records that were one customer and are two now: the past is shown while both of them allow it."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.core.conftest import ANN, NOW

SPLIT = NOW + timedelta(days=3)


@pytest.fixture
def split(desk):
    """Ann's record and one without a first name are one customer until that turns out to be Bob's, who says no."""
    together = {**ANN, "street": "1 High St", "city": "Bath"}
    nameless = {**together, "id": 7, "given": "", "born": "", "phone": "020 7946 0007"}
    early = desk.store()
    early.load(**desk.people("one", [together, nameless]))
    early.build()
    early.consent("1", "marketing", "given")
    early.consent("1", "customer_care", "given")
    early.close()
    later = desk.store(now=SPLIT)
    later.load(**desk.people("two", [{**nameless, "given": "Bob", "seen": "2026-02-01"}]))
    later.build()
    assert later.profile("1").customer != later.profile("7").customer
    return later


def phone_then(workspace, key, why="marketing"):
    """What the purpose sees of the telephone number, which Bob's record told, as of when both were one."""
    told = workspace.profile(key, why, as_of=NOW)
    cell = told.facets["identity"].fields.get("phone")
    return cell.value if cell else next(one["reason"] for one in told.redacted if one["field"] == "phone")


OTHER = "another customer, who was one with this one then, does not allow it"


@pytest.mark.parametrize(("who", "other"), [("7", "1"), ("1", "7")])
def test_the_word_of_either_counts_against_showing_what_was_known_of_both(split, who, other):
    assert {phone_then(split, key) for key in "17"} == {"020 7946 0007"}
    split.consent(who, "marketing", "withdrawn")
    assert phone_then(split, who) == "no consent for marketing since 2026-02-03"
    assert phone_then(split, other) == OTHER
    with split._store.database.engine.connect() as tables:
        served, withheld = tables.execute(text("SELECT served, withheld FROM receipt ORDER BY id DESC LIMIT 1")).one()
    assert (served, "phone" in withheld) == ("", True)
    assert split.profile(other, "marketing").facets["identity"].fields["family_name"].value == "Lee", (
        "today they are two"
    )
    assert phone_then(split, other, "customer_care") == "020 7946 0007"
