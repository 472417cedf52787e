"""Cards: kept or counted anew, one by one or all at once, they are the same; and what a change would do is what it does."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from sqlmodel import delete, select

import insight_core as ic
from insight_core.catalogue import PURPOSES, purpose
from insight_core.compliance.seen import seen_sql
from insight_core.compliance.tables import masked
from insight_core.pipeline import contact_counts, made_cards, one_card, outcomes, rates, used_cards
from insight_core.recommend import check_outcomes
from insight_core.recommend.facts import FACT_FIELDS
from insight_core.records.clock import epoch
from insight_core.records.ids import record_id
from insight_core.store import sorted_in
from insight_core.store.buckets import bucket_of
from insight_core.store.desk_tables import KeptAnswer
from insight_core.store.tables import Correction
from tests.core.conftest import ANN, NOW, Desk
from tests.databases import Kept

CONTACTS = """
name = "contacts"
title = "Contacts"
dataset = "interactions"
source = "crm"
key = "{who}"
[columns]
interaction_id = "number"
occurred_at = "at"
channel = "channel"
direction = "direction"
outcome = "outcome"
"""
PEOPLE = [
    {**ANN, "id": n, "given": f"Ann{n}", "email": f"ann{n}@example.com", "phone": f"+44 20 7946 0{n:03}"}
    for n in range(1, 25)
]


def _contacts() -> list[str]:
    rows = ["who,number,at,channel,direction,outcome"]
    for n in range(1, 25):
        for k in range(12):
            channel, ours = ("email", "sms", "call")[(n + k) % 3], k % 4 != 0
            result = ("replied" if (n * k) % 5 == 0 else "ignored") if ours else "resolved"
            direction = "outbound" if ours else "inbound"
            rows.append(f"{n},{n}-{k},2025-{1 + k:02}-15T{8 + (n + k) % 12:02}:00:00,{channel},{direction},{result}")
    return rows


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Twenty-four people with contacts, in buckets as a large base has them; three in four allow marketing."""
    patch = pytest.MonkeyPatch()
    patch.setattr(sorted_in, "SMALL", 1)
    patch.setattr(sorted_in, "SMALL_BUILT", 1)
    desk = Desk(tmp_path_factory.mktemp("cards"))
    ws = desk.store()
    ws.load(**desk.people("people", list(PEOPLE)))
    said = [(n, "marketing", "*", "withdrawn" if n % 4 == 0 else "given", "2025-01-01") for n in range(1, 25)]
    ws.load(**desk.consents("said", list(said)))
    ws.load(**desk._load("contacts", _contacts(), "crm", CONTACTS))
    ws.build()
    ws.close()
    yield ws.root
    patch.undo()


@pytest.fixture
def base(desk: Desk, built: Path, database: Kept, monkeypatch: pytest.MonkeyPatch) -> ic.Workspace:
    monkeypatch.setattr(sorted_in, "SMALL", 1)
    monkeypatch.setattr(sorted_in, "SMALL_BUILT", 1)
    database.copy(built, desk.folder / "store")
    rates._known.clear()
    return desk.store()


def forget(ws: ic.Workspace) -> None:
    """Nothing that was learnt is kept any longer."""
    rates._known.clear()
    with ws._store.write(quiet=True) as session:
        session.execute(delete(KeptAnswer))


def learnt(ws: ic.Workspace) -> list[dict[str, object]]:
    return rates.learnt(ws._store, "marketing", ws.now)[1].to_pylist()


def who(n: int) -> str:
    """The customer that the CRM keeps under a number: each has one record."""
    return record_id("crm", str(n))


def fix(n: int, field: str = "phone", value: str = "+44 20 7946 0999") -> dict[str, str]:
    return {"customer": who(n), "field": field, "action": "correct", "value": value}


@pytest.mark.parametrize("why", ["marketing", "customer_care", "research"])
def test_a_customer_alone_has_the_card_that_she_has_among_all(base, why):
    together = {card.customer: card for card in base.recommend(purpose=why)}
    alone = [base.recommend(who(n), purpose=why)[0] for n in range(1, 25)]
    assert {card.customer: card for card in alone if card.customer in together} == together
    assert all(card.abstained for card in alone if card.customer not in together)


@pytest.mark.parametrize(
    "change",
    [
        lambda ws: ws.fix([fix(2)]),
        lambda ws: ws.fix([fix(3), fix(5, "city", "Bath")]),
        lambda ws: ws.undo(ws.fix([fix(7)])[0].change),
        lambda ws: ws.consent(who(6), "marketing", "withdrawn"),
        lambda ws: ws.consent(who(8), "marketing", "given"),
        lambda ws: ws.build(full=True),
    ],
    ids=["a fix", "two fixes", "a fix undone", "consent withdrawn", "consent given", "built anew"],
)
def test_rates_brought_up_to_date_are_those_counted_from_scratch(base, change: Callable[[ic.Workspace], object]):
    learnt(base)
    change(base)
    kept, cards = learnt(base), base.recommend()
    forget(base)
    assert (learnt(base), base.recommend()) == (kept, cards)


def test_after_a_fix_one_bucket_is_counted_again(base, monkeypatch):
    learnt(base)
    counted: list[int] = []
    real = rates._shares

    def counting(*given):
        counted.extend(given[3])
        return real(*given)

    monkeypatch.setattr(rates, "_shares", counting)
    base.fix([fix(2)])
    learnt(base)
    assert counted == [bucket_of(who(2))]


def test_a_consent_that_ends_today_teaches_nothing_today(base):
    before = learnt(base)
    base.consent(who(6), "marketing", "withdrawn")
    assert learnt(base) != before
    base.consent(who(6), "marketing", "given")
    assert learnt(base) == before


@pytest.mark.parametrize("why", PURPOSES)
def test_one_query_lets_out_what_the_gate_lets_out(base, why):
    snapshot, consents = (base._store.lake.rows(name) for name in ("snapshot", "consent_states"))
    aim, con = purpose(why), base._store.ibis()
    table, _ = masked(con, snapshot, consents, aim, epoch(NOW))
    columns = ["customer_id", "name", "kind", *FACT_FIELDS]
    query = seen_sql(snapshot, consents, aim, epoch(NOW), ("kind", *FACT_FIELDS))
    said = con.con.sql(query).to_arrow_table().select(columns).sort_by("customer_id").to_pylist()
    assert said == table.select(columns).order_by("customer_id").to_pyarrow().to_pylist()


def test_the_effect_of_a_change_is_what_the_change_does_and_nothing_is_written(base):
    changes = [fix(2, "email", "new@example.com"), fix(2)]
    told = base.effect(changes)[0]
    with base._store.read() as session:
        assert session.exec(select(Correction)).all() == []
    assert told.card_before == base.recommend(who(2))[0]
    base.fix(changes)
    assert told.card_after == base.recommend(who(2))[0]
    scores = base.profile(who(2)).scores
    assert told.scores_after["completeness"] == scores["completeness"].value


def test_an_effect_is_told_in_words(base):
    told = base.effect([fix(1, "phone", "+44 20 7946 0555")])[0]
    assert any(line.startswith("Fresh: ") for line in told.differences)
    assert base.effect([fix(4)])[0].card_after.abstained, "without consent there is no card, before or after"


def test_an_outcome_finds_a_card_that_was_given_to_all_on_an_earlier_day(base, desk, tmp_path):
    card = next(one for one in base.recommend() if one.abstained is None)
    later = desk.store(now=NOW + timedelta(days=2))
    later.recommend()
    file = tmp_path / "outcomes.csv"
    file.write_text(f"card,time,result\n{card.card},2026-02-01T10:00:00Z,accepted\nnobody,2026-02-01,accepted\n")
    done = later.outcome(file)
    assert (done["read"], done["accepted"], done["quarantined"]) == (2, 1, 1)
    assert done["rows"][0]["message"] == "No such card was given out."


@pytest.mark.databases
def test_two_who_record_one_outcome_file_at_once_record_it_once(base, desk, tmp_path, monkeypatch):
    card = next(one for one in base.recommend() if one.abstained is None)
    file = tmp_path / "outcomes.csv"
    file.write_text(f"card,time,result\n{card.card},{NOW:%Y-%m-%dT%H:%M:%SZ},accepted\n")
    both = Barrier(2)

    def together(*given):
        with suppress(BrokenBarrierError):
            both.wait(3)
        return check_outcomes(*given)

    monkeypatch.setattr(outcomes, "check_outcomes", together)
    two = [base, desk.store()]
    with ThreadPoolExecutor(2) as pool:
        told = [done["accepted"] for done in pool.map(lambda one: one.outcome(file), two)]
    assert sorted(told) == [0, 1]
    assert len(base.outcomes()) == 1


@pytest.mark.databases
def test_a_mark_that_comes_while_a_card_is_kept_is_not_lost(base, desk, monkeypatch):
    card, other = next(one for one in base.recommend() if one.abstained is None), desk.store()
    store, write = base._store, base._store.write
    rounds: list[int] = []

    def late(**how):
        if not rounds:
            rounds.append(other.use_cards([card.customer]))
        return write(**how)

    monkeypatch.setattr(store, "write", late)
    table = made_cards.kept(store, "marketing", NOW)
    assert table is not None
    mine = f"SELECT * FROM {table.relation()} WHERE customer = '{card.customer}'"
    used_cards.keep(store, store.duck().sql(mine).to_arrow_table())
    assert rounds == [1]
    assert set(base.used_cards([card.card])) == {card.card}


def test_what_came_of_a_card_is_told_as_far_as_its_purpose_may_know_of_contacts(base, tmp_path):
    card = next(one for one in base.recommend(purpose="marketing") if one.abstained is None)
    file = tmp_path / "outcomes.csv"
    file.write_text(f"card,time,result\n{card.card},{NOW:%Y-%m-%dT%H:%M:%SZ},accepted\n")
    assert base.outcome(file)["accepted"] == 1
    base.consent(card.customer, "marketing", "withdrawn")
    kinds = {why: [one["kind"] for one in base.timeline(card.customer, why)] for why in ("customer_care", "marketing")}
    assert (kinds["customer_care"].count("outcome"), kinds["marketing"]) == (1, [])


def test_everybodys_cards_are_made_again_only_when_they_would_be_others(base):
    first = made_cards.make(base._store, "marketing", base.now)
    base.profile(who(1))
    assert made_cards.kept(base._store, "marketing", base.now) == first
    base.fix([fix(2, "email", "new@example.com")])
    assert made_cards.kept(base._store, "marketing", base.now) is None


def test_stretches_of_customers_make_the_same_cards_as_all_at_once(base, monkeypatch):
    whole = base.recommend()
    forget(base)
    monkeypatch.setattr(rates, "AT_ONCE", 3)
    assert base.recommend() == whole


def test_an_export_says_how_many_of_its_cards_abstain(base, tmp_path):
    done = base.export("recommendations", "customer_care", tmp_path / "cards.json")
    rows = json.loads((tmp_path / "cards.json").read_text())
    made = base.make_cards("customer_care")
    assert done.rows == len(rows) == made["cards"] + made["abstained"]
    assert done.abstained == made["abstained"] == sum(one["abstained"] is not None for one in rows)


def test_a_used_card_stays_used_when_it_is_looked_at_again(base):
    card = next(one for one in base.recommend() if one.abstained is None)
    assert base.use_cards([card.customer]) == 1
    base.recommend(card.customer)
    found = base.cards(customer=card.customer)
    assert found["used"] == {card.card: "2026-01-31T00:00:00Z"}
    assert found["rows"] == [replace(card)]


def test_a_card_is_used_and_given_back_also_while_those_of_the_others_are_not_made(base):
    card = next(one for one in base.recommend() if one.abstained is None)
    forget(base)
    assert base.use_cards([card.customer]) == 1
    assert base.used_cards([card.card]) == {card.card: "2026-01-31T00:00:00Z"}
    assert (base.unuse_cards([card.card]), base.unuse_cards([card.card])) == (1, 0)
    assert base.used_cards([card.card]) == {}


def test_cards_that_chose_among_channels_come_before_those_with_one_alone_and_then_the_surest(base):
    surest = max((one for one in base.recommend() if not one.abstained), key=lambda one: one.confidence)
    for channel in surest.eligible[1:]:
        base.consent(surest.customer, "marketing", "withdrawn", channel)
    base.make_cards()
    rows = base.cards(abstained=False, limit=500)["rows"]
    order = [(len(one.eligible) == 1, -one.confidence) for one in rows]
    assert order == sorted(order)
    assert {alone for alone, _ in order} == {True, False}


def test_a_page_holds_what_its_filters_ask_for(base):
    made = base.cards_made()
    assert sum(one["cards"] for one in made["mix"]) == made["cards"]
    channel = next(iter(made["channel"]))
    page = base.cards(abstained=False, channel=channel, limit=2)
    assert page["total"] == made["channel"][channel]
    assert {one.channel for one in page["rows"]} == {channel}
    one = page["rows"][0]
    named = base.cards(name=one.name.upper()[1:], limit=500)["rows"]
    assert one.customer in {found.customer for found in named}
    assert all(one.name[1:].lower() in found.name.lower() for found in named)
    assert base.cards(name="no such' name")["total"] == 0
    with pytest.raises(ic.UserError, match="channel"):
        base.cards(chanel="email")


def test_a_first_card_waits_for_nothing_that_was_prepared(base, monkeypatch):
    expected = base.recommend(who(1))
    forget(base)
    monkeypatch.setattr(one_card, "MANY", 1)
    base.prepare_cards("marketing")
    monkeypatch.setattr(rates, "_count", pytest.fail)
    monkeypatch.setattr(contact_counts, "_count", pytest.fail)
    assert base.recommend(who(1)) == expected


def test_where_few_are_known_nothing_is_prepared(base, monkeypatch):
    forget(base)
    monkeypatch.setattr(rates, "_count", pytest.fail)
    base.prepare_cards("marketing")
