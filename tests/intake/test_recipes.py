"""Recipes: written out and read back, recognised, proposed; and workbooks that turned numbers into dates."""

from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from insight_core.errors import BadInput, NotFound
from insight_core.intake import Recipe, load_recipe, recipe_text, recipes, recognise, suggest
from insight_core.intake.check import check_recipe
from insight_core.intake.reasons import Reason
from insight_core.intake.recipe import parse_recipe

SHIPPED = Path(__file__).parents[2] / "data" / "recipes"


@pytest.mark.parametrize("recipe", recipes([SHIPPED]), ids=lambda one: one.name)
def test_a_shipped_recipe_can_fill_its_dataset_and_survives_being_written(recipe: Recipe):
    check_recipe(recipe)
    assert parse_recipe(recipe_text(recipe), recipe.name) == recipe
    assert recipe.source
    assert recipe.recognise


def test_every_reason_has_one_line():
    assert all(reason.meaning and "\n" not in reason.meaning for reason in Reason)


def test_a_recipe_is_found_by_name_or_path(tmp_path: Path, people: str):
    (tmp_path / "mine.toml").write_text(people)
    assert load_recipe("mine", [tmp_path]) == load_recipe(tmp_path / "mine.toml", [])
    with pytest.raises(NotFound, match="Did you mean 'mine'"):
        load_recipe("mime", [tmp_path])


def test_the_recipe_that_asks_for_most_recognises_a_file(put):
    plain = Recipe("plain", "parties", recognise=("id",))
    closer = Recipe("closer", "parties", recognise=("id", "name"))
    other = Recipe("other", "parties", recognise=("id", "name", "phone"))
    path = put("id,name\n1,Ada\n")
    assert recognise(path, [plain, closer, other]) == closer
    assert recognise(path, [other]) is None


FOREIGN = (
    "Kundennummer;Vorname;Nachname;Geburtsdatum;Geschlecht;E-Mail-Adresse;Jahreseinkommen;Eigentümer;Farbe\n"
    "0017;Zoë;Müller;25.12.1980;w;zoe@example.com;45.300,50;ja;rot\n"
    "0018;Jörg;Weiß;03.02.1975;m;joerg@example.org;38.100,00;nein;blau\n"
)


def test_a_proposed_mapping_can_be_used_as_it_is(put, read):
    recipe = suggest(put(FOREIGN.encode("cp1252")))
    assert recipe.dataset == "parties"
    assert all(row["reason"] and row["confidence"] for row in recipe.mapping if row["field"] in recipe.columns)
    row = read(FOREIGN.encode("cp1252"), parse_recipe(recipe.text(), "again")).rows[0]
    assert row["key"] == "0017"
    assert (row["given_name"], row["birth_date"], row["gender"]) == ("Zoë", date(1980, 12, 25), "female")
    assert (row["annual_income"], row["home_owner"], row["email"]) == (45_300_500_000, True, "zoe@example.com")
    assert any("Farbe" in note for note in recipe.notes)


PROPOSALS = [
    ("customer_id,order_id,date,total\nA,1,2020-01-01,9.5\nA,2,2020-01-02,1\n", "usage", "{customer_id}", "{order_id}"),
    ("ts,client_id,channel,direction\n1577865600,A,phone,in\n1577865601,B,e-mail,out\n", "interactions", "{client_id}", None),
    ("customer_id,purpose,consent,date\nA,marketing,yes,2020-01-01\n", "consents", "{customer_id}", None),
    ("ref,company,employees\nx1,Acme,12\nx2,Bolt,7\n", "parties", "{ref}", None),
    ("id,full name\n1,Ada Lovelace\n2,Bo Diddley\n", "parties", "{id}", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "dataset", "key", "row_key"), PROPOSALS)
def test_the_dataset_and_the_keys_are_proposed(put, read, text, dataset, key, row_key):
    recipe = suggest(put(text))
    assert (recipe.dataset, recipe.key, recipe.row_key) == (dataset, key, row_key)
    assert read(text, recipe).parsed.quarantined == 0


def test_a_file_without_header_gets_numbered_columns_and_says_so(put, read):
    text = "1;ada@example.com\n2;bo@example.com\n"
    recipe = suggest(put(text))
    assert recipe.header == ("column1", "column2")
    assert any("no header" in note for note in recipe.notes)
    assert [row["email"] for row in read(text, recipe).rows] == ["ada@example.com", "bo@example.com"]


def test_a_special_category_is_never_proposed(put):
    assert "accessibility_need" not in suggest(put("id,disability,email\n1,yes,a@example.com\n")).columns


def test_a_file_about_something_else_is_not_forced_into_a_mapping(put):
    with pytest.raises(BadInput, match="Write a recipe"):
        suggest(put("alpha,beta\n1,1\n1,1\n"))


def workbook(path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_workbook_s_cells_are_read_as_a_csv_would_have_them(tmp_path: Path, read, people: str):
    path = workbook(
        tmp_path / "people.xlsx",
        ["id", "name", "born"],
        [7, "Ada", date(1980, 12, 25)],
        [],
        ["007", None, "1980-12-26"],
        [8, "Bo", "soon"],
    )
    outcome = read([path], people + 'birth_date = {column="born", format="%d.%m.%Y"}\n')
    assert [(row["line"], row["key"], row["birth_date"]) for row in outcome.rows] == [
        (2, "7", date(1980, 12, 25)),
        (4, "007", date(1980, 12, 26)),
    ]
    assert outcome.refused == [(5, Reason.BAD_DATE)]


def test_an_identifier_that_a_spreadsheet_made_a_date_is_turned_back(tmp_path: Path, read):
    path = workbook(tmp_path / "orders.xlsx", ["id", "name"], [date(2019, 7, 13), "Ada"], [43660, "Bo"])
    outcome = read([path])
    assert [row["key"] for row in outcome.rows] == ["43659", "43660"]
    assert "2019-07-13 is 43659" in outcome.notes


def test_parquet_is_read_with_its_own_types(tmp_path: Path, read, people: str):
    path = tmp_path / "people.parquet"
    pq.write_table(pa.table({"id": [1, 2], "name": ["Ada", None], "born": [date(1980, 12, 25), None]}), path)
    outcome = read([path], people + 'birth_date = {column="born", format="%d.%m.%Y"}\n')
    assert [row["birth_date"] for row in outcome.rows] == [date(1980, 12, 25), None]


def test_beside_a_first_name_a_column_for_family_name_or_company_holds_family_names(put):
    recipe = suggest(
        put("Kundennummer;Vorname;Nachname / Firma;E-Mail\n1;Ann;Lee;a@example.com\n2;Bo;Ray;b@example.com\n")
    )
    assert recipe.columns["family_name"].column == "Nachname / Firma"
    assert recipe.constants["kind"] == "person"
