"""Real sets: every row accounted for, and known facts come out as they are."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from insight_core.intake import load_recipe, recipes, recognise

pytestmark = pytest.mark.real

SHIPPED = Path(__file__).parents[2] / "data" / "recipes"
WAREHOUSE = "adventureworks/dw_parquet"

# The simulated census goes to 2040.
AFTER_ALL = datetime(2041, 1, 1, tzinfo=UTC)

SETS = [
    ("adventureworks-customers", [f"{WAREHOUSE}/DimCustomer.parquet"], 18_484),
    ("adventureworks-geography", [f"{WAREHOUSE}/DimGeography.parquet"], 655),
    ("adventureworks-products", [f"{WAREHOUSE}/DimProduct.parquet"], 606),
    ("adventureworks-resellers", [f"{WAREHOUSE}/DimReseller.parquet"], 701),
    ("adventureworks-internet-sales", [f"{WAREHOUSE}/FactInternetSales.parquet"], 60_398),
    ("adventureworks-reseller-sales", [f"{WAREHOUSE}/FactResellerSales.parquet"], 60_855),
    ("adventureworks-survey", [f"{WAREHOUSE}/FactSurveyResponse.parquet"], 2_727),
    ("packt-customers", ["packt_adventureworks/AdventureWorks_Customers.csv"], 18_148),
    ("packt-products", ["packt_adventureworks/AdventureWorks_Products.csv"], 293),
    ("packt-sales", [f"packt_adventureworks/AdventureWorks_Sales_{year}.csv" for year in (2017, 2018, 2019)], 56_046),
    ("telco-churn", ["ibm_telco/Telco-Customer-Churn.csv"], 7_043),
    ("pseudopeople-census", ["pseudopeople/decennial_census.parquet"], 33_330),
]  # fmt: skip


def located(real_data: Callable[[str], Path], path: str) -> Path:
    folder, _, rest = path.partition("/")
    return real_data(folder) / rest


@pytest.mark.parametrize(("name", "files", "rows"), SETS, ids=[case[0] for case in SETS])
def test_every_row_of_a_set_is_read(real_data, read, name, files, rows):
    paths = [located(real_data, one) for one in files]
    known = recognise(paths[0], recipes([SHIPPED]))
    assert known
    assert known.name == name
    outcome = read(paths, load_recipe(name, [SHIPPED]), now=AFTER_ALL)
    assert (outcome.parsed.read, outcome.parsed.quarantined) == (rows, 0)


def test_customer_11000_is_told_differently_by_the_two_editions(real_data, read):
    warehouse = read([located(real_data, SETS[0][1][0])], load_recipe("adventureworks-customers", [SHIPPED])).rows
    older = read([located(real_data, SETS[7][1][0])], load_recipe("packt-customers", [SHIPPED])).rows
    new, old = (next(row for row in rows if row["key"] == "11000") for rows in (warehouse, older))
    assert (new["given_name"], new["family_name"], new["marital_status"]) == ("Jon", "Yang", "married")
    assert (new["annual_income"], new["children_total"], new["children_at_home"]) == (90_000_000_000, 2, 0)
    assert (new["birth_date"], old["birth_date"]) == (date(1971, 10, 6), date(1966, 4, 8))
    assert new["observed_at"] > old["observed_at"]


def test_na_is_an_answer_in_the_older_edition(real_data, read):
    outcome = read([located(real_data, SETS[7][1][0])], load_recipe("packt-customers", [SHIPPED]))
    assert sum(row["gender"] == "undisclosed" for row in outcome.rows) == 130


def test_blank_totals_of_the_telephone_company_are_unknown(real_data, read):
    outcome = read([located(real_data, SETS[10][1][0])], load_recipe("telco-churn", [SHIPPED]))
    assert sum(row["total_charges"] is None for row in outcome.rows) == 11


def test_the_workbook_s_order_numbers_are_turned_back(real_data, read):
    recipe = 'dataset="usage"\nkey="{CustomerID}"\nrow_key="{SalesOrderID}"\n[columns]\noccurred_at="OrderDate"\namount="TotalDue"\n'
    outcome = read([located(real_data, "adventureworks/xlsx/SalesOrderHeader.xlsx")], recipe)
    assert outcome.rows[0]["row_key"] == "43659"
    assert "2019-07-13 is 43659" in outcome.notes
