"""What is said of all rows: the kind of row, and what no column tells, with the day on which a file was true."""

from pathlib import Path

import pytest

from insight_core.errors import BadInput
from insight_core.intake import Choice, Recipe, always, confirmed, load_recipe, suggest, unsaid
from insight_core.intake.always import WHEN
from insight_core.intake.check import check_recipe
from insight_core.intake.recipe import Spec, parse_recipe
from insight_core.records.datasets import DATASETS, payload

_PEOPLE = "id,given name,town\n1,Ada,Bonn\n2,Ben,Ulm\n"
_ORDERS = "customer_id,sku,amount\n1,tv,10.5\n2,phone,3\n"


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_kind_of_row_has_a_column_that_says_when(dataset: str) -> None:
    assert WHEN[dataset] in payload(dataset)


# kind of row, what columns fill, what may then be said of all rows
_UNSAID = [
    ("parties", {"given_name"}, ["observed_at", "kind"]),
    ("parties", {"given_name", "verified_at"}, ["kind"]),
    ("parties", {"observed_at", "kind"}, []),
    ("interactions", {"topic"}, ["occurred_at", "channel"]),
    ("usage", {"amount", "occurred_at"}, ["kind"]),
    ("consents", {"decided_at", "status"}, ["purpose"]),
    ("references", {"label"}, ["observed_at", "kind"]),
    ("market", {"value"}, ["as_of", "scope", "figure"]),
]  # fmt: skip


@pytest.mark.parametrize(("dataset", "filled", "fields"), _UNSAID)
def test_what_no_column_fills_may_be_said_of_all_rows(dataset: str, filled: set[str], fields: list[str]) -> None:
    assert [one["field"] for one in unsaid(Recipe("mine", dataset), filled)] == fields


def test_a_day_for_all_rows_is_kept_as_the_recipe_of_the_command_line_has_it(put, read) -> None:
    recipe = always(suggest(put(_PEOPLE)), {"observed_at": "2026-05-12", "kind": "organisation"})
    assert 'observed_at = "2026-05-12"' in recipe.text().splitlines()
    again = parse_recipe(recipe.text(), "again")
    assert (again.observed_at, again.constants) == (Spec(value="2026-05-12"), {"kind": "organisation"})
    assert [(row["observed_at"], row["kind"]) for row in read(_PEOPLE, again).rows] == [
        (1_778_544_000, "organisation")
    ] * 2


def test_a_word_is_taken_back_and_what_is_not_asked_stays() -> None:
    recipe = Recipe("mine", "parties", observed_at=Spec(value="2026-05-12"), constants={"kind": "person"})
    assert always(recipe, {"observed_at": ""}) == Recipe("mine", "parties", constants={"kind": "person"})
    assert always(recipe, {}) == recipe
    assert unsaid(recipe, ())[0]["says"] == "2026-05-12"


def test_a_column_has_the_last_word_over_what_is_said_of_all_rows() -> None:
    columns = {"occurred_at": Spec(column="at")}
    recipe = always(Recipe("mine", "usage", columns=columns), {"occurred_at": "2026-05-12", "kind": "order"})
    assert recipe.constants == {"kind": "order"}
    told = Recipe("mine", "parties", observed_at=Spec(column="changed"))
    assert always(told, {"observed_at": "2026-05-12"}) == told


def test_orders_without_a_date_are_proposed_where_a_person_completes_them(put, read) -> None:
    file = put(_ORDERS, "orders.csv")
    with pytest.raises(BadInput, match="Write a recipe"):
        suggest(file)
    recipe = suggest(file, whole=False)
    assert (recipe.dataset, recipe.key, recipe.constants) == ("usage", "{customer_id}", {"kind": "order"})
    choices = [Choice(spec.column or "", name, name) for name, spec in recipe.columns.items()]
    with pytest.raises(BadInput, match="No column becomes occurred at: choose one that does, or say it for all rows"):
        confirmed(file, recipe, choices, {})
    whole = confirmed(file, recipe, choices, {"occurred_at": "2026-05-12", "kind": "order"})
    check_recipe(whole)
    assert {row["occurred_at"] for row in read(_ORDERS, whole, "orders.csv").rows} == {1_778_544_000}


@pytest.mark.parametrize("dataset", DATASETS)
def test_any_kind_of_row_can_be_named_for_any_file(put, dataset: str) -> None:
    recipe = suggest(put("alpha,beta\n1,1\n1,1\n"), dataset)
    assert (recipe.dataset, recipe.columns) == (dataset, {})
    assert recipe.notes, "it is proposed, not known"


def test_without_a_key_it_is_said_whom_one_names(put) -> None:
    file = put("alpha,beta\n1,2026-05-12\n1,2026-05-13\n")
    choices = [Choice("beta", "occurred_at")]
    with pytest.raises(BadInput, match="choose the one that names the customer"):
        confirmed(file, suggest(file, "interactions"), choices, {"channel": "call"})


def test_a_confirmed_mapping_keeps_the_day_that_it_says_for_all_rows(put, tmp_path: Path) -> None:
    file = put(_PEOPLE)
    recipe = always(suggest(file), {"observed_at": "2026-05-12"})
    choices = [Choice(spec.column or "", name, name) for name, spec in recipe.columns.items()]
    left = confirmed(file, recipe, choices, {})
    assert left.observed_at == Spec(value="2026-05-12")
    (tmp_path / "mine.toml").write_text(left.text(), encoding="utf-8")
    assert load_recipe("mine", [tmp_path]).observed_at == left.observed_at
