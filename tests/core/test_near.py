"""Linking anew only whom records that come or go reach gives what linking everybody gives, link for link."""

from collections.abc import Sequence
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight_core.identity import RULES, keys_of, resolve, resolve_near, words
from insight_core.identity.rules import POINTS

# So few words that strangers share them, phones get crowded, and sources tell people apart.
SAID: dict[str, list[str | None]] = {
    "given_name": ["Ann", "ANN", "Bob", "Zoë", "Eva", None],
    "family_name": ["Lee", "Ray", "Roe", None],
    "organisation_name": ["Acme Ltd.", None, None, None],
    "birth_date": ["1980-02-03", "1990-05-06", None],
    "email": ["a@example.com", "A@example.com ", "b@example.com", None, None],
    "phone": ["020 7946-0001", "+44 20 7946 0001", "020 7946 0002", None, None],
    "street": ["1 High St", "1 high st.", "2 Low Rd", None],
    "postal_code": ["BA1", "YO1", None],
    "city": ["Bath", "York"],
}
COLUMNS = ("record_id", "source", "kind", *SAID, "batch")
LINK = "record_id, customer_id, source, rule, partner"
WORDS = st.fixed_dictionaries({name: st.sampled_from(words) for name, words in SAID.items()})
ROWS = st.lists(st.tuples(st.integers(0, 20), WORDS), max_size=10)


class Base:
    """Party rows that come in loads and go with them, and links brought up to date after each."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute("SET threads = 1")
        self.con.execute(f"CREATE TABLE parties ({', '.join(f'{one} VARCHAR' for one in COLUMNS)})")
        self.con.execute("CREATE TABLE links AS SELECT NULL AS record_id, NULL AS customer_id WHERE false")
        self.con.execute(f"CREATE TABLE keys AS {keys_of(words('parties'))}")
        self.con.execute("CREATE TABLE touched (record_id VARCHAR)")
        self.loads = 0

    def load(self, rows: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """Records of three sources: a record's number says which."""
        self.loads += 1
        for number, said in rows:
            row = [f"r{number:02}", f"s{number % 3}", "person", *(said.get(name) for name in SAID), self.loads]
            self.con.execute(f"INSERT INTO parties VALUES ({', '.join('?' * len(row))})", row)
        mine = f"(FROM parties WHERE batch = '{self.loads}')"
        self.con.execute(f"CREATE OR REPLACE TABLE touched AS SELECT record_id FROM {mine}")
        self.con.execute(f"INSERT INTO keys {keys_of(words(mine))}")
        self.relink()

    def unload(self, load: int) -> None:
        """The keys of what went are known until it is linked."""
        mine = f"FROM parties WHERE batch = '{load}'"
        self.con.execute(f"CREATE OR REPLACE TABLE touched AS SELECT record_id {mine}")
        self.con.execute(f"DELETE {mine}")
        self.relink()
        self.con.execute(f"CREATE OR REPLACE TABLE keys AS {keys_of(words('parties'))}")

    def relink(self) -> None:
        resolved = resolve_near(self.con, "parties", "keys", "touched", "links")
        stand = "UNION ALL FROM links ANTI JOIN anew USING (record_id)" if self.links() else ""
        self.con.execute(f"CREATE OR REPLACE TABLE links AS SELECT {LINK} FROM {resolved} {stand}")

    def links(self) -> list[Any]:
        return self.con.sql("FROM links ORDER BY ALL").fetchall()

    def from_scratch(self) -> list[Any]:
        return self.con.sql(f"SELECT {LINK} FROM {resolve(self.con, 'parties')} ORDER BY ALL").fetchall()

    def customers(self) -> dict[str, str]:
        return {row[0]: row[1] for row in self.links()}


LOADS = st.lists(ROWS, min_size=2, max_size=3)


def the_same_as_from_scratch(loads: Sequence[Any]) -> None:
    base = Base()
    for rows in loads:
        base.load(rows)
        assert base.links() == base.from_scratch()
    for number in range(1, len(loads) + 1):
        base.unload(number)
        assert base.links() == base.from_scratch()


@settings(deadline=None, max_examples=20)
@given(loads=LOADS)
def test_link_by_link_the_same_as_from_scratch(loads):
    the_same_as_from_scratch(loads)


@pytest.mark.long
@settings(deadline=None, max_examples=1000)
@given(loads=LOADS)
def test_the_same_for_many_more_records(loads):
    the_same_as_from_scratch(loads)


ANN = {"given_name": "Ann", "family_name": "Lee"}


def test_one_name_more_on_a_phone_parts_those_whom_it_joined():
    base, phone = Base(), {"phone": "020 7946 0001"}
    base.load(
        [(number, {"given_name": name, **phone}) for number, name in enumerate(["Ann", "Ann", "Bob", "Eva", "Zoe"])]
    )
    assert base.customers()["r01"] == "r00"
    base.load([(9, {"given_name": "Kim", **phone})])
    assert base.customers()["r01"] == "r01"
    assert base.links() == base.from_scratch()


def test_a_source_that_tells_two_apart_is_believed_though_nothing_came_of_them():
    base, home = Base(), {**ANN, "street": "1 High St", "postal_code": "BA1"}
    told_apart = [(3, {**home, "birth_date": "1980-02-03"}), (6, {**home, "birth_date": "1990-05-06"})]
    base.load([(0, home), (1, home), *told_apart])
    base.load([(0, {"email": "a@example.com"}), (1, {"email": "b@example.com"})])
    assert base.customers()["r01"] == "r01"
    assert base.links() == base.from_scratch()


def test_who_tells_two_apart_only_now_parts_their_whole_customer():
    base = Base()
    base.load([(0, {**ANN, "birth_date": "1980-02-03"}), (1, {**ANN, "birth_date": "1980-02-03", "email": "a@example.com"}),
               (2, {"given_name": "Ann", "email": "a@example.com"})])  # fmt: skip
    assert set(base.customers().values()) == {"r00"}
    base.load([(4, {"given_name": "Annabel", "email": "a@example.com"})])
    assert base.links() == base.from_scratch()


def test_every_rule_compares_words_that_are_looked_up():
    words = {"given", "family", "organisation", "born", "street", "place"}
    assert all({*rule.parts} & {*POINTS} or {*rule.parts} <= words for rule in RULES)
