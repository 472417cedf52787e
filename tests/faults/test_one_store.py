"""A loader, an editor and a reader share a store while everything is built: nobody sees a half, nothing is lost."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import insight_core as ic
from insight_core.catalogue import FACETS
from insight_core.compliance.whole import whole_of
from insight_core.errors import Busy
from tests.databases import assert_sound
from tests.faults.conftest import opened, people
from tests.processes import SERVER

ROWS = 20


def _loads(store: Path, files: list[Path], recipe: str, told: Any) -> None:
    workspace = opened(store)
    for file in files:
        workspace.load([file], "crm", recipe)
        told.put(("loaded", file.name))
    workspace.build(full=True)
    told.put(("loaded", "built"))
    workspace.close()


def _edits(store: Path, customer: str, times: int, told: Any) -> None:
    workspace = opened(store)
    for number in range(times):
        with suppress(Busy):  # it is recorded all the same
            workspace.fix([{"customer": customer, "field": "city", "value": f"Town {number}"}])
        told.put(("fixed", f"Town {number}"))
    workspace.close()


def _halves(workspace: ic.Workspace) -> list[str]:
    """What a reader sees that is half: a load in part, or a customer whose parts are of two builds."""
    loaded = sum(one["accepted"] for one in workspace.batches())
    seen = workspace.customers("customer_care", limit=500)
    names = [row["customer"] for row in seen["rows"]]
    problems = [f"{loaded} rows are loaded"] if loaded % ROWS else []
    problems += (
        [f"{len(names)} of {seen['total']} are shown"] if len(names) != seen["total"] or seen["total"] % ROWS else []
    )
    for found in whole_of(workspace._store, names):
        one, identity = found.customer, found.values["identity"]
        missing = [facet for facet in FACETS if not found.values[facet]]
        if missing or one.name != f"{identity['given_name']} {identity['family_name']}":
            problems.append(f"{one.customer_id} has no {missing}, or is called {one.name}")
    return problems


@pytest.mark.databases
def test_three_processes_on_one_store_see_nothing_half_and_lose_nothing(built, recipe, tmp_path):
    files = [people(tmp_path / f"more{n}.csv", 100 + n * ROWS, ROWS) for n in range(3)]
    customer, told = built.find("Given3")[0]["customer"], SERVER.SimpleQueue()
    both = [
        SERVER.Process(target=_loads, args=(built.root, files, recipe, told)),
        SERVER.Process(target=_edits, args=(built.root, customer, 2, told)),
    ]
    for one in both:
        one.start()
    looks = 0
    while any(one.is_alive() for one in both):
        assert _halves(built) == []
        looks += 1
    for one in both:
        one.join()
    assert [one.exitcode for one in both] == [0, 0]
    assert looks > 2
    words = [told.get() for _ in range(6)]
    assert {what for kind, what in words if kind == "loaded"} == {"built", *(one.name for one in files)}
    with built._store.engine.connect() as tables:
        assert_sound(tables)
    built.build()
    assert built.customers("customer_care", limit=1)["total"] == 40 + 3 * ROWS
    assert built.profile(customer).facets["identity"].fields["city"].value == "Town 1"
    assert len(built.history(customer)) == 2
    assert built.verify()["ok"]
