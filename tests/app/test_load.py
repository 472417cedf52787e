"""The load page without a browser: what a row is, and what is said of all rows where no column says it."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import insight_core as ic
from tests.app.conftest import write_csv

Show = Callable[..., AppTest]
_CHANGED = datetime(2026, 5, 12, 9, tzinfo=UTC).timestamp()


@pytest.fixture
def named(base: ic.Workspace, show: Show, tmp_path: Path) -> Callable[..., AppTest]:
    """The page with a file named by its path, which was last changed on 12 May 2026."""

    def shown(name: str, head: tuple[str, ...], *rows: tuple[str, ...]) -> AppTest:
        file = write_csv(tmp_path / name, head, rows)
        os.utime(file, (_CHANGED, _CHANGED))
        return show("load").text_input(key="load_path_0").set_value(str(file)).run()

    return shown


def labelled(widgets: Any, label: str) -> Any:
    return next(one for one in widgets if one.label == label)


def errors(app: AppTest) -> list[str]:
    assert not app.exception
    return [one.value for one in app.error]


def test_a_file_without_dates_is_offered_its_own_day_and_takes_none_by_itself(named: Callable[..., AppTest]) -> None:
    app = named("kunden.csv", ("id", "Vorname", "Ort"), ("1", "Ada", "Bonn"))
    assert labelled(app.date_input, "True as of").value is None
    assert any("nobody is contacted on it" in one.value for one in app.warning)
    app = labelled(app.button, "It is 12 May 2026").click().run()
    assert labelled(app.date_input, "True as of").value == date(2026, 5, 12)
    assert errors(app) == []
    assert not any("nobody is contacted on it" in one.value for one in app.warning)
    assert not any(one.label.startswith("It is ") for one in app.button)


def test_orders_without_dates_wait_for_a_day(named: Callable[..., AppTest]) -> None:
    app = named("orders.csv", ("customer_id", "sku", "amount"), ("1", "tv", "10.5"))
    assert labelled(app.selectbox, "Each row is").value == "usage"
    assert any("No column becomes occurred at" in one for one in errors(app))
    app = labelled(app.button, "It is 12 May 2026").click().run()
    assert errors(app) == []
    assert labelled(app.button, "Load 1 row")


def test_another_kind_of_row_is_proposed_anew(named: Callable[..., AppTest]) -> None:
    app = named("people.csv", ("id", "email"), ("1", "ada@example.org"), ("2", "bea@example.org"))
    assert labelled(app.selectbox, "Each row is").value == "parties"
    app = labelled(app.selectbox, "Each row is").set_value("interactions").run()
    assert {one.label for one in app.selectbox} >= {"Channel"}
    assert labelled(app.date_input, "Occurred").value is None
    app = labelled(app.selectbox, "Each row is").set_value("parties").run()
    assert errors(app) == []
    assert labelled(app.selectbox, "Kind").value == "person"


def test_of_a_file_like_no_other_it_is_asked_what_its_rows_are(named: Callable[..., AppTest]) -> None:
    app = named("odd.csv", ("alpha", "beta"), ("1", "1"), ("1", "1"))
    assert errors(app) == []
    assert labelled(app.selectbox, "Each row is").value is None
    app = labelled(app.selectbox, "Each row is").set_value("consents").run()
    assert any("choose the one that names the customer" in one for one in errors(app))


def test_a_mapping_that_says_one_day_is_asked_for_the_day_of_the_next_file(
    base: ic.Workspace, named: Callable[..., AppTest], tmp_path: Path
) -> None:
    head, row = ("id", "Vorname", "Ort"), ("1", "Ada", "Bonn")
    recipe = base.suggest(write_csv(tmp_path / "kunden.csv", head, [row]))
    base.keep_recipe(base.always(recipe, {"observed_at": "2026-04-01"}))
    app = named("kunden.csv", head, row)
    assert "Recognised" in "\n".join(str(one.proto) for one in app.main)
    assert labelled(app.date_input, "True as of").value == date(2026, 4, 1)
    assert not any(one.label == "Remember this mapping as" for one in app.text_input)
    app = labelled(app.button, "It is 12 May 2026").click().run()
    assert errors(app) == []
    assert labelled(app.text_input, "Remember this mapping as").value == "kunden"
