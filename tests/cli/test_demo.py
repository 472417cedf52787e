"""The demonstration keeps to itself: one world to a store, and none among other loads."""

import json

from tests.cli.run import insight


def test_a_world_is_not_mixed_into_other_loads(tmp_path):
    table = tmp_path / "kunden.csv"
    table.write_text("id,first name,last name,email\n1,Ann,Lee,ann@example.com\n")
    store = tmp_path / "store"
    recipe = tmp_path / "kunden.toml"
    assert insight("load", table, "--source", "shop", "--store", store, "--propose", recipe).status == 0
    assert insight("load", table, "--source", "shop", "--store", store, "--recipe", recipe).status == 0
    refused = insight("demo", "--customers", 20, "--no-serve", "--store", store)
    assert refused.status == 2
    assert "holds other loads already" in refused.err


def test_the_same_world_may_come_twice_and_changes_nothing(tmp_path):
    words = ("demo", "--customers", 20, "--no-serve", "--store", tmp_path / "store", "--json")
    first, second = json.loads(insight(*words).out), json.loads(insight(*words).out)
    assert (first["customers"], first["records"]) == (second["customers"], second["records"])
    assert insight("demo", "--customers", 21, "--no-serve", "--store", tmp_path / "store").status == 2
