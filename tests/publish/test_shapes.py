"""Shapes: what leaves is what the purpose allows, as people and programs expect it."""

import json
from datetime import date
from functools import partial
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pytest

from insight_core.publish import USED, audience_table, cards_table, profiles_table, with_keys, write

SNAPSHOT = pa.table(
    {
        "customer_id": ["b", "a"],
        "name": ["Bob", "Ada"],
        "kind": ["person", "person"],
        "kind__at": [1, 1],
        "email": ["bob@example.com", None],
        "email__at": [1, 1],
        "street": ["1 Main Street", None],
        "postal_code": ["12345", None],
        "city": ["Springfield", None],
        "annual_income": [90_000_000_000, None],
        "birth_date": [date(1971, 10, 6), None],
        "last_interaction_at": [1769767200, None],
        "services": ['["internet","phone"]', None],
        "accessibility_need": ["large print", None],
        "average_sentiment": [-250_000, None],
    }
)


def card(customer: str, channel: str | None, abstained: str | None = None) -> dict:
    return {
        "card": f"card-{customer}-{channel}", "customer": customer, "name": customer.upper(), "purpose": "marketing", "channel": channel,
        "window": "09-12", "tone": "brief", "cadence_days": 30, "solution_set": "core_range", "experience": "keep_in_touch",
        "confidence": 795_102, "reasons": "[]", "refused": '[{"what":"channel sms","why":"no phone known"}]',
        "abstained": abstained, "eligible": '["email"]', "propensity": 1_000_000, "made_at": 1769767200,
    }  # fmt: skip


def test_profiles_hold_the_fields_of_the_purpose_and_no_other():
    rows = profiles_table(SNAPSHOT, "marketing").to_pylist()
    assert [one["customer"] for one in rows] == ["a", "b"]
    assert rows[1] == {
        "customer": "b", "name": "Bob", "kind": "person", "email": "bob@example.com", "street": "1 Main Street",
        "city": "Springfield", "postal_code": "12345", "birth_date": date(1971, 10, 6), "annual_income": 90_000.0,
        "services": '["internet","phone"]', "last_interaction_at": "2026-01-30T10:00:00Z", "average_sentiment": -0.25,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("purpose", "absent"), [("marketing", "accessibility_need"), ("analytics", "email"), ("customer_care", None)]
)
def test_what_a_purpose_may_not_see_is_not_even_a_column(purpose, absent):
    names = profiles_table(SNAPSHOT, purpose).column_names
    assert absent not in names
    assert not [one for one in names if "__" in one]


def test_a_table_that_is_still_to_be_computed_will_do():
    assert profiles_table(ibis.memtable(SNAPSHOT), "marketing").equals(profiles_table(SNAPSHOT, "marketing"))


def test_cards_are_readable_by_people_and_nested_in_json(tmp_path):
    table = cards_table(pa.Table.from_pylist([card("b", "email"), card("a", "sms")]))
    assert table["confidence"].to_pylist() == [0.795102] * 2
    assert table["made_at"].to_pylist() == ["2026-01-30T10:00:00Z"] * 2
    assert table["used_at"].to_pylist() == [None] * 2
    write(table, tmp_path / "cards.json")
    first = json.loads((tmp_path / "cards.json").read_text())[0]
    assert (first["customer"], first["refused"]) == ("a", [{"what": "channel sms", "why": "no phone known"}])


@pytest.mark.parametrize(
    ("eligible", "read"), [('["email"]', "email"), ('["email","sms","post"]', "email; sms; post"), ("[]", "")]
)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_channels_are_words_where_people_read_them(tmp_path, ending, eligible, read):
    cards = pa.Table.from_pylist([card("b", "email") | {"eligible": eligible}])
    path = tmp_path / f"cards.{ending}"
    write(cards_table(cards), path)
    read_back: Any = pd.read_csv if ending == "csv" else partial(pd.read_excel, engine="calamine")
    frame = read_back(path, keep_default_na=False)
    assert frame["eligible"].to_list() == [read]
    assert json.loads(frame["refused"][0]) == [{"what": "channel sms", "why": "no phone known"}]


@pytest.mark.parametrize("ending", ["json", "parquet"])
def test_programs_read_the_channels_as_a_list(tmp_path, ending):
    path = tmp_path / f"cards.{ending}"
    write(cards_table(pa.Table.from_pylist([card("b", "email")])), path)
    found = json.loads(path.read_text())[0]["eligible"] if ending == "json" else pd.read_parquet(path)["eligible"][0]
    assert (found if ending == "json" else json.loads(found)) == ["email"]


def test_a_card_that_somebody_acts_on_says_since_when():
    used = pa.Table.from_pylist([{"card": "card-b-email", "used_at": 1769767200}], schema=USED)
    table = cards_table(pa.Table.from_pylist([card("b", "email"), card("a", "sms")]), used)
    assert dict(zip(table["customer"].to_pylist(), table["used_at"].to_pylist(), strict=True)) == {
        "a": None,
        "b": "2026-01-30T10:00:00Z",
    }


@pytest.mark.parametrize(
    ("name", "told"), [("Ada", ["crm:7", "shop:A-1"]), (None, None)], ids=["a name is told", "no name is told"]
)
def test_a_row_leads_back_to_the_sources_where_it_tells_a_name(name, told):
    keys = pa.table({"customer": ["Z", "a", "b"], "keys": ['["crm:9"]', '["crm:7","shop:A-1"]', '["crm:8"]']})
    rows = with_keys(pa.table({"customer": ["a", "c"], "name": pa.array([name, "Cy"]), "x": [1, 2]}), keys)
    assert rows.column_names == ["customer", "name", "keys", "x"]
    assert [one and json.loads(one) for one in rows["keys"].to_pylist()] == [told, None]


def test_the_audience_is_who_may_be_contacted_and_where():
    cards = [
        card("a", None, "no consent"),
        card("b", "email"),
        card("b", "post"),
        card("b", "sms"),
        card("b", "app"),
        card("gone", "email"),
    ]
    rows = audience_table(pa.Table.from_pylist(cards), SNAPSHOT).to_pylist()
    assert {(one["customer"], one["channel"], one["contact_point"]) for one in rows} == {
        ("b", "email", "bob@example.com"),
        ("b", "post", "1 Main Street, 12345 Springfield"),
        ("b", "sms", None),
        ("b", "app", None),
    }
