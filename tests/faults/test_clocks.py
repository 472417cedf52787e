"""Clocks that are turned back, days that are not 24 hours long: what was recorded in which order decides (F28)."""

from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import insight_core as ic
from insight_core.pipeline.consents import record
from insight_core.pipeline.rates import day_of
from insight_core.records.clock import epoch
from insight_core.store.sql import rows_in
from tests.core.conftest import CONSENTS
from tests.faults.conftest import NOW

HOUR = timedelta(hours=1)
# The first asks for consent; the second needs none, but honours an objection.
PURPOSES = ("marketing", "analytics")

STORIES = {
    "withdrawn, then the clock steps back": ([("given", 0), ("withdrawn", 2)], False),
    "given 'later' by a clock that was turned back": ([("given", 0), ("withdrawn", 2), ("given", 1)], False),
    "withdrawn by a clock that was turned back": ([("given", 2), ("withdrawn", 1)], False),
    "withdrawn while the clock runs back": ([("withdrawn", 3), ("given", 2), ("withdrawn", 1)], False),
    "forth and back an hour": ([("given", 0), ("withdrawn", 1), ("given", 0), ("withdrawn", 1), ("given", 0)], False),
    "given after the clock was put right": ([("withdrawn", 1), ("given", 0), ("given", 2)], True),
    "withdrawn and given in one second": ([("withdrawn", 1), ("given", 1)], True),
    "given and withdrawn in one second": ([("given", 1), ("withdrawn", 1)], False),
}


def at(built: ic.Workspace, moment: datetime) -> ic.Workspace:
    """The same store at another moment."""
    return ic.open_store(built.root, now=moment, door="test")


def seen(workspace: ic.Workspace, purpose: str) -> set[str]:
    """Whom the purpose sees, by every door alike."""
    paged = {row["customer"] for row in workspace.customers(purpose, limit=50)["rows"]}
    opened = workspace._gate.open_many([row["customer"] for row in workspace.find("Given")], purpose)
    alone = {name for name, one in opened.items() if "kind" not in one.withheld}
    assert alone == paged & set(opened)
    assert {card.customer for card in workspace.recommend(purpose=purpose) if card.abstained is None} <= paged
    return paged


def test_nothing_that_was_withdrawn_is_open_again_because_of_a_clock(built):
    """One customer for each story; the words are recorded in their order, and then everything is built."""
    customers = {story: built.find(f"Given{10 + n}")[0]["customer"] for n, story in enumerate(STORIES)}
    for story, (words, _) in STORIES.items():
        for (state, hour), purpose in product(words, PURPOSES):
            records = [one.record_id for one in built._gate.records(customers[story])]
            record(built._store, records, purpose, "*", state, epoch(NOW + hour * HOUR), story)
    built.build()
    for hour, purpose in product((-1, 4), PURPOSES):
        found = seen(at(built, NOW + hour * HOUR), purpose)
        open_again = [one for one, (_, stays) in STORIES.items() if not stays and customers[one] in found]
        assert open_again == [], (hour, purpose)
        assert hour < 0 or {customers[one] for one, (_, stays) in STORIES.items() if stays} <= found


def test_a_customer_who_withdraws_while_the_clock_is_turned_back_is_heard(built):
    customer = built.find("Given3")[0]["customer"]
    assert customer in seen(built, "marketing")
    back = at(built, NOW - HOUR)
    back.consent(customer, "marketing", "withdrawn")
    assert customer not in seen(back, "marketing")
    assert customer not in seen(built, "marketing")


def test_a_base_whose_clock_goes_forth_and_back_is_the_base_of_a_full_build(built, dice):
    customer = built.find("Given3")[0]["customer"]
    for step, hour in enumerate(dice.sample((-1, 0, 1), 3)):
        workspace = at(built, NOW + hour * HOUR)
        (made,) = workspace.fix([{"customer": customer, "field": "city", "value": f"Town {step}"}])
    workspace.undo(str(made.change))
    last = at(built, NOW + 2 * HOUR)
    last.build()
    found = last.verify()
    assert found["ok"], found["problems"]
    last.build(full=True)
    assert last.verify()["state_hash"] == found["state_hash"]


def test_receipts_hold_together_whatever_the_clock_does(built, dice):
    customer = built.find("Given3")[0]["customer"]
    for _ in range(12):
        at(built, NOW + timedelta(minutes=dice.randint(-90, 90))).profile(customer)
    found = built.verify()
    assert found["ok"], found["problems"]


WORDS = CONSENTS.replace('"status"', '"said"') + 'expires_at = "until"\n'


def test_no_consent_of_the_future_opens_a_gate_that_is_closed_without_it(built, dice, tmp_path, database):
    """Whoever is let out, and every channel, is also without the words that lie ahead of the clock."""
    (tmp_path / "words.toml").write_text(WORDS)
    words = [
        (who, dice.choice((*PURPOSES, "customer_care")), dice.choice(("*", "email", "sms")),
         dice.choice(("given", "given", "withdrawn")), NOW + dice.randint(-96, 23) * HOUR, dice.choice((None, 24, 90)))
        for who in range(40) for _ in range(dice.randint(1, 6))
    ]  # fmt: skip
    built.close()
    everything = told(database.twin(built.root, tmp_path / "all"), tmp_path, words)
    for clock in (NOW, NOW - 48 * HOUR):
        known = [one for one in words if one[3] == "withdrawn" or one[4] <= clock]
        without = told(database.twin(built.root, tmp_path / clock.strftime("%d")), tmp_path, known)
        for purpose in (*PURPOSES, "customer_care"):
            assert seen(at(everything, clock), purpose) <= seen(at(without, clock), purpose)
            assert channels(at(everything, clock), purpose) <= channels(at(without, clock), purpose)


def told(root: Path, folder: Path, words: list[tuple[Any, ...]]) -> ic.Workspace:
    """A store of these people with these words: who, purpose, channel, state, when, for how many hours."""
    lines = ["who,purpose,channel,said,at,until"]
    for who, purpose, channel, state, when, hours in words:
        until = (when + hours * HOUR).isoformat() if hours else ""
        lines.append(f"{who},{purpose},{channel},{state},{when.isoformat()},{until}")
    (folder / "words.csv").write_text("\n".join(lines) + "\n")
    workspace = ic.open_store(root, now=NOW, door="test")
    assert workspace.load([folder / "words.csv"], "crm", str(folder / "words.toml")).quarantined == 0
    workspace.build()
    return workspace


def channels(workspace: ic.Workspace, purpose: str) -> set[tuple[str, str]]:
    """Over which channels cards may speak to whom, made for all at once and for one alone."""
    together = {(card.customer, channel) for card in workspace.recommend(purpose=purpose) for channel in card.eligible}
    (customer, *_) = sorted(one["customer"] for one in workspace.find("Given1"))
    (alone,) = workspace.recommend(customer, purpose=purpose)
    assert {(customer, one) for one in alone.eligible} == {one for one in together if one[0] == customer}
    return together


_NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize("moment", [_NOON, _NOON.replace(tzinfo=None), _NOON.astimezone(timezone(2 * HOUR))])
def test_a_naive_clock_is_taken_for_utc_and_a_zone_is_heeded(tmp_path, moment):
    with closing(ic.open_store(tmp_path / "store", now=moment)) as workspace:
        assert epoch(workspace.now) == 1_769_860_800


EAST = datetime(2026, 2, 2, 0, 30, tzinfo=timezone(2 * HOUR))


def test_a_clock_of_another_zone_tells_the_instant_and_the_day_of_utc(built, monkeypatch):
    monkeypatch.setenv("INSIGHT_NOW", EAST.isoformat())
    customer = built.find("Given3")[0]["customer"]
    for one in (at(built, EAST), ic.open_store(built.root)):
        assert one.profile(customer).as_of == "2026-02-01T22:30:00Z"
        assert one.recommend(customer)[0].made_at == "2026-02-01T22:30:00Z"
        assert day_of(one.now) == "2026-02-01"


def test_a_past_moment_of_another_zone_is_told_in_utc(built):
    later = at(built, EAST + HOUR)
    assert later.profile(later.find("Given3")[0]["customer"], as_of=EAST).as_of == "2026-02-01T22:30:00Z"


CONTACTS = """
name = "contacts"
title = "Contacts"
dataset = "interactions"
source = "crm"
key = "{who}"
row_key = "{n}"
[columns]
interaction_id = "n"
occurred_at = "at"
channel = "by"
direction = "way"
"""

MOMENTS = [
    ("2025-03-30T01:59:59+01:00", 1743296399),
    ("2025-03-30T03:00:00+02:00", 1743296400),
    ("2025-03-30T02:30:00", 1743301800),  # an hour that no clock of Berlin showed: without a zone it is UTC
    ("2025-10-26T02:30:00+02:00", 1761438600),
    ("2025-10-26T02:30:00+01:00", 1761442200),
    ("2024-02-29T12:00:00Z", 1709208000),
    ("2024-02-29", 1709164800),
    ("2025-02-29", None),
    ("2025-12-31T23:59:60Z", None),
]


def test_days_of_other_lengths_are_read_as_what_they_are(built, tmp_path):
    path, recipe = tmp_path / "contacts.csv", tmp_path / "contacts.toml"
    recipe.write_text(CONTACTS)
    lines = [f"{n},0,{said},email,inbound" for n, (said, _) in enumerate(MOMENTS)]
    path.write_text("\n".join(["n,who,at,by,way", *lines]) + "\n")
    report = built.load([path], "crm", str(recipe))
    bad = [n for n, (_, known) in enumerate(MOMENTS) if known is None]
    assert (report.read, report.accepted, report.quarantined) == (len(MOMENTS), len(MOMENTS) - len(bad), len(bad))
    assert [row["line"] for row in built.quarantine(report.batch)] == [n + 2 for n in bad]
    rows = (
        built._con().con.sql(f"SELECT occurred_at FROM {rows_in(built._store.lake.paths('interactions'))}").fetchall()
    )
    assert sorted(rows) == sorted((known,) for _, known in MOMENTS if known is not None)
