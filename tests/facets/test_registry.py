"""The registry: every facet of the catalogue, each with exactly its computed fields."""

from datetime import date

import ibis.expr.datatypes as dt
import pyarrow.parquet as pq
import pytest

from insight_core.catalogue import FACETS as NAMES
from insight_core.catalogue import by_facet
from insight_core.facets import FACETS

TYPES = {"integer": dt.int64, "money": dt.int64, "ratio": dt.int64, "instant": dt.int64, "date": dt.date}


def test_every_facet_of_the_catalogue_has_a_rule():
    assert tuple(FACETS) == NAMES
    assert [rule.name for rule in FACETS.values()] == list(NAMES)


@pytest.mark.parametrize("facet", [name for name in NAMES if name != "identity"])
def test_a_facet_gives_its_computed_fields_with_their_types(facet, tables, tmp_path):
    table = FACETS[facet].derive(tables())
    assert table is not None
    computed = {one.name: TYPES.get(one.type, dt.string) for one in by_facet(facet) if one.origin != "asserted"}
    assert dict(table.schema()) == {
        "customer_id": dt.string, **computed, "derived_at": dt.int64, "evidence_count": dt.int64,
    }  # fmt: skip
    # What lies in the file counts, not what the expression promises: no sum may turn into a float.
    table.to_parquet(tmp_path / "facet.parquet")
    assert pq.read_schema(tmp_path / "facet.parquet").types == table.schema().to_pyarrow().types


@pytest.mark.parametrize("facet", [name for name, rule in FACETS.items() if rule.reads])
def test_a_facet_that_says_what_it_reads_reads_nothing_else(facet, tables):
    given, reads = tables(), FACETS[facet].reads
    folded = [one for one in given.folded.columns if one == "customer_id" or one.removesuffix("__at") in reads]
    versions = [
        one for one in given.versions.columns if one in ("customer_id", "record_id", "evidence", "observed_at", *reads)
    ]
    nothing = given.usage.select("customer_id")
    from_uses = facet == "business_direction"
    narrow = given._replace(
        folded=given.folded.select(folded),
        versions=given.versions.select(versions),
        interactions=nothing,
        usage=given.usage if from_uses else nothing,
    )
    assert FACETS[facet].derive(narrow) is not None


def test_identity_is_only_asserted(tables):
    assert FACETS["identity"].derive(tables()) is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Nothing known about the identity yet."),
        (
            {
                "given_name": "Jon",
                "family_name": "Yang",
                "city": "Rockhampton",
                "country": "AU",
                "email": "jon@example.com",
                "customer_since": date(2011, 1, 19),
            },
            "Jon Yang, in Rockhampton, AU, can be reached by e-mail, customer since January 2011.",
        ),
        ({"organisation_name": "Acme", "account_status": "closed"}, "Acme, account closed."),
    ],
)
def test_the_identity_sentence_says_who_it_is(values, sentence, now):
    assert FACETS["identity"].sentence(values, now) == sentence
