"""Every extract is read by its recipe, by the same way as a user's file."""

from pathlib import Path

import pandas as pd
import pytest

from insight_core.demo.write import FORMATS
from insight_core.intake import Parsed, load_recipe, parse, recipes, recognise
from insight_core.records.clock import epoch

RECIPES = Path(__file__).parent.parent.parent / "data" / "recipes"


@pytest.fixture(scope="module")
def parsed(written, small, tmp_path_factory):
    made = {}
    for file in written.files:
        recipe = load_recipe(file["recipe"], [RECIPES])
        staging = tmp_path_factory.mktemp(file["recipe"])
        made[file["recipe"]] = parse([Path(file["path"])], recipe, file["source"], staging, epoch(small.clock))
    return made


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_nearly_every_row_is_read(parsed, small, name):
    got = parsed[f"demo-{name.replace('_', '-')}"]
    assert got.read == len(small.frames[name])
    assert got.quarantined <= 0.005 * got.read


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_extract_is_known_by_its_columns(written, name):
    file = next(one for one in written.files if one["recipe"] == f"demo-{name.replace('_', '-')}")
    found = recognise(Path(file["path"]), recipes([RECIPES]))
    assert found is not None
    assert found.name == file["recipe"]


@pytest.mark.parametrize("source", ["crm", "billing", "webshop", "sales"])
def test_what_is_read_is_what_was_said(parsed, small, source):
    said = small.asserted[source]
    rows = _rows(parsed[f"demo-{source}"]).drop_duplicates("key").set_index("key")
    assert set(rows.index) == set(said.records.key)
    for field, texts in said.said.items():
        empty = {key for key, text in zip(said.records.key, texts, strict=True) if text is None}
        assert set(rows.index[rows[field].isna()]) == empty, field


def _rows(parsed: Parsed) -> pd.DataFrame:
    return parsed.engine.sql(f"FROM {parsed.rows}").to_arrow_table().to_pandas()


def test_there_are_many_formats_and_dialects():
    endings = {name.split(".", 1)[1] for name, _ in FORMATS.values()}
    assert endings == {"csv", "csv.gz", "jsonl", "jsonl.gz", "parquet", "xlsx"}
