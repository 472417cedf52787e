"""A fix through the app: into the basket, seen before and after, applied, undone."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

import insight_core as ic
from app import session

Show = Callable[..., AppTest]


def _waiting(show: Show, base: ic.Workspace) -> tuple[AppTest, str]:
    customer = base.find("person7@example.com")[0]["customer"]
    app = show("profile", customer=customer)
    app.selectbox(key="facet_identity_field").set_value("city").run()
    app.segmented_control(key="facet_identity_city_action").set_value("correct").run()
    app.text_input(key="facet_identity_city_value").set_value("Canterbury").run()
    app.button(key="facet_identity_city_add").click().run()
    return app.switch_page("views/fix.py").run(), customer


def _city(base: ic.Workspace, customer: str) -> object:
    return base.profile(customer).facets["identity"].fields["city"].value


def test_a_change_waits_with_its_effect_and_changes_nothing_yet(base: ic.Workspace, show: Show) -> None:
    app, customer = _waiting(show, base)
    told = "\n".join(str(one.proto) for one in app.main)
    assert "1 change waiting" in told
    assert "Canterbury" in told
    assert _city(base, customer) != "Canterbury"


def test_an_applied_change_can_be_undone_in_history(base: ic.Workspace, show: Show) -> None:
    app, customer = _waiting(show, base)
    before = _city(base, customer)
    app.button(key="fix_apply").click().run()
    assert _city(base, customer) == "Canterbury"
    app.switch_page("views/history.py").run()
    change = base.history()[0]["change"]
    app.button(key=f"undo_{change}").click().run()
    assert _city(base, customer) == before
    assert not app.error


def test_dropped_changes_leave_no_trace(base: ic.Workspace, show: Show) -> None:
    app, _ = _waiting(show, base)
    app.button(key="fix_drop").click().run()
    assert app.session_state[session.BASKET] == []
    assert base.history() == []


def test_a_value_that_cannot_be_is_one_line_and_does_not_wait(base: ic.Workspace, show: Show) -> None:
    customer = base.find("person7@example.com")[0]["customer"]
    app = show("profile", customer=customer)
    app.selectbox(key="facet_identity_field").set_value("email").run()
    app.segmented_control(key="facet_identity_email_action").set_value("correct").run()
    app.text_input(key="facet_identity_email_value").set_value("not an address").run()
    app.button(key="facet_identity_email_add").click().run()
    assert len(app.error) == 1
    assert app.session_state[session.BASKET] == []
