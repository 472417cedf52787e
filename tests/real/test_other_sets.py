"""The classic telco table and a simulated census: other shapes, other gaps."""

from datetime import UTC, datetime

import pytest

import insight_core as ic

pytestmark = pytest.mark.real


@pytest.fixture
def workspace(tmp_path):
    opened = ic.open_store(tmp_path / "store", now=datetime(2041, 1, 1, tzinfo=UTC))
    yield opened
    opened.close()


def test_the_telco_table_gives_services_contract_and_charges(workspace, real_data):
    report = workspace.load([real_data("ibm_telco") / "Telco-Customer-Churn.csv"], "telco")
    assert (report.read, report.quarantined) == (7_043, report.read - report.accepted)
    assert workspace.build().customers == report.accepted
    usage = workspace.profile("7590-VHVEG").facets["usage_pattern"].fields
    assert (usage["tenure_months"].value, usage["monthly_charges"].value) == (1, 29.85)
    assert usage["contract_type"].value
    # 7590-VHVEG has a partner and lives with nobody who depends on her; of 5575-GNVDE only the latter is certain.
    told = [workspace.profile(one).facets for one in ("7590-VHVEG", "5575-GNVDE")]
    assert [one["demographics"].fields["marital_status"].value for one in told] == ["partnered", None]
    assert [one["life_stage"].fields["children_at_home"].value for one in told] == [0, 0]


def test_the_census_is_read_whole_and_follows_people_over_ten_years(workspace, real_data):
    report = workspace.load([real_data("pseudopeople") / "decennial_census.parquet"], "census")
    assert (report.read, report.accepted + report.quarantined) == (33_330, 33_330)
    built = workspace.build()
    assert 15_000 < built.customers < 25_000
    sizes = workspace.customers("customer_care", sort="household_size", descending=True, limit=1)["rows"][0]
    assert 2 <= sizes["household_size"] <= 15
