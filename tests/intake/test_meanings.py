"""Single values of a column: counted, what each is read as, and what a person says instead."""

from dataclasses import replace
from pathlib import Path

import pytest

from insight_core.intake import Recipe, keep_recipe, meanings, parse, translated
from insight_core.intake.recipe import Spec, parse_recipe
from insight_core.records.clock import epoch
from tests.intake.conftest import NOW

_ROWS = ("m", "M", "f", "divers", "u", "", "F")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    lines = [f"{n},{one},{'JA' if n % 2 else 'vielleicht'}" for n, one in enumerate(_ROWS)]
    path = tmp_path / "people.csv"
    path.write_text("\n".join(["id,sex,paper", *lines]) + "\n", encoding="utf-8")
    return path


def recipe(**columns: Spec) -> Recipe:
    return Recipe(name="people", dataset="parties", key="{id}", basis="explicit_consent", constants={"kind": "person"},
                  columns={"gender": Spec(column="sex", map={"m": "male", "f": "female"}), **columns},
                  recognise=("id", "sex", "paper"))  # fmt: skip


def told(found: list[dict[str, object]]) -> dict[object, list[tuple[object, ...]]]:
    return {one["field"]: [tuple(value.values()) for value in one["values"]] for one in found}  # type: ignore[attr-defined]


def test_every_value_is_counted_with_what_it_is_read_as(file: Path) -> None:
    found = told(meanings([file], recipe(paperless_billing=Spec(column="paper"))))
    assert sorted(found["gender"]) == [
        ("F", 1, "female"), ("M", 1, "male"), ("divers", 1, None), ("f", 1, "female"), ("m", 1, "male"), ("u", 1, None),
    ]  # fmt: skip
    assert found["paperless_billing"] == [("vielleicht", 4, None), ("JA", 3, "true")]


def test_a_column_of_names_is_no_choice(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("id,sex\n" + "".join(f"{n},name{n}\n" for n in range(100)), encoding="utf-8")
    assert meanings([path], recipe()) == []


def test_what_a_person_says_is_what_a_load_reads(file: Path, tmp_path: Path) -> None:
    said = {"gender": {"m": "male", "M": "male", "f": "female", "F": "female", "divers": "non_binary", "u": ""}}
    made = translated(recipe(), said)
    foreseen = {value["value"]: value["means"] for value in meanings([file], made)[0]["values"]}
    assert foreseen == said["gender"]
    parsed = parse([file], made, "crm", tmp_path / "staged", epoch(NOW))
    assert parsed.quarantined == 0
    read = parsed.engine.execute(f"SELECT gender FROM {parsed.rows} ORDER BY line").fetchall()
    parsed.engine.close()
    assert [one[0] for one in read] == ["male", "male", "female", "non_binary", None, None, "female"]
    assert parse_recipe(made.text(), "people").columns["gender"].map == made.columns["gender"].map


def test_a_kept_mapping_is_renewed_for_the_same_columns_only(tmp_path: Path) -> None:
    from insight_core.errors import Conflict

    keep_recipe(recipe(), tmp_path, [])
    keep_recipe(translated(recipe(), {"gender": {"x": "non_binary"}}), tmp_path, [])
    assert "non_binary" in (tmp_path / "people.toml").read_text(encoding="utf-8")
    with pytest.raises(Conflict):
        keep_recipe(replace(recipe(), recognise=("id", "other")), tmp_path, [])
