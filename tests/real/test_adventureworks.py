"""AdventureWorks, on which nothing here was tuned: a bicycle maker's customers, and an older edition of them."""

from datetime import UTC, datetime

import pytest

import insight_core as ic

pytestmark = pytest.mark.real

NOW = datetime(2014, 2, 1, tzinfo=UTC)
TABLES = ("DimCustomer", "DimGeography", "DimReseller", "FactInternetSales", "FactResellerSales", "DimProduct")


def loaded(real_data, workspace):
    """Loads both editions; what became of their rows, by table."""
    folder = real_data("adventureworks") / "dw_parquet"
    reports = {name: workspace.load([folder / f"{name}.parquet"], "adventureworks") for name in TABLES}
    older = real_data("packt_adventureworks") / "AdventureWorks_Customers.csv"
    return reports | {"older": workspace.load([older], "older")}


@pytest.fixture(scope="module")
def warehouse(real_data, tmp_path_factory):
    workspace = ic.open_store(tmp_path_factory.mktemp("warehouse"), now=NOW)
    reports = loaded(real_data, workspace)
    workspace.build()
    yield workspace, reports
    workspace.close()


def values(workspace, key, facet):
    return {name: one.value for name, one in workspace.profile(key).facets[facet].fields.items()}


def test_every_row_is_accounted_for(warehouse):
    _, reports = warehouse
    read = {name: one.read for name, one in reports.items()}
    assert read == {"DimCustomer": 18_484, "DimGeography": 655, "DimReseller": 701, "FactInternetSales": 60_398,
                    "FactResellerSales": 60_855, "DimProduct": 606, "older": 18_148}  # fmt: skip
    assert all(one.accepted == one.read for one in reports.values())


def test_people_and_resellers_come_out_and_the_older_edition_adds_nobody(warehouse):
    workspace, _ = warehouse
    assert workspace.overview("customer_care")["kinds"] == {"person": 18_484, "organisation": 701}


def test_customer_11000_is_who_he_is(warehouse):
    workspace, _ = warehouse
    profile = workspace.profile("11000")
    assert (profile.name, profile.kind) == ("Jon Yang", "person")
    known = values(workspace, "11000", "demographics")
    assert (known["birth_date"], known["marital_status"], known["annual_income"]) == ("1971-10-06", "married", 90_000)
    family = values(workspace, "11000", "life_stage")
    assert (family["children_total"], family["children_at_home"]) == (2, 0)
    orders = values(workspace, "11000", "usage_pattern")
    assert (orders["order_count"], orders["order_value"], orders["last_order_date"]) == (3, 8248.99, "2013-05-03")
    assert values(workspace, "11000", "identity")["city"] == "Rockhampton"


def test_editions_that_disagree_show_a_conflict_settled_by_the_rule(warehouse):
    workspace, _ = warehouse
    born = workspace.profile("11000").facets["demographics"].fields["birth_date"]
    assert (born.state, born.source) == ("conflicting", "adventureworks")
    told = {row["source"]: row["birth_date"] for row in workspace.evidence("11000", field="birth_date")}
    assert told == {"adventureworks": "1971-10-06", "older": "1966-04-08"}


def test_a_shared_phone_string_makes_no_household(warehouse):
    workspace, _ = warehouse
    members = workspace.profile("11000").facets["household"].fields
    assert members["household_size"].value == 1


def test_an_answer_that_reads_na_is_an_answer(warehouse, real_data):
    workspace, _ = warehouse
    path = real_data("packt_adventureworks") / "AdventureWorks_Customers.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    place = lines[0].split(",").index("Gender")
    key = next(line.split(",")[0] for line in lines[1:] if line.split(",")[place] == "NA")
    told = {row["source"]: row["gender"] for row in workspace.evidence(key, field="gender")}
    assert told["older"] == "undisclosed"


def test_the_store_is_whole(warehouse):
    workspace, _ = warehouse
    assert workspace.verify()["problems"] == []
