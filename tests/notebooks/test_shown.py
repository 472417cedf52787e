"""Tables of a run as HTML."""

from typing import Any

from insight_core.notebooks.shown import TABLE, TEXT, bundle, table, table_html
from insight_core.records.results import Facet, FieldState, as_json

EMAIL = FieldState("ada@example.com", "declared", "crm", None, None, 0.9, "fresh", 0.5, ("e1",), "does not age")


def test_the_name_of_a_column_stands_above_its_cells():
    rows: list[dict[str, Any]] = [
        {"who": "Ann", "orders": 3, "share": None, "open": True},
        {"who": "Ben", "orders": None, "share": 0.5},
    ]
    told = table_html(table(rows)[TABLE])
    heads = [
        '<th scope="col">who</th>',
        '<th scope="col" class="num">orders</th>',
        '<th scope="col" class="num">share</th>',
    ]
    assert "".join(heads) in told
    assert '<th scope="col">open</th>' in told
    assert '<td class="num">3</td>' in told


def test_a_field_of_a_profile_is_told_by_the_names_of_its_parts():
    told = as_json(EMAIL)
    assert (told["value"], told["state"], told["evidence"]) == ("ada@example.com", "fresh", ["e1"])
    assert as_json(Facet("Ada.", {"email": EMAIL})) == {"summary": "Ada.", "fields": {"email": told}}
    assert bundle(EMAIL, 1_000)[TEXT] == str(told)
    assert bundle([EMAIL], 1_000)[TABLE]["columns"] == list(told)
