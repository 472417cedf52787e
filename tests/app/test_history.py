"""History: what happened, narrowed by the address line, with the way back; only what the purpose may see."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

import insight_core as ic

Show = Callable[..., AppTest]


@pytest.fixture
def busy(base: ic.Workspace) -> ic.Workspace:
    """A base with two change sets and a consent."""
    six, seven = (base.find(f"person{n}@example.com")[0]["customer"] for n in (6, 7))
    base.fix([{"customer": one, "field": "city", "value": "Canterbury"} for one in (six, seven)])
    base.fix([{"customer": seven, "field": "phone", "value": "020 7946 0001"}])
    base.consent(seven, "marketing", "withdrawn", evidence="said so at the counter")
    return base


def told(app: AppTest) -> str:
    assert not app.exception
    assert [one.value for one in app.error] == []
    return "\n".join(str(one.proto) for one in app.main)


def test_fixes_of_one_set_stand_together_and_are_undone_together(busy: ic.Workspace, show: Show) -> None:
    app = show("history", kinds="Fixes")
    assert "2 changes of City" in told(app)
    assert "1 Jul 2026, 00:00 UTC" in told(app)
    together = busy.history()[-1]["change_set"]
    app.button(key=f"undo_{together}").click().run()
    assert [bool(one["undone_at"]) for one in busy.history()] == [False, True, True]
    app.button(key=f"redo_{together}").click().run()
    assert [bool(one["undone_at"]) for one in busy.history()] == [False, False, False]


def test_a_consent_is_told_with_its_evidence(busy: ic.Workspace, show: Show) -> None:
    assert "said so at the counter" in told(show("history", kinds="Consents"))


@pytest.mark.parametrize(
    ("query", "ways_back"),
    [
        pytest.param({}, 2, id="nothing asked: a set and a single change"),
        pytest.param({"field": "Phone"}, 1, id="a field"),
        pytest.param({"who": "person6@example.com"}, 1, id="a customer"),
        pytest.param({"from": "2026-07-02"}, 0, id="later days"),
        pytest.param({"until": "2026-07-01"}, 2, id="up to a day"),
        pytest.param({"kinds": "Loads"}, 0, id="another kind"),
    ],
)
def test_the_address_line_narrows_it(busy: ic.Workspace, show: Show, query: dict[str, str], ways_back: int) -> None:
    app = show("history", **query)
    told(app)
    assert len([one for one in app.button if str(one.key).startswith("undo_")]) == ways_back


def test_a_purpose_that_may_not_see_a_field_sees_that_it_was_fixed_and_no_more(busy: ic.Workspace, show: Show) -> None:
    said = told(show("history", kinds="Fixes", purpose="marketing"))
    assert "020 7946 0001" not in said
    assert "withheld" in said
