"""Change sets as files."""

import pytest

from insight_core.commands.changes import read_changes
from insight_core.errors import BadInput

CONFIRM = {"customer": "c1", "field": "city", "action": "confirm"}

READ = {
    "a.json": '[{"customer": "c1", "field": "city", "action": "confirm"}]',
    "b.json": '{"changes": [{"customer": "c1", "field": "city", "action": "confirm"}]}',
    "c.jsonl": '{"customer": "c1", "field": "city", "action": "confirm"}\n\n',
    "d.csv": "customer,field,action,value\nc1,city,confirm,\n",
    "e.csv": "\ufeffcustomer,field,action\nc1,city,confirm\n",
}

REFUSED = {
    "a.json": ("{", "is not JSON"),
    "b.json": ('"city"', "must be a list"),
    "c.json": ("[]", "holds no change"),
    "d.json": ("[7]", "change 1: no customer and no field and no action"),
    "e.csv": ("customer,field\nc1,city\n", "change 1: no action"),
    "f.json": (
        '[{"customer": "c1", "field": "cars_owned", "action": "confirm", "expects": [1]}]',
        r"change 1: cars_owned expects one value, not \[1\]",
    ),
}


@pytest.mark.parametrize(("name", "text"), READ.items())
def test_a_change_set_is_read(name, text, tmp_path):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_changes(tmp_path / name) == [CONFIRM]


@pytest.mark.parametrize(("name", "case"), REFUSED.items())
def test_what_is_no_change_set_is_refused_with_its_place(name, case, tmp_path):
    (tmp_path / name).write_text(case[0])
    with pytest.raises(BadInput, match=case[1]):
        read_changes(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        pytest.param(
            "a.csv", 'customer,field,action,value\nc1,street,correct,"Mill House\nMill Lane"\n',
            "Mill House\nMill Lane", id="a line break in quotes",
        ),
        pytest.param(
            "a.jsonl", '{"customer": "c1", "field": "street", "action": "correct", "value": "Mill\u2028Lane"}\n',
            "Mill\u2028Lane", id="a line separator that JSON leaves as it is",
        ),
    ],
)  # fmt: skip
def test_a_value_of_two_lines_stays_one_value(name, text, value, tmp_path):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_changes(tmp_path / name) == [{"customer": "c1", "field": "street", "action": "correct", "value": value}]
