"""Keys are kept from build to build: what comes and goes is linked by them, and without them everybody is."""

import pytest
from sqlmodel import col, delete

import insight_core as ic
from insight_core.pipeline import gather
from insight_core.pipeline.due import last_observed
from insight_core.store.tables import Note
from tests.core.conftest import ANN, BOB, Desk

ANN_OF_SHOP = {**ANN, "id": "w7", "email": "ann@shop.example.com"}


@pytest.fixture
def shop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> tuple[ic.Workspace, int]:
    """Ann and Bob, and the batch in which a shop tells of Ann too: so few would always be built as a whole."""
    monkeypatch.setattr("insight_core.pipeline.changed._MOST", 9)
    ws = desk.store("keys")
    ws.load(**desk.people("pair", [ANN, BOB], "crm"))
    ws.build()
    batch = ws.load(**desk.people("shop", [ANN_OF_SHOP], "shop")).batch
    ws.build()
    return ws, batch or 0


def records(ws: ic.Workspace) -> list[str]:
    """Whose keys are kept."""
    query = f"SELECT DISTINCT record_id FROM {ws._store.lake.rows('keys')} ORDER BY 1"
    return [row[0] for row in ws._con().con.sql(query).fetchall()]


def refuse(*_: object) -> None:
    raise AssertionError("everybody is linked anew")


def links(ws: ic.Workspace) -> str:
    return ws.verify(explain=True)["parts"]["links"]


def test_what_comes_and_goes_is_linked_without_everybody(shop, monkeypatch):
    ws, batch = shop
    joined = links(ws)
    assert len(records(ws)) == 3
    with monkeypatch.context() as patched:
        patched.setattr(gather, "resolve_all", refuse)
        ws.unload(batch)
        ws.build()
        parted = links(ws)
    assert len(records(ws)) == 2
    ws.build(full=True)
    assert links(ws) == parted != joined
    assert len(records(ws)) == 2
    assert ws.verify()["ok"]


def test_use_of_somebody_who_is_gone_is_seen_no_more(shop):
    ws, _ = shop
    desk = Desk(ws.root.parent)
    zoe = ws.load(**desk.people("kin", [{**ANN, "id": 3, "given": "Zoe", "email": "zoe@example.com"}])).batch
    ws.load(**desk.orders("orders", [(1, "o1", "2025-06-01", 10, "tea"), (3, "o2", "2025-07-01", 5, "oats")]))
    ws.build()
    newest = last_observed(ws._store)
    ws.unload(zoe or 0)
    ws.build()
    before = last_observed(ws._store)
    ws.build(full=True)
    assert last_observed(ws._store) == before != newest


@pytest.mark.parametrize("lost", ["a file of theirs is gone", "an older release has built"])
def test_keys_that_may_not_be_whole_are_not_gone_by(shop, lost):
    ws, batch = shop
    with ws._store.write() as session:
        if lost == "a file of theirs is gone":
            ws._store.lake.relist(session, [], ws._store.lake.listed("keys")[:1])
        else:
            session.execute(delete(Note).where(col(Note.name) == "keys_of"))
    ws.unload(batch)
    ws.build()
    parted = links(ws)
    assert len(records(ws)) == 2
    ws.build(full=True)
    assert links(ws) == parted
