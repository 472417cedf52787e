"""A fix through the app: a draft in the store, seen before and after, applied, undone and redone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import insight_core as ic
from app import text
from app.components import fixing
from tests.app.conftest import CRM_HEAD, people, write_csv

Show = Callable[..., AppTest]


def who(base: ic.Workspace) -> str:
    return str(base.find("person7@example.com")[0]["customer"])


def city(base: ic.Workspace) -> object:
    return base.profile(who(base)).facets["identity"].fields["city"].value


@pytest.fixture
def waiting(base: ic.Workspace, show: Show) -> AppTest:
    base.draft([{"customer": who(base), "field": "city", "action": "correct", "value": "Canterbury"}])
    return show("fix")


def told(app: AppTest) -> str:
    return "\n".join(str(one.proto) for one in app.main)


def test_a_draft_waits_with_its_effect_and_changes_nothing_yet(base: ic.Workspace, waiting: AppTest) -> None:
    assert "1 change waiting" in told(waiting)
    assert "Canterbury" in told(waiting)
    assert city(base) != "Canterbury"


def test_an_applied_change_shows_the_new_scores_and_is_undone_where_it_was_applied(
    base: ic.Workspace, waiting: AppTest
) -> None:
    before = city(base)
    waiting.button(key="fix_apply").click().run()
    assert city(base) == "Canterbury"
    assert "1 change applied" in told(waiting)
    assert base.drafts() == []
    waiting.button(key="fix_undo").click().run()
    assert city(base) == before
    assert not waiting.error
    assert "1 change undone" in told(waiting)
    scores = base.profile(who(base)).scores
    assert f"Complete {text.percent(scores['completeness'].value)}" in told(waiting)
    assert re.search(r"Fresh [\d.]+%, was ", told(waiting))


def test_a_change_is_undone_and_redone_in_history(base: ic.Workspace, show: Show) -> None:
    before = city(base)
    change = base.fix([{"customer": who(base), "field": "city", "value": "Canterbury"}])[0].change
    app = show("history")
    app.button(key=f"undo_{change}").click().run()
    assert city(base) == before
    app.button(key=f"redo_{change}").click().run()
    assert city(base) == "Canterbury"
    assert not app.error


def test_dropped_drafts_leave_no_trace(base: ic.Workspace, waiting: AppTest) -> None:
    waiting.button(key="fix_drop").click().run()
    assert base.drafts() == []
    assert base.history() == []


def test_a_draft_that_somebody_overtook_says_both_values_and_can_be_kept(base: ic.Workspace, waiting: AppTest) -> None:
    base.fix([{"customer": who(base), "field": "city", "value": "Dover"}])
    waiting.run()
    assert "it is &quot;Dover&quot; now" in told(waiting)
    assert waiting.button(key="fix_apply").disabled
    waiting.button(key=f"fix_keep_{who(base)}_city").click().run()
    waiting.button(key="fix_apply").click().run()
    assert city(base) == "Canterbury"


def test_what_cannot_be_applied_says_why_and_the_rest_is(base: ic.Workspace, show: Show) -> None:
    base.draft([
        {"customer": who(base), "field": "city", "action": "correct", "value": "Canterbury"},
        {"customer": who(base), "field": "email", "action": "correct", "value": "no at sign"},
    ])  # fmt: skip
    app = show("fix")
    assert "is not shaped like an e-mail address" in told(app)
    app.button(key="fix_apply").click().run()
    assert city(base) == "Canterbury"
    assert [one["field"] for one in base.drafts()] == ["email"]


def test_filters_come_from_the_address(base: ic.Workspace, show: Show) -> None:
    app = show("fix", states="stale", facet="identity", field="email")
    assert app.pills[0].value == ["stale"]
    assert app.selectbox(key="field").value == "email"
    assert not app.error
    assert "Pick all" in told(app)


def test_the_worklist_says_how_many_there_are_and_is_narrowed_to_a_source(base: ic.Workspace, show: Show) -> None:
    every, shop = base.stale("customer_care", 2000), base.stale("customer_care", 2000, source="shop")
    assert 0 < len(shop) < len(every)
    assert f"{len(every)} fields worth fixing, shown 1 to 50." in [one.value for one in show("fix").caption]
    narrowed = show("fix", source="shop")
    assert narrowed.selectbox(key="source").value == "shop"
    assert any(one.value.startswith(f"{text.plural(len(shop), 'field')} worth fixing") for one in narrowed.caption)


def test_all_that_match_are_confirmed_at_once(base: ic.Workspace, show: Show) -> None:
    app = show("fix", states="stale", field="email")
    stale = [one for one in base.stale(limit=500, states=["stale"]) if one.field == "email"]
    app.toggle(key="fix_all").set_value(True).run()
    assert f"{len(stale)} fields picked" in told(app)
    app.button(key="fix_bulk_apply").click().run()
    assert not app.error
    assert [one for one in base.stale(limit=500, states=["stale"]) if one.field == "email"] == []
    assert len({one["change_set"] for one in base.history()}) == 1


@pytest.mark.parametrize(("born", "offered"), [("2031-03-04", False), ("1957-03-04", True)])
def test_only_a_value_that_keeps_the_rules_is_offered_to_be_confirmed(
    base: ic.Workspace, show: Show, made: Path, tmp_path: Path, born: str, offered: bool
) -> None:
    row = [*people()[7][:-3], born, "", "2026-06-01"]
    base.load([write_csv(tmp_path / "later.csv", CRM_HEAD, [tuple(row)])], "crm", str(made / "crm.toml"))
    base.build()
    confirm = show("profile", customer=who(base), fix="birth_date").button(key="profile_birth_date_confirm")
    assert confirm.disabled is not offered
    assert ("lies in the future: a value that breaks a rule has to be corrected" in confirm.help) is not offered


@pytest.mark.parametrize(
    ("field", "value", "expects"),
    [
        ("email", "a@example.com", "a@example.com"),
        ("children_total", "2", 2),
        ("stated_interests", '["a","b"]', ["a", "b"]),
    ],
)
def test_an_item_of_the_worklist_says_what_it_was_seen_as(field: str, value: str, expects: object) -> None:
    item = ic.WorkItem("1", "Ann", field, value, "", "stale", 1.0)
    assert fixing.seen(item) == {"expects": expects}
