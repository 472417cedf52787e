"""A recipe that fills a column which is none: what it meant comes first, and where all of them are told."""

import pytest

from insight_core.catalogue import columns
from insight_core.catalogue.dictionary import dictionary
from insight_core.errors import NotFound
from insight_core.intake import Recipe
from insight_core.intake.check import check_recipe
from insight_core.intake.recipe import Spec
from insight_core.intake.targets import targets
from insight_core.records.datasets import DATASETS, payload

# kind of row, the name that is none, what it meant
_MEANT = [
    ("interactions", "date", "occurred_at"),  # what people call it, however it is spelt
    ("interactions", "medium", "channel"),
    ("usage", "price", "amount"),
    ("usage", "qantity", "quantity"),
    ("consents", "consent_date", "decided_at"),
    ("parties", "dob", "birth_date"),
    ("parties", "Nachname", "family_name"),
    ("market", "figur", "figure"),
    ("references", "postalcode", "postal_code"),
]


def refusal(dataset: str, name: str) -> str:
    with pytest.raises(NotFound) as refused:
        check_recipe(Recipe("mine", dataset, key="{id}", columns={name: Spec(column="x")}))
    return str(refused.value)


@pytest.mark.parametrize(("dataset", "name", "meant"), _MEANT)
def test_what_is_meant_by_a_column_that_is_none_is_said(dataset: str, name: str, meant: str) -> None:
    count = len(payload(dataset))
    assert refusal(dataset, name) == (
        f"No column of {dataset} called {name!r}. Did you mean {meant!r}? All {count} are in data/DICTIONARY.md."
    )


def test_a_name_like_no_other_gets_the_nearest_and_how_many_others_there_are() -> None:
    told = refusal("parties", "zzz_area")
    assert told.startswith("No column of parties called 'zzz_area'. Nearest: area_key, ")
    assert f"; {len(payload('parties')) - 8} others are known." in told
    assert told.endswith(f" All {len(payload('parties'))} are in data/DICTIONARY.md.")


def test_a_few_are_told_in_full_and_in_order() -> None:
    assert str(NotFound("loaded batch", "99", ["10", "2", "1"])).endswith("Known: 1, 2, 10.")


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_dictionary_lists_what_each_kind_of_row_takes(dataset: str) -> None:
    page = dictionary()
    section = page[page.index(f"### {dataset}: ") :]
    section = section[: section.find("\n#", 1)]
    listed = {one.name for one in columns() if one.dataset == dataset}
    assert all(f"| `{name}` |" in (section if name in listed else page) for name in payload(dataset))


def test_every_column_of_a_choice_says_what_it_may_hold() -> None:
    assert all(bool(one.values) == (one.type == "choice") and one.meaning for one in columns())


@pytest.mark.parametrize(
    ("dataset", "name", "kind"),
    [
        ("interactions", "occurred_at", "instant"),
        ("usage", "quantity", "integer"),
        ("usage", "amount", "money"),
        ("market", "as_of", "date"),
        ("parties", "verified_at", "instant"),
        ("parties", "children_total", "integer"),
        ("consents", "status", "choice"),
    ],
)
def test_a_column_is_read_as_the_catalogue_says(dataset: str, name: str, kind: str) -> None:
    made = {one.name: one.type for one in targets(Recipe("mine", dataset, columns={name: Spec(column="x")}))}
    assert made[name] == kind
