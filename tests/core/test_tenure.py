"""Tenure: told on every door where the first day is known, and of the moment at which one looks."""

import json
from datetime import UTC, datetime

import pytest

from tests.core.conftest import PARTIES

SINCE = PARTIES + 'customer_since = "since"\n'


@pytest.fixture
def workspace(desk):
    path = desk.folder / "since.csv"
    path.write_text("id,given,family,since,seen\n1,Ann,Lee,2020-11-30,2025-12-01\n2,Bob,Ray,,2025-12-01\n", "utf-8")
    text = "\n".join(
        line for line in SINCE.format(source="crm", rank=50).splitlines()
        if line.split(" = ")[0] not in ("birth_date", "email", "phone", "street", "city", "marital_status", "annual_income")
    )  # fmt: skip
    made = desk.store()
    made.load([path], "crm", desk.recipe(text, "since"))
    made.build()
    return made


def test_a_profile_tells_the_months_by_its_own_clock(desk, workspace):
    told = workspace.profile("1").facets["usage_pattern"].fields["tenure_months"]
    assert (told.value, told.method, told.state) == (62, "derived", "fresh")
    assert told.evidence == workspace.profile("1").facets["identity"].fields["customer_since"].evidence
    later = desk.store(now=datetime(2027, 1, 31, tzinfo=UTC))
    assert later.profile("1").facets["usage_pattern"].fields["tenure_months"].value == 74
    assert workspace.profile("2").facets["usage_pattern"].fields["tenure_months"].value is None


def test_nobody_is_asked_to_mend_what_follows(workspace):
    ann, bob = (workspace.find(f"key={key}")[0]["customer"] for key in "12")
    assert [one.customer for one in workspace.stale(field="tenure_months", limit=10)] == [bob]
    found = {
        state: [one["customer"] for one in workspace.customers("customer_care", field="tenure_months", state=state)["rows"]]
        for state in ("known", "missing", "fresh")
    }  # fmt: skip
    assert found == {"known": [ann], "missing": [bob], "fresh": [ann]}


def test_an_export_has_the_months_too(workspace, tmp_path):
    workspace.export("profiles", "customer_care", tmp_path / "all.json")
    rows = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert sorted((row["given_name"], row["tenure_months"]) for row in rows) == [("Ann", 62), ("Bob", None)]


def test_a_steward_who_knows_better_is_believed(workspace):
    change = workspace.fix([{"customer": "1", "field": "tenure_months", "value": 50, "expects": 62}])[0]
    assert (change.before, change.after) == (62, 50)
    assert workspace.profile("1").facets["usage_pattern"].fields["tenure_months"].value == 50
    assert change.change
    assert workspace.undo(change.change)[0].after == 62
