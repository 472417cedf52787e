"""Whether a consent stands is one rule: the gate, queries, expressions, counts and cards say the same of the same words."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight_core.catalogue import PURPOSES, purpose
from insight_core.compliance import Verdict, consent_answer
from insight_core.compliance.seen import seen_sql
from insight_core.compliance.tables import answers
from insight_core.recommend import CardInputs, make_cards
from insight_core.recommend.inputs import COLUMNS
from insight_core.records.arrow import schema_of
from insight_core.records.consent import Consent, given_sql, lets_in, word_given
from insight_core.store.sql import table_of
from tests.fold.test_consents import PEOPLE, Word, each, folded

__all__ = ["folded"]

WHO = "pqrst"
NOW = 5


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    """An Ibis connection with the customers in it."""
    con = ibis.duckdb.connect()
    told = {
        "kind": "person",
        "organisation_name": "A",
        "accessibility_need": "large print",
        "accessibility_need__at": 0,
    }
    people = [{"customer_id": who, "name": who, **told} for who in WHO]
    con.con.register("snapshot", pa.Table.from_pylist(people))
    yield con
    con.disconnect()


def states_of(folded: Callable[..., Any], people: dict[str, list[Word]], why: str) -> list[dict[str, Any]]:
    """The consent states as rows, as they lie in the lake."""
    return [
        {"customer_id": who, "purpose": why, "channel": channel, "state": state, "since": since, "expires_at": end}
        for (who, channel), (state, since, end) in sorted(folded(each(people)).items())
    ]


def consents_of(rows: list[dict[str, Any]], who: str) -> list[Consent]:
    return [Consent(**{name: one[name] for name in one if name != "customer_id"})
            for one in rows if one["customer_id"] == who]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(people=PEOPLE, why=st.sampled_from(sorted(PURPOSES)), now=st.integers(0, 10))
def test_every_language_says_the_same_of_whom_a_purpose_may_see(folded, engine, people, why, now):
    aim, rows = purpose(why), states_of(folded, people, why)
    engine.con.register("states", pa.Table.from_pylist(rows, schema=schema_of(COLUMNS["consents"])))
    said = {who: consents_of(rows, who) for who in WHO}
    alone = {who for who in WHO if consent_answer(aim, said[who], now).verdict is Verdict.ALLOWED}
    explicit = {who for who in alone if word_given(aim, said[who], now)}

    seen = engine.con.sql(seen_sql("snapshot", "states", aim, now, ["accessibility_need"])).fetchall()
    assert {row[0] for row in seen} == alone
    if aim.name == "customer_care":
        assert {row[0] for row in seen if row[2]} == explicit

    asked = f"(SELECT *, '{why}' AS asked_purpose, {now}::BIGINT AS asked_now FROM states)"
    table = answers(table_of(engine, "snapshot"), table_of(engine, asked), aim).to_pyarrow().to_pylist()
    assert {row["customer_id"] for row in table if row["why"] is None} == alone
    assert {row["customer_id"] for row in table if row["why"] is None and row["word_given"]} == explicit


@settings(max_examples=40, deadline=None)
@given(people=PEOPLE, now=st.integers(0, 10))
def test_a_store_s_database_says_the_same_of_each_word(folded, people, now):
    rows = states_of(folded, people, "marketing")
    with sqlite3.connect(":memory:") as tables:
        tables.execute("CREATE TABLE consent_state (customer_id, purpose, channel, state, since, expires_at)")
        tables.executemany(f"INSERT INTO consent_state VALUES (:{', :'.join(COLUMNS['consents'])})", rows)
        found = tables.execute(f"SELECT customer_id, channel FROM consent_state WHERE {given_sql(now)}").fetchall()
    tables.close()
    given_now = [(one["customer_id"], one["channel"]) for one in rows
                 for word in [Consent(*list(one.values())[1:])] if word.given(now)]  # fmt: skip
    assert sorted(found) == sorted(given_now)


@settings(max_examples=25, deadline=None)
@given(people=PEOPLE, now=st.integers(0, 10))
def test_a_card_speaks_to_whom_the_gate_lets_in_and_to_nobody_else(folded, people, now):
    rows = states_of(folded, people, "marketing")
    snapshot = pa.table({"customer_id": list(WHO), "kind": ["person"] * 5, "name": list(WHO)})
    consents = pa.Table.from_pylist(rows, schema=schema_of(COLUMNS["consents"]))
    cards = make_cards(CardInputs(snapshot, consents=consents), "marketing", datetime.fromtimestamp(now, UTC), 0)
    for card in cards.to_pylist():
        open_channels = [one for one in _refused(card) if "consent to marketing" not in one.why]
        let_in = lets_in(
            purpose("marketing"), word_given(purpose("marketing"), consents_of(rows, card["customer"]), now)
        )
        assert bool(open_channels) is bool(let_in), (card["customer"], rows)


def _refused(card: dict[str, Any]) -> list[SimpleNamespace]:
    every = [SimpleNamespace(**one) for one in json.loads(card["refused"])]
    channels = [one for one in every if one.what.startswith("channel ")]
    assert not json.loads(card["eligible"]), "nobody has a contact point, so each channel says why not"
    return channels
