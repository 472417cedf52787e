"""The same evidence gives the same profile: in any order, built after each load or at the end."""

import shutil

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.conftest import ANN, BOB


def evidence(desk):
    shop = {**ANN, "id": "w7", "given": "ANN", "marital": "married", "phone": "020 7946 0001", "seen": "2025-11-01"}
    moved = {**ANN, "street": "1 High St", "city": "Bath", "seen": "2025-12-20"}
    return [
        desk.people("crm-old", [{**ANN, "street": "9 Low Rd", "city": "York", "seen": "2024-01-01"}, BOB]),
        desk.people(
            "crm-new", [moved, {**BOB, "street": "1 High St", "city": "Bath"}, {"id": 3, "email": "x@example.com"}]
        ),
        desk.people("shop", [shop, {**shop, "born": "1980-02-04"}], source="shop", rank=20),
        desk.orders("orders", [(1, "o1", "2025-06-01", 10, "tea"), (2, "o2", "2025-07-01T10:00:00", 5, "oats")]),
        desk.consents(
            "consents",
            [(1, "marketing", "email", "given", "2025-01-01"), (1, "marketing", "*", "withdrawn", "2025-02-01")],
        ),
    ]


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(5)), builds=st.lists(st.booleans(), min_size=5, max_size=5))
def test_the_order_of_loads_and_builds_does_not_matter(desk, order, builds):
    loads = evidence(desk)
    shutil.rmtree(desk.folder / "shuffled", ignore_errors=True)
    shuffled = desk.store("shuffled")
    for number, build in zip(order, builds, strict=True):
        shuffled.load(**loads[number])
        if build:
            shuffled.build()
    shuffled.build()
    step_by_step = shuffled.verify()["state_hash"]
    shuffled.build(full=True)
    assert shuffled.verify()["state_hash"] == step_by_step == straight(desk, loads)


def straight(desk, loads):
    """The hash of the loads in their order, one build at the end; made once."""
    first = not (desk.folder / "straight").exists()
    workspace = desk.store("straight")
    if first:
        for one in loads:
            workspace.load(**one)
        workspace.build()
    return workspace.verify()["state_hash"]


def test_an_older_file_never_overwrites_newer_truth(desk):
    workspace = desk.store()
    workspace.load(**desk.people("new", [{**ANN, "city": "Bath", "seen": "2025-12-01"}]))
    workspace.load(**desk.people("old", [{**ANN, "city": "York", "seen": "2020-12-01"}]))
    workspace.build()
    assert workspace.profile("1").facets["identity"].fields["city"].value == "Bath"


def test_a_second_build_has_nothing_to_do(two_people):
    workspace = two_people()
    assert workspace.build().changed == 0
    assert workspace.build(full=True).changed == 0
