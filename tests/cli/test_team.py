"""A team's store: the whole job on the command line, with the tables in PostgreSQL, gives what it gives with SQLite."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from insight_core.store import home
from tests.cli.conftest import NOW
from tests.cli.run import Ran, insight
from tests.databases import InPostgres

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.usefixtures("database"),
    pytest.mark.parametrize("database", ["postgresql"], indirect=True),
]


def _job(ask: Callable[..., Ran], customer: str, folder: Path) -> list[Any]:
    """Look at somebody, mend a field, take it back, mend another, recommend and export; what was answered, and a hash."""

    def told(*words: object) -> Any:
        ran = ask(*words, "--json")
        assert ran.status == 0, ran.err
        return {
            name: one for name, one in ran.json.items() if name != "receipt"
        }  # its number counts earlier answers too

    def fixed(field: str, value: str) -> str:
        file = folder / "fixes.json"
        file.write_text(
            json.dumps([{"customer": customer, "field": field, "action": "correct", "value": value}]), encoding="utf-8"
        )
        return str(told("fix", file)["changes"][0]["change"])

    seen = [told("profile", customer, "--purpose", "customer_care")]
    change = fixed("given_name", "Ada")
    seen += [told("profile", customer)]
    told("undo", change)
    fixed("occupation", "engineer")
    seen += [told("stale", "--limit", 20), told("recommend", "--purpose", "marketing", "--limit", 5)["cards"]]
    table = folder / "profiles.csv"
    assert told("export", "profiles", "--purpose", "analytics", "--to", table)["rows"]
    found = told("verify")
    return [*seen, table.read_text(encoding="utf-8"), found["ok"], found["state_hash"]]


def test_the_whole_job_gives_the_same_answers_and_the_same_state_hash(
    demo, own, customer, tmp_path, database: InPostgres, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setattr(home, "address", lambda *_: None)
        first = _job(own, customer, tmp_path)
    monkeypatch.undo()  # from here on as a person does it, by the setting
    monkeypatch.setenv("INSIGHT_STORE_URL", database.new())
    team = tmp_path / "team"
    made = insight("demo", "--customers", 60, "--no-serve", "--json", "--store", team)
    assert made.status == 0, made.err
    assert made.json["customers"] == demo[1]["customers"]
    assert not (team / "profile.db").exists()
    second = _job(lambda *words: insight(*words, "--store", team, "--now", NOW), customer, tmp_path)
    assert second == first
