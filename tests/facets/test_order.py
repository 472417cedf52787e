"""The order of rows does not matter, to any facet."""

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insight_core.facets import FACETS, Evidence

CUSTOMERS = ("a", "b", "c")
END = 1_767_225_600
DAY = 86_400


def maybe(*values):
    return st.sampled_from([None, *values])


customer = st.sampled_from(CUSTOMERS)
instant = st.integers(0, 900).map(lambda day: END - day * DAY + day * 977 % DAY)

facts = {
    "kind": st.sampled_from(["person", "organisation"]),
    "street": maybe("5 Oak Street", "5 OAK St"),
    "postal_code": maybe("1000", "2000"),
    "city": maybe("Springfield"),
    "family_name": maybe("Berg", "Holm"),
    "marital_status": maybe("single", "married", "divorced"),
    "children_total": maybe(0, 1, 2),
    "children_at_home": maybe(0, 1),
    "employment_status": maybe("employed", "student", "retired"),
    "employer": maybe("Acme", "Brook"),
    "industry": maybe("Toys"),
    "employees": maybe(5, 500),
    "stated_interests": maybe('["Music", "Toys"]'),
}
folded = st.tuples(
    *(st.fixed_dictionaries(facts | {"customer_id": st.just(one), "known_at": instant}) for one in CUSTOMERS)
)
versions = st.lists(
    st.fixed_dictionaries(
        facts | {"customer_id": customer, "record_id": maybe("r", "s"), "observed_at": st.none() | instant}
    ),
    max_size=6,
)
interactions = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": customer,
            "occurred_at": instant,
            "channel": st.sampled_from(["email", "call", "app"]),
            "direction": maybe("inbound", "outbound"),
            "outcome": maybe("opened", "ignored"),
            "topic": maybe("music", "complaint"),
            "sentiment": maybe(-1, 500_000),
            "counterpart_customer": st.none() | customer,
        }
    ),
    max_size=12,
)
usage = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": customer,
            "record_id": st.sampled_from(["r", "s"]),
            "usage_id": maybe("o1", "o2", "o3", "o4"),
            "kind": maybe("order", "return", "session"),
            "occurred_at": instant,
            "category": maybe("Toys", "Music"),
            "amount": maybe(1, 2_000_000),
        }
    ),
    max_size=16,
)
figures = {
    "scope": st.sampled_from(["area", "industry"]),
    "key": st.sampled_from(["1000", "toys"]),
    "figure": st.sampled_from(["median_income", "growth", "area_kind"]),
    "value": st.integers(1, 3),
    "label": maybe("urban", "rural"),
}
market = st.lists(st.fixed_dictionaries(figures), max_size=4)
EVIDENCE = dict(folded=folded, versions=versions, interactions=interactions, usage=usage, market=market)


@pytest.fixture(scope="module")
def answers(tmp_path_factory, write):
    """The facets' rows as texts: the expressions are made once, the files under them change."""
    folder, con = tmp_path_factory.mktemp("evidence"), ibis.duckdb.connect()
    evidence = Evidence(*(con.read_parquet(path) for path in write(folder)))
    derived = {name: rule.derive(evidence) for name, rule in FACETS.items()}
    queries = {name: str(ibis.to_sql(table)) for name, table in derived.items() if table is not None}

    def run(rows):
        write(folder, **rows)
        return {name: sorted(map(str, con.con.execute(query).fetchall())) for name, query in queries.items()}

    return run


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries(EVIDENCE), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(answers, evidence, chance):
    mixed = {name: chance.sample(list(rows), len(rows)) for name, rows in evidence.items()}
    assert answers(mixed) == answers(evidence)
