"""The demonstration anew: everything done in it goes, and nothing but a demonstration is ever wiped."""

import insight_core as ic
from tests.core.conftest import ANN
from tests.jobs.conftest import until


def test_a_demonstration_starts_anew_without_what_was_done_in_it(desk):
    ws = desk.store()
    first = until(ws, ic.jobs.start(ws, "demo", customers=20))
    assert (first.state, first.message) == ("done", "")
    hashed = ws.verify()["state_hash"]
    who = ws.customers("customer_care", limit=1)["rows"][0]["customer"]
    ws.consent(who, "marketing", "withdrawn")
    ws.fix([{"customer": who, "field": "city", "action": "correct", "value": "Dover"}])
    seen = until(ws, ic.jobs.start(ws, "reset"))
    assert (seen.state, seen.message) == ("done", "")
    again = ws.verify()
    assert (again["ok"], again["state_hash"], ws.history()) == (True, hashed, [])


def test_a_store_of_other_loads_is_not_wiped(desk):
    ws = desk.store()
    ws.load(**desk.people("people", [ANN]))
    assert "is no demonstration's" in until(ws, ic.jobs.start(ws, "reset")).message
    (ws.root / "demo.json").write_text('{"customers": 20, "seed": 1}')
    seen = until(ws, ic.jobs.start(ws, "reset"))
    assert seen.message.startswith("The store holds other loads as well: batch 1 from crm.")
    assert [one["unloaded_at"] for one in ws.batches()] == [None]
