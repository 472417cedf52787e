"""Tables of a run as HTML."""

from typing import Any

from insight_core.notebooks.shown import TABLE, table, table_html


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
