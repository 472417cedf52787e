"""Whatever happened on the way, what is built step by step is what a full build makes of the same evidence."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from insight_core import Workspace
from insight_core.errors import UserError
from tests.core.conftest import ANN, BOB, NOW, Desk

ANN_OF_SHOP = {**ANN, "id": "w7", "given": "ANN", "marital": "married", "phone": "020 7946 0001"}
HOUSE = {"street": "1 High St", "city": "Bath"}
FILES = {
    "pair": ("people", [{**ANN, "street": "9 Low Rd", "city": "York"}, BOB], "crm"),
    "moved": ("people", [{**ANN, **HOUSE, "seen": "2025-12-20"}, {**BOB, **HOUSE, "seen": "2025-12-21"}], "crm"),
    "kin": ("people", [{"id": 3, "given": "Zoe", "family": "Lee", **HOUSE, "seen": "2025-11-01"}], "crm"),
    "shop": ("people", [ANN_OF_SHOP, {"id": "w8", "email": "x@example.com", "phone": "020 7946 0001"}], "shop"),
    # Whoever comes in between joins Ann of the shop to somebody else, and takes the link along when leaving.
    "bridge": ("people", [{**ANN_OF_SHOP, "id": "b1", "family": "Ray", "born": "1990-05-06", "given": "Bob"}], "web"),
    "twin": ("people", [{**ANN, "id": "t1", "given": "Bea"}, {**ANN, "id": "t2"}], "web"),
    # Nobody is joined to, or parted from, anybody by this.
    "again": ("people", [{**ANN, "city": "Wells", "seen": "2026-01-02"}], "crm"),
    "orders": ("orders", [(1, "o1", "2025-06-01", 10, "tea"), (3, "o2", "2025-07-01T10:00:00", 5, "oats")], None),
    "later": ("orders", [(1, "o3", "2026-01-01", 10, "tea"), (2, "o4", "2024-07-01T10:00:00", 5, "tea")], None),
    "calls": ("calls", [(1, "", "c1", "2025-03-01T10:00:00", "call", "inbound"), (1, 3, "c2", "2025-03-02T11:00:00", "call", "outbound")], None),
    "mails": ("calls", [(2, "", "c3", "2025-04-01T10:00:00", "email", "outbound"), (1, 2, "c4", "2025-05-01T10:00:00", "sms", "outbound")], None),
    "said": ("consents", [(1, "marketing", "*", "given", "2025-01-01"), (2, "marketing", "*", "withdrawn", "2025-02-01")], None),
}  # fmt: skip
FIXES = {"email": "new@example.com", "street": "1 High St", "family_name": "Ray"}


class AnyOrder(RuleBasedStateMachine):
    """Loads, unloads, fixes, undos, consents and the passing of time, with builds in between."""

    desk: Desk
    number = 0

    def __init__(self) -> None:
        super().__init__()
        AnyOrder.number += 1
        self.name = f"any-{AnyOrder.number}"
        self.ws = self.desk.store(self.name)
        self.loaded: dict[str, int] = {}
        self.changes: list[str] = []
        self.days = 0

    @rule(name=st.sampled_from(sorted(FILES)))
    def load(self, name: str) -> None:
        if name not in self.loaded:
            kind, rows, source = FILES[name]
            make: Callable[..., dict] = getattr(self.desk, kind)
            batch = self.ws.load(**(make(name, rows, source) if source else make(name, rows))).batch
            assert batch is not None
            self.loaded[name] = batch

    @precondition(lambda self: self.loaded)
    @rule(data=st.data())
    def unload(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.loaded)))
        self.ws.unload(self.loaded.pop(name))

    @precondition(lambda self: "shop" in self.loaded)
    @rule()
    def drop_the_shop(self) -> None:
        self.ws.drop_source("shop")
        del self.loaded["shop"]

    @rule()
    def build(self) -> None:
        self.ws.build()

    @rule(who=st.sampled_from("123"), field=st.sampled_from(sorted(FIXES)))
    def fix(self, who: str, field: str) -> None:
        change = {"customer": who, "field": field, "action": "correct", "value": FIXES[field]}
        self._try(lambda: self.changes.extend(str(one.change) for one in self.ws.fix([change])))

    @precondition(lambda self: self.changes)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        change = data.draw(st.sampled_from(self.changes))
        self.changes.remove(change)
        self._try(lambda: self.ws.undo(change))

    @rule(who=st.sampled_from("123"), state=st.sampled_from(["given", "withdrawn"]))
    def consent(self, who: str, state: str) -> None:
        self._try(lambda: self.ws.consent(who, "marketing", state))

    @rule(days=st.sampled_from([1, 400]))
    def wait(self, days: int) -> None:
        self.days += days
        self.ws.close()
        self.ws = self.desk.store(self.name, NOW + timedelta(days=self.days))

    def _try(self, act: Callable[[], object]) -> None:
        # nobody of that key is built yet, or the field says so already
        with suppress(UserError):
            act()

    def teardown(self) -> None:
        self.ws.build()
        stepwise, whole = both_ways(self.ws)
        self.ws.close()
        shutil.rmtree(self.ws.root)
        assert stepwise == whole


def both_ways(ws: Workspace) -> tuple[dict[str, str], dict[str, str]]:
    """The hashes of what was built step by step, and of the same built as a whole."""
    stepwise = ws.verify(explain=True)
    ws.build(full=True)
    whole = ws.verify(explain=True)
    assert stepwise["problems"] == [] == whole["problems"]
    return stepwise["parts"], whole["parts"]


@pytest.fixture(autouse=True)
def _never_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few customers would always be built, and written, as a whole."""
    monkeypatch.setattr("insight_core.pipeline.changed._MOST", 9)
    monkeypatch.setattr("insight_core.store.beside.MOST", 9)


def run(desk: Desk, examples: int, steps: int) -> None:
    machine = type("Here", (AnyOrder,), {"desk": desk})
    health = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=health,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=chosen)


@pytest.mark.slow
@pytest.mark.parametrize("large", [False, True], ids=["as in a small base", "as in a large base"])
def test_one_kind_of_evidence_after_another_is_what_a_full_build_makes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    """Of each load only what it reaches is worked out: contacts alone, records alone, and records that join others."""
    if large:  # a few customers two things at a time, all of them without a contest where there is none
        monkeypatch.setattr("insight_core.pipeline.steps._LARGE", 0)
        monkeypatch.setattr("insight_core.pipeline.make._MANY", 0)
    ws, batches = desk.store("one-by-one"), {}
    for name in ("pair", "kin", "orders", "calls", "moved", "mails", "shop", "later", "again", "said"):
        kind, rows, source = FILES[name]
        make: Callable[..., dict] = getattr(desk, kind)
        batches[name] = ws.load(**(make(name, rows, source) if source else make(name, rows))).batch
        ws.build()
    stepwise, whole = both_ways(ws)
    assert stepwise == whole
    for name in ("mails", "later", "shop"):
        ws.unload(batches[name] or 0)
        ws.build()
    stepwise, whole = both_ways(ws)
    assert stepwise == whole


def test_step_by_step_is_what_a_full_build_makes(desk: Desk) -> None:
    run(desk, examples=2, steps=8)


@pytest.mark.long
def test_the_same_for_many_longer_stories(desk: Desk) -> None:
    run(desk, examples=40, steps=25)
