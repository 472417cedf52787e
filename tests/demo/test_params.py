import json
from dataclasses import fields

import pytest

from insight_core.demo import Params, params_from, params_json, read_params
from insight_core.errors import BadInput, NotFound


def test_the_printed_rates_are_read_back_as_they_were(tmp_path):
    file = tmp_path / "rates.json"
    file.write_text(params_json(), encoding="utf-8")
    assert read_params(file) == Params()


def test_a_file_may_name_only_what_differs():
    made = params_from({"birth_rate": 0.2, "missing": {"crm": 0.5}})
    assert (made.birth_rate, made.missing["crm"]) == (0.2, 0.5)
    assert made.missing["billing"] == Params().missing["billing"]


def test_every_rate_says_what_it_means():
    assert [one.name for one in fields(Params) if not one.metadata.get("meaning")] == []


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"brith_rate": 0.1}, NotFound, "birth_rate"),
        ({"missing": {"crmm": 0.1}}, NotFound, "crm"),
        ({"birth_rate": 1.5}, BadInput, "between 0 and 1"),
        ({"birth_rate": "often"}, BadInput, "number"),
        ({"birth_rate": True}, BadInput, "number"),
        ({"years": 2.5}, BadInput, "whole"),
        ({"missing": 0.3}, BadInput, "object"),
        ({"wrong": {"crm": -1}}, BadInput, "wrong.crm"),
        ({"end": "2026-02-30"}, BadInput, "date"),
        ({"end": "2026-03-31"}, BadInput, "30 June"),
    ],
)
def test_a_rate_that_cannot_be_is_refused_with_the_right_answer(given, error, says):
    with pytest.raises(error, match=says):
        params_from(given)


@pytest.mark.parametrize("text", ["{", "[]", "3"])
def test_a_file_without_rates_is_refused(tmp_path, text):
    file = tmp_path / "rates.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"rates\.json"):
        read_params(file)


def test_the_printed_rates_are_plain_json():
    assert json.loads(params_json())["years"] == 6
