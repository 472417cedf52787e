"""Home: the base in sentences and pictures, each with its table."""

from collections.abc import Callable
from queue import SimpleQueue

import pytest
from streamlit.testing.v1 import AppTest

import insight_core as ic

Show = Callable[..., AppTest]


def told(app: AppTest) -> str:
    assert not app.exception
    assert [one.value for one in app.error] == []
    return "\n".join(str(one.proto) for one in app.main)


@pytest.mark.parametrize(
    ("look", "sentence"),
    [
        ("fresh", "Stale for most of those who have it"),
        ("lawful", "60% may be contacted for marketing; 6 customers took consent back and 6 were never asked"),
        (None, "If nobody confirms anything, freshness falls by"),
    ],
)
def test_each_question_has_its_sentence_and_its_picture(
    base: ic.Workspace, show: Show, look: str | None, sentence: str
) -> None:
    assert sentence in told(show("home", **({"look": look} if look else {})))


def test_a_store_that_is_no_demonstration_has_no_stories_and_no_reset(base: ic.Workspace, show: Show) -> None:
    app = show("home")
    assert "Five customers worth meeting" not in told(app)
    assert "demo_reset" not in [one.key for one in app.button]


def test_consents_add_up_to_everybody(base: ic.Workspace) -> None:
    for one in base.allowed():
        assert one["given"] + one["withdrawn"] + one["never"] == 30
    marketing = next(one for one in base.allowed() if one["purpose"] == "marketing")
    assert (marketing["given"], marketing["withdrawn"], marketing["never"]) == (18, 6, 6)


def test_ages_are_of_fields_that_the_purpose_may_see(base: ic.Workspace) -> None:
    names = {one["field"] for one in base.ages("customer_care")}
    assert "email" in names
    assert all(one["median"] >= 0 and one["known"] > 0 for one in base.ages("customer_care"))


def test_lost_evidence_is_told_on_every_page(base: ic.Workspace, show: Show) -> None:
    path = next((base.root / "lake" / "parties").rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:100])
    base.verify(repair=True)
    for view in ("home", "history"):
        assert any("were lost with the lake" in one.value for one in show(view).error)


def test_while_home_is_read_the_cards_of_a_large_base_are_prepared(
    base: ic.Workspace, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: SimpleQueue[str] = SimpleQueue()
    monkeypatch.setattr(ic.Workspace, "prepare_cards", lambda _, purpose: asked.put(purpose))
    for _ in range(2):
        assert not show("home").exception
    assert asked.get(timeout=60) == "customer_care"
    assert asked.empty()
