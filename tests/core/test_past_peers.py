"""A firm as of a past moment is compared with the firms of its industry as they were then, and with nobody else."""

from datetime import UTC, datetime, timedelta

import pytest

import insight_core as ic
from insight_core.pipeline import peers
from insight_core.pipeline.gather import gather_events

NOW = datetime(2026, 7, 1, tzinfo=UTC)
_RECIPE = """
name = "firms"
dataset = "parties"
source = "crm"
key = "{id}"
observed_at = {column = "seen"}
[constants]
kind = "organisation"
[columns]
organisation_name = "name"
industry = "industry"
"""
_ORDERS = """
name = "orders"
dataset = "usage"
source = "crm"
key = "{who}"
row_key = "{number}"
[constants]
kind = "order"
[columns]
occurred_at = "at"
amount = "amount"
"""


@pytest.fixture
def firms(tmp_path):
    """Twelve firms of two industries, each with orders of three years that go another way."""
    ws = ic.open_store(tmp_path / "store", now=NOW, door="test")
    load(ws, "firms", _RECIPE, ["id,name,industry,seen", *(f"{n},Firm {n},{'Tools' if n % 2 else 'toys '},2026-01-01" for n in range(12))])  # fmt: skip
    rows = [
        f"{n},{n}-{at},{NOW - timedelta(days=60 * at + 1):%Y-%m-%d},{100 + n * (20 - at)}"
        for n in range(12)
        for at in range(19)
    ]
    load(ws, "orders", _ORDERS, ["who,number,at,amount", *rows])
    ws.build()
    return ws


def load(ws, name, recipe, lines):
    folder = ws.root.parent
    (folder / f"{name}.toml").write_text(recipe, encoding="utf-8")
    path = folder / f"{name}-{len(ws.batches())}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ws.load([path], "crm", str(folder / f"{name}.toml"))


def direction(ws, as_of=None):
    found = ws.profile(ws.find("Firm 3")[0]["customer"], as_of=as_of).facets["business_direction"].fields
    return {name: state.value for name, state in found.items()}


def test_the_industry_of_then_is_that_of_the_firms_in_it_then(firms, monkeypatch):
    before = direction(firms)
    assert before["industry_growth"] is not None
    later = ic.open_store(firms.root, now=NOW + timedelta(days=30), door="test")
    rows = [f"{n},{n}-new,2026-06-30,9000" for n in range(1, 12, 2)]
    load(later, "orders", _ORDERS, ["who,number,at,amount", *rows])
    later.build()
    assert direction(later)["industry_growth"] != before["industry_growth"]

    looked_at, compared = [], peers.compared_then

    def watched(steps):
        looked_at.append(compared(steps))
        return looked_at[-1]

    monkeypatch.setattr("insight_core.pipeline.gather.compared_then", watched)
    assert direction(later, as_of=NOW) == before
    assert [len(some) for some in looked_at] == [6]


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [("email", "office@firm3.example", False), ("employees", "40", True), ("industry", "Toys", True)],
)
def test_a_fix_of_a_firm_reads_its_orders_only_where_the_comparison_may_change(firms, monkeypatch, field, value, read):
    gathered = []

    def watched(*given):
        gathered.append(given)
        gather_events(*given)

    monkeypatch.setattr("insight_core.pipeline.make.gather_events", watched)
    firm = firms.find("Firm 3")[0]["customer"]
    before = firms.verify()["state_hash"]
    (done,) = firms.fix([{"customer": firm, "field": field, "action": "correct", "value": value}])
    assert bool(gathered) is read
    fixed = firms.verify()["state_hash"]
    firms.build(full=True)
    assert firms.verify()["state_hash"] == fixed != before
    firms.undo(done.change)
    assert firms.verify()["state_hash"] == before
