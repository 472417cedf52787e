"""The data dictionary says what the catalogue says."""

import pytest

from insight_core.catalogue import FACETS, PURPOSES, by_facet, fields
from insight_core.catalogue.dictionary import dictionary
from tests.conftest import HOUSE


def test_the_page_is_made_from_the_catalogue():
    assert (HOUSE / "data/DICTIONARY.md").read_text(encoding="utf-8") == dictionary(), "run `make dictionary`"


def test_the_catalogue_has_room_for_a_whole_customer():
    assert len(fields()) >= 60
    assert all(by_facet(facet) for facet in FACETS)


@pytest.mark.parametrize("field", fields(), ids=lambda field: field.name)
def test_every_field_says_all_that_readers_ask(field):
    assert field.meaning
    assert field.tmf
    assert field.retention_days > 0
    assert set(field.weights) <= set(PURPOSES)
    assert f"**{field.rule}**:" in dictionary(), "the rule of precedence is not explained"
