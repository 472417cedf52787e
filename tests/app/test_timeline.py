"""The timeline counts what the channel mix counts, and tells the rest apart."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import insight_core as ic
from app import text
from app.components import timeline
from app.components.seen import NEWEST
from tests.app.conftest import write_csv
from tests.app.test_profile import customer, told

Show = Callable[..., AppTest]

_BESIDE = """
name = "beside"
title = "Calls among customers"
dataset = "interactions"
source = "crm"
key = "{who}"
counterpart = "{whom}"
[columns]
occurred_at = "at"
channel = "channel"
direction = "direction"
"""
_ORDERS = """
name = "orders"
title = "Orders"
dataset = "usage"
source = "crm"
key = "{who}"
[constants]
kind = "order"
[columns]
usage_id = "number"
occurred_at = "at"
channel = "channel"
"""


@pytest.fixture
def busy(base: ic.Workspace, tmp_path: Path) -> ic.Workspace:
    """The base with calls among customers, orders by channel and a card that was used."""
    calls = [("6", "7", f"2026-05-{day:02}T10:00", "call", "outbound") for day in range(1, 8)]
    orders = [("6", f"o{day}", f"2026-05-{day:02}", "app") for day in range(1, 4)]
    for name, recipe, head, rows in (
        ("beside", _BESIDE, ("who", "whom", "at", "channel", "direction"), calls),
        ("orders", _ORDERS, ("who", "number", "at", "channel"), orders),
    ):
        (tmp_path / f"{name}.toml").write_text(recipe, "utf-8")
        base.load([write_csv(tmp_path / f"{name}.csv", head, rows)], "crm", str(tmp_path / f"{name}.toml"))
    base.build()
    return base


def test_each_channel_has_as_many_contacts_as_the_channel_mix_says(busy: ic.Workspace, show: Show) -> None:
    who = customer(busy, 6)
    mix = {one["name"]: one["count"] for one in busy.profile(who).facets["usage_pattern"].fields["channel_mix"].value}
    mix = {text.words(name): count for name, count in mix.items()}
    lanes = timeline.by_lane(busy.timeline(who))
    assert mix
    assert lanes == mix | {"with other customers": 7, "orders and use": 3}
    said = told(show("profile", customer=who, timeline="true"))
    assert "with other customers (7)" in said
    assert "Call, with other customers" in said or "call, with other customers" in said


def test_of_more_events_than_are_looked_at_it_says_so(busy: ic.Workspace, show: Show, tmp_path: Path) -> None:
    rows = [("6", f"n{at}", f"2026-04-{1 + at % 28:02}", "app") for at in range(NEWEST)]
    (tmp_path / "many.toml").write_text(_ORDERS.replace('"orders"', '"many"'), "utf-8")
    busy.load(
        [write_csv(tmp_path / "many.csv", ("who", "number", "at", "channel"), rows)], "crm", str(tmp_path / "many.toml")
    )
    busy.build()
    said = told(show("profile", customer=customer(busy, 6)))
    assert f"Of the newest {NEWEST} mostly orders and use" in said
    assert f"The newest {NEWEST} events by channel" in said
