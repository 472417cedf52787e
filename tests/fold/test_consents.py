"""Words on consent become one state per purpose and channel: the newest of a record, the strictest of a customer."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight_core.fold import consent_states
from insight_core.pipeline.plans import plan
from insight_core.pipeline.steward import arrow_schema

NOW = 5
YES, NO = "given", "withdrawn"


class Word(NamedTuple):
    """What a record said at an instant; `until` is when it ends, `here` its number when it was recorded here."""

    record: str
    channel: str
    state: str
    at: int
    until: int | None = None
    here: int | None = None


State = tuple[str, int, int | None]
States = dict[tuple[str, str], State]


@pytest.fixture(scope="module")
def folded(tmp_path_factory) -> Iterator[Callable[[Iterable[tuple[str, Word]]], States]]:
    """A function that folds words of customers into states by customer and channel; a record's id begins with its customer's."""
    plans = tmp_path_factory.mktemp("plans")
    with duckdb.connect() as con:

        def states(said: Iterable[tuple[str, Word]]) -> States:
            rows = [_row(customer, number, word) for number, (customer, word) in enumerate(said)]
            links = sorted({(row["record_id"], row["record_id"].split(":")[0]) for row in rows})
            con.register("consent_rows", pa.Table.from_pylist(rows, schema=arrow_schema("consents")))
            names = {"record_id": [one for one, _ in links], "customer_id": [one for _, one in links]}
            con.register("links", pa.table(names, schema=pa.schema([(one, pa.string()) for one in names])))
            columns = {one: {row[0]: row[1] for row in con.sql(f"DESCRIBE {one}").fetchall()}
                       for one in ("consent_rows", "links")}  # fmt: skip
            found = con.sql(plan(plans, "consents", consent_states, columns)).to_arrow_table().to_pylist()
            return {
                (row["customer_id"], row["channel"]): (row["state"], row["since"], row["expires_at"]) for row in found
            }

        yield states


def _row(customer: str, number: int, word: Word) -> dict[str, Any]:
    return {
        "record_id": f"{customer}:{word.record}", "evidence": word.here or number, "purpose": "marketing",
        "source": "crm" if word.here is None else "steward", "channel": word.channel, "status": word.state,
        "decided_at": word.at, "expires_at": word.until,
    }  # fmt: skip


def stands(state: State, now: int) -> bool:
    word, since, until = state
    return word == YES and since <= now and (until is None or now < until)


A_MAIL = Word("a", "email", YES, 1)


@pytest.mark.parametrize(
    ("words", "email", "whole"),
    [
        pytest.param([A_MAIL], (YES, 1, None), None, id="a yes to one channel is none to every channel"),
        pytest.param([A_MAIL, Word("a", "email", NO, 1)], (NO, 1, None), None, id="at one instant the no counts"),
        pytest.param([Word("a", "email", NO, 1, here=1), Word("a", "email", YES, 1, here=2)], (YES, 1, None), None, id="recorded here the last counts"),
        pytest.param([A_MAIL, Word("a", "*", NO, 1)], (NO, 1, None), (NO, 1, None), id="a no to every channel ends a yes of that instant"),
        pytest.param([A_MAIL, Word("a", "*", NO, 2)], (NO, 2, None), (NO, 2, None), id="and one from before"),
        pytest.param([A_MAIL, Word("a", "*", NO, 0)], (YES, 1, None), (NO, 0, None), id="but none that was said later"),
        pytest.param([Word("a", "email", NO, 1), Word("a", "*", YES, 2)], (YES, 2, None), (YES, 2, None), id="a yes to every channel lifts the no of its own record"),
        pytest.param([Word("a", "email", NO, 1), Word("b", "*", YES, 2)], (NO, 1, None), (YES, 2, None), id="but no other record's"),
        pytest.param([A_MAIL, Word("b", "*", NO, 2)], (NO, 2, None), (NO, 2, None), id="a person withdraws, not a record"),
        pytest.param([A_MAIL, Word("b", "email", NO, 0)], (NO, 0, None), None, id="of two records the no counts, also the older"),
        pytest.param([A_MAIL, Word("b", "email", YES, 2, 7)], (YES, 2, 7), None, id="of two that say yes the newer"),
        pytest.param([A_MAIL, Word("b", "email", YES, 1, 7)], (YES, 1, 7), None, id="at one instant the one that ends first"),
        pytest.param([Word("a", "email", YES, 1, 7), Word("a", "email", YES, 1)], (YES, 1, 7), None, id="of one record likewise"),
        pytest.param([Word("a", "*", NO, 1), Word("b", "email", NO, 0), Word("b", "*", YES, 2)], (NO, 1, None), (NO, 1, None), id="who said no to a channel once has no more open than who did not"),
        pytest.param([A_MAIL, Word("b", "*", NO, 2), Word("b", "*", YES, 9)], (YES, 9, None), (YES, 9, None), id="a yes that lies ahead hides no withdrawal of every channel"),
        pytest.param([A_MAIL, Word("b", "*", NO, 2), Word("b", "*", YES, 3, 4)], (YES, 3, 4), (YES, 3, 4), id="nor does a yes that has ended"),
        pytest.param([A_MAIL, Word("b", "*", NO, 2), Word("b", "*", YES, 3), Word("c", "*", NO, 0)], (NO, 0, None), (NO, 0, None), id="nor one that a third record speaks against"),
        pytest.param([Word("a", "email", YES, 4), Word("b", "*", YES, 3, 4)], (YES, 4, None), (YES, 3, 4), id="what was said later has an end of its own"),
        pytest.param([Word("a", "*", NO, 1, 3)], None, (NO, 1, None), id="a withdrawal does not expire"),
    ],
)  # fmt: skip
def test_of_what_the_records_of_a_customer_said(folded, words, email, whole):
    found = folded([("ann", word) for word in words])
    assert (found.get(("ann", "email")), found.get(("ann", "*"))) == (email, whole)


WORDS = st.builds(
    Word,
    st.sampled_from("abc"),
    st.sampled_from(("*", "*", "email", "sms")),
    st.sampled_from((YES, NO)),
    st.integers(1, 9),
    st.none() | st.integers(1, 9),
    st.none(),
)
PEOPLE = st.dictionaries(st.sampled_from("pqrst"), st.lists(WORDS, min_size=1, max_size=7), min_size=1)


def each(people: dict[str, list[Word]]) -> list[tuple[str, Word]]:
    return [(customer, word) for customer, words in people.items() for word in words]


def state_by_hand(words: list[Word]) -> dict[str, State]:
    """The same rule in plain words: newest of a record, then under what is said of every channel, then the strictest."""
    newest: dict[tuple[str, str], Word] = {}
    for word in sorted(words, key=lambda one: (one.at, *_strictness(one))):
        newest[word.record, word.channel] = word
    whole = [word for (_, channel), word in newest.items() if channel == "*"]
    strictest = max(whole, key=lambda one: (one.state == NO, one.at, *_strictness(one)), default=None)
    settled: dict[str, list[Word]] = {}
    for (record, channel), word in newest.items():
        over = [one for one in whole if word.state == YES or one.record == record]
        replaced = any((one.at, one.state == NO) > (word.at, word.state == NO) for one in over)
        settled.setdefault(channel, []).append(strictest if strictest and replaced else word)
    return {channel: _told(max(those, key=lambda one: (one.state == NO, one.at, *_strictness(one))))
            for channel, those in settled.items()}  # fmt: skip


def _strictness(word: Word) -> tuple[bool, float]:
    return word.state == NO, -(word.until or 1_000)


def _told(word: Word) -> State:
    return word.state, word.at, word.until if word.state == YES else None


@settings(max_examples=60, deadline=None)
@given(PEOPLE)
def test_the_fold_says_what_the_rule_says_by_hand(folded, people):
    by_hand = {(who, channel): one for who, said in people.items() for channel, one in state_by_hand(said).items()}
    assert folded(each(people)) == by_hand


@settings(max_examples=40, deadline=None)
@given(PEOPLE, st.randoms(use_true_random=False))
def test_the_order_of_words_does_not_matter(folded, people, chance):
    words = each(people)
    before = folded(words)
    chance.shuffle(words)
    assert folded(words) == before


@settings(max_examples=60, deadline=None)
@given(PEOPLE)
def test_whoever_is_open_now_is_open_without_the_yeses_that_lie_ahead(folded, people):
    known = {who: [one for one in said if one.state == NO or one.at <= NOW] for who, said in people.items()}
    without = {place for place, state in folded(each(known)).items() if stands(state, NOW)}
    everything = {place for place, state in folded(each(people)).items() if stands(state, NOW)}
    assert {who for who, _ in everything} <= {who for who, _ in without}
