"""Answers about the whole base: kept in parts, and always what counting everything anew would give."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from time import sleep
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, delete, select

from insight_core.catalogue import field
from insight_core.errors import Fault, NotFound
from insight_core.pipeline.kept import answers as added_up
from insight_core.pipeline.kept import rows
from insight_core.store.buckets import BUCKETS
from insight_core.store.desk_tables import KeptAnswer
from tests.core.conftest import ANN, BOB, NOW, Desk

WHY = ("customer_care", "analytics", "marketing")
CITIES = ("Bath", "Bern", "Łódź")


def person(n):
    given, family = ("Ann", "Zoë", "Bob", "Éva")[n % 4], ("Müller", "Lee", "Groß", "O'Neil")[n % 3]
    seen = f"20{18 + n % 8}-0{1 + n % 9}-15"
    odd = {"email": f"p{n}@example.com" if n % 5 else "none", "city": CITIES[n % 3] if n % 4 else "", "seen": seen}
    return {
        "id": n,
        "given": given,
        "family": f"{family} {chr(97 + n % 26)}{chr(97 + n // 26)}",
        "street": f"{n // 2} High Street",
        **odd,
    }


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """Forty people, some of whom share a household; a shop knows six, two of them as strangers; every third has said
    something about consent."""
    desk = Desk(tmp_path_factory.mktemp("town"))
    workspace = desk.store()
    workspace.load(**desk.people("town", [person(n) for n in range(40)]))
    workspace.load(**desk.people("shop", [{**person(n), "city": "Rome"} for n in range(0, 40, 7)], source="shop"))
    said: list[tuple[object, ...]] = [
        (n, why, "*", "given" if n % 2 else "withdrawn", "2025-01-01") for n in range(0, 40, 3) for why in WHY[1:]
    ]
    workspace.load(**desk.consents("said", said))
    workspace.build()
    with workspace._store.write() as session:
        session.exec(delete(KeptAnswer))  # an installation's first build counts what people ask first
    workspace.close()
    return workspace.root


@pytest.fixture
def open_town(desk, town, database):
    def opened(now=NOW, name="store"):
        if not (desk.folder / name).exists():
            database.copy(town, desk.folder / name)
        return desk.store(name, now)

    return opened


def answers(workspace, why):
    pages = [workspace.customers(why, sort=name, scores=True, limit=100) for name in ("freshness", "name")]
    lists = [workspace.stale(why, limit, states) for limit, states in ((7, ()), (400, ("stale", "invalid")))]
    return [workspace.overview(why), lists, pages, workspace.trend(why)["forecast"]]


def forget_everything(workspace):
    """As if nothing had ever been kept, in the store or in memory."""
    rows._read.clear()
    with workspace._store.write(quiet=True) as session:
        session.exec(delete(KeptAnswer).where(col(KeptAnswer.question) != "history"))


def kept_rows(workspace):
    with workspace._store.read() as session:
        return session.exec(select(KeptAnswer).order_by(KeptAnswer.question, col(KeptAnswer.bucket))).all()


STEPS = st.one_of(
    st.tuples(st.just("fix"), st.integers(0, 39), st.sampled_from(["city", "email", "family_name"])),
    st.tuples(st.just("consent"), st.integers(0, 39), st.sampled_from(["given", "withdrawn"])),
    st.tuples(st.just("undo"), st.just(0), st.just("")),
    st.tuples(st.just("drop"), st.just(0), st.just("shop")),
)


def take(workspace, step, done):
    kind, number, what = step
    everybody = [one["customer"] for one in workspace.customers("service_delivery", limit=100)["rows"]]
    who = everybody[number % len(everybody)]
    if kind == "fix":
        change = {"customer": who, "field": what, "value": f"new{len(done)}@example.com"}
        done.append(workspace.fix([change])[0].change)
    elif kind == "consent":
        workspace.consent(who, WHY[1 + number % 2], what)
    elif kind == "undo" and done:
        workspace.undo(done.pop())
    elif kind == "drop" and any(one["source"] == what for one in workspace.sources()):
        workspace.drop_source(what)


@pytest.mark.slow
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=1, max_size=4), why=st.sampled_from(WHY))
def test_what_is_kept_is_what_counting_anew_gives_after_any_fixes_and_consents(open_town, steps, why):
    workspace = open_town(name=uuid4().hex)
    done: list[str] = []
    answers(workspace, why)
    for step in steps:
        take(workspace, step, done)
        quick = answers(workspace, why)
        forget_everything(workspace)
        assert answers(workspace, why) == quick


def test_a_fix_has_only_its_own_bucket_counted_again(open_town):
    workspace = open_town()
    workspace.overview("customer_care")
    before = {(one.question, one.bucket): one.print for one in kept_rows(workspace)}
    workspace.fix([{"customer": "3", "field": "city", "value": "Oslo"}])
    workspace.overview("customer_care")
    after = {(one.question, one.bucket): one.print for one in kept_rows(workspace)}
    moved = {bucket for key, bucket in after if after[key, bucket] != before.get((key, bucket))}
    assert 1 <= len(moved - {-1}) <= 3


def test_a_list_that_bucket_ends_too_early_for_is_counted_deeper(open_town, monkeypatch):
    workspace = open_town()
    deep = workspace.stale("customer_care", 300)
    forget_everything(workspace)
    monkeypatch.setattr("insight_core.pipeline.kept.answers._DEPTH", 1)
    assert workspace.stale("customer_care", 300) == deep
    assert workspace.stale("customer_care", 2, ["stale"]) == workspace.stale("customer_care", 9999, ["stale"])[:2]


@pytest.mark.parametrize("narrowed", [{"field": "city"}, {"facet": "identity"}, {"facet": "identity", "field": "email"},
                                      {"field": "language", "states": ["missing"]}, {"field": "stage"},
                                      {"facet": "household", "field": "email"}])  # fmt: skip
def test_a_filter_finds_what_the_kept_lists_have_no_room_for(open_town, monkeypatch, narrowed):
    workspace = open_town()
    every = workspace.stale(limit=9999, states=narrowed.get("states", ()))
    meant = [one for one in every if narrowed.get("field") in (None, one.field)
             and narrowed.get("facet") in (None, field(one.field).facet)]  # fmt: skip
    forget_everything(workspace)
    monkeypatch.setattr("insight_core.pipeline.kept.answers._DEPTH", 1)
    assert workspace.stale(limit=9999, **narrowed) == meant
    assert workspace.stale(limit=5, **narrowed) == meant[:5]


def test_a_filter_by_source_leaves_values_that_come_from_it(open_town):
    workspace = open_town()
    found = workspace.stale(limit=9999, field="city", source="shop")
    assert found
    assert {one.value for one in found} == {"Rome"}
    both = found + workspace.stale(limit=9999, field="city", source="crm")
    known = [one for one in workspace.stale(limit=9999, field="city") if one.value is not None]
    assert sorted(one.customer for one in both) == sorted(one.customer for one in known)
    assert workspace.stale(limit=9999, field="city", source="nobody") == []


@pytest.mark.parametrize("narrowed", [{"facet": "househol"}, {"field": "citty"}])
def test_a_filter_by_what_is_not_known_says_what_is(open_town, narrowed):
    with pytest.raises(NotFound, match="Did you mean"):
        open_town().stale(**narrowed)


def test_a_consent_that_lapses_within_the_day_is_seen_at_its_instant(open_town):
    workspace = open_town()
    workspace.consent("1", "marketing", "given")
    here = workspace.overview("marketing")["customers"]
    earlier = open_town(NOW - timedelta(seconds=1)).overview("marketing")["customers"]
    assert (here, earlier) == (here, here - 1)
    assert open_town(NOW + timedelta(hours=9)).overview("marketing")["customers"] == here


def test_nothing_that_is_kept_holds_a_name_or_a_value(open_town):
    workspace = open_town()
    answers(workspace, "customer_care")
    told = str([one.body for one in kept_rows(workspace)])
    assert len(told) > 1000
    assert not [word for word in ("Müller", "Bath", "example.com", "High Street", "Ann") if word in told]


def test_a_store_that_cannot_be_written_still_answers(open_town, monkeypatch):
    workspace = open_town()
    expected = workspace.overview("customer_care")
    forget_everything(workspace)
    rows._read.clear()

    def refused(*_, **__):
        raise Fault("read only")

    with monkeypatch.context() as patched:
        patched.setattr(type(workspace._store), "write", refused)
        from insight_core.pipeline import kept

        assert kept.overview(workspace._store, "customer_care", workspace.now) == expected
    assert not [one for one in kept_rows(workspace) if one.question == "base"]


def test_the_past_is_what_was_counted_then_and_nothing_else(open_town):
    first = open_town().overview("customer_care")
    later = open_town(NOW + timedelta(days=40))
    later.fix([{"customer": "3", "field": "city", "value": "Oslo"}])
    told = later.trend("customer_care")
    assert [(one["day"], one["scores"]) for one in told["past"]] == [("2026-01-31", first["scores"]["overall"])]
    assert told["today"]["scores"] != first["scores"]["overall"]
    back = open_town(NOW - timedelta(days=10))
    back.overview("customer_care")
    assert [one["day"] for one in later.trend("customer_care")["past"]] == ["2026-01-31"]


def test_a_look_ahead_is_no_past_once_something_was_learnt_meanwhile(open_town):
    open_town(NOW + timedelta(days=20)).overview("customer_care")
    open_town(NOW + timedelta(days=10)).fix([{"customer": "3", "field": "city", "value": "Oslo"}])
    assert open_town(NOW + timedelta(days=30)).trend("customer_care")["past"] == []


def test_the_forecast_is_the_overview_of_that_day_and_says_why(open_town):
    told = open_town().trend("customer_care")
    for point in told["forecast"]:
        then = open_town(NOW + timedelta(days=point["days"])).overview("customer_care")
        assert point["scores"]["freshness"] == then["scores"]["overall"]["freshness"]
        assert point["why"] == sorted(point["why"], key=lambda one: -one["lost"])
        assert 0 < sum(one["lost"] for one in point["why"]) <= 1
    assert {"field", "facet", "lost", "stale"} == set(told["forecast"][0]["why"][0])


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ({}, 42),
        ({"text": "muller"}, 15),
        ({"text": "zoe MÜLL"}, 3),
        ({"text": "gross"}, 14),
        ({"place": "lodz"}, 9),
        ({"source": "shop"}, 6),
        ({"field": "city", "state": "missing"}, 9),
        ({"field": "email"}, 10),
        ({"field": "email", "state": "known"}, 32),
        ({"kind": "organisation"}, 0),
    ],
)
def test_customers_are_found_by_what_is_known_of_them(open_town, query, total):
    found = open_town().customers("customer_care", limit=5, **query)
    assert (found["total"], len(found["rows"])) == (total, min(total, 5))


def test_customers_are_found_by_their_key_in_a_source(open_town):
    workspace = open_town()
    found = {one["customer"] for one in workspace.customers("analytics", text="7")["rows"]}
    assert found == {one["customer"] for one in workspace.find("key=7")} != set()


@pytest.mark.parametrize("state", ["stale", "ageing", "fresh", "conflicting", "undated"])
def test_a_state_filter_finds_whose_profile_says_so(open_town, state):
    workspace = open_town()
    found = {
        one["customer"] for one in workspace.customers("customer_care", field="city", state=state, limit=100)["rows"]
    }
    everybody = [one["customer"] for one in workspace.customers("customer_care", limit=100)["rows"]]
    profiles = {one: workspace.profile(one).facets["identity"].fields["city"].state for one in everybody}
    assert found == {one for one, said in profiles.items() if said == state}


def test_a_page_shows_and_sorts_by_the_scores_of_the_profiles(open_town):
    workspace = open_town()
    page = workspace.customers("customer_care", sort="completeness", descending=True, limit=6)["rows"]
    assert [one["completeness"] for one in page] == sorted((one["completeness"] for one in page), reverse=True)
    for one in page:
        scores = workspace.profile(one["customer"]).scores
        assert all(one[name] == scores[name].value for name in ("completeness", "freshness", "accuracy"))


@pytest.mark.parametrize("query", [{"sort": "shoe_size"}, {"field": "emial"}, {"field": "email", "state": "odd"}])
def test_a_question_that_cannot_be_is_told(open_town, query):
    with pytest.raises(NotFound):
        open_town().customers("customer_care", **query)


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("zoe muller", "name"),
        ("MÜLLER ja", "name"),
        ("ann o'neil zz", None),
        ("p1@EXAMPLE.com", "contact point"),
        ("3", "key in crm"),
    ],
)
def test_people_are_found_without_accents(open_town, text, matched):
    found = open_town().find(text)
    assert (found[0]["matched"] if found else None) == matched


def test_two_people(two_people):
    found = two_people().customers("customer_care")["rows"]
    assert [one["name"] for one in found] == [f"{one['given']} {one['family']}" for one in (ANN, BOB)]


def test_the_first_build_of_an_installation_asks_what_a_page_would_ask_first(tmp_path, monkeypatch):
    asked = []
    warm = import_module("insight_core.pipeline.kept.warm")
    monkeypatch.setattr(warm, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(warm, "overview", lambda *_: asked.append("overview"))
    desk = Desk(tmp_path)
    workspace = desk.store()
    for n in range(2):
        workspace.load(**desk.people(f"town{n}", [person(n)]))
        workspace.build()
    assert asked == ["overview"]


class Slow(dict[Any, Any]):
    """Between the look at its oldest entry and what is done with it others have their turn."""

    def __iter__(self) -> Iterator[Any]:
        oldest = list(self.keys())[:1]
        sleep(0.0001)
        return iter(oldest)


def test_several_threads_may_ask_for_more_than_is_kept(monkeypatch):
    """They keep what was put together in one place, from which the oldest are let go."""
    monkeypatch.setattr(added_up, "moved_keys", lambda *_: {})
    monkeypatch.setattr(added_up, "_MOST_MADE", 8)
    monkeypatch.setattr(added_up, "_made", Slow())
    no_store: Any = None
    asked = [rows.Asked(no_store, f"purpose {n}", "2026-01-31") for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda one: added_up._together(one, "base", {}, {}), asked)
        assert [len(one) for one in found] == [BUCKETS] * len(asked)
    assert len(added_up._made) == 8
