"""Which fields make sense for whom."""

import ibis
import pytest

from insight_core.catalogue import fields
from insight_core.errors import NotFound
from insight_core.quality import applies
from insight_core.quality.applies import OPTIONAL, applies_expr, expected


@pytest.mark.parametrize(
    ("field", "person", "organisation", "unknown"),
    [
        ("given_name", True, False, False),
        ("name_suffix", True, False, False),
        ("birth_date", True, False, False),
        ("stage", True, False, False),
        ("household_size", True, False, False),
        ("organisation_name", False, True, False),
        ("industry", False, True, False),
        ("direction", False, True, False),
        ("email", True, True, True),
        ("customer_since", True, True, True),
        ("kind", True, True, True),
        ("order_count", True, True, False),
        ("top_interest", True, True, False),
    ],
)
def test_a_field_makes_sense_for_some(field, person, organisation, unknown):
    assert (applies(field, "person"), applies(field, "organisation"), applies(field, None)) == (
        person,
        organisation,
        unknown,
    )


def test_a_column_of_kinds_is_answered_like_one_kind():
    kinds = ["person", "organisation", None]
    table = ibis.memtable({"kind": kinds}, schema={"kind": "string"})
    names = [one.name for one in fields()]
    judged = table.select(**{name: applies_expr(name, table["kind"]) for name in names})
    for kind, row in zip(kinds, judged.to_pyarrow().to_pylist(), strict=True):
        assert row == {name: applies(name, kind) for name in names}


def test_what_is_optional_applies_but_is_never_missing():
    assert all(applies(name, "person") and not expected(name, "person") for name in OPTIONAL)


def test_an_unknown_field_is_answered_with_the_nearest_one():
    with pytest.raises(NotFound, match="Did you mean 'birth_date'"):
        applies("birthdate", "person")
