"""Where the store is and what time it is: an option wins over the group's, and that over the environment."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from insight_core.commands.call import Call, new_call
from insight_core.errors import BadInput
from tests.cli.run import insight

JULY = datetime(2026, 7, 1, tzinfo=UTC)


def test_nothing_said(monkeypatch):
    monkeypatch.delenv("INSIGHT_STORE", raising=False)
    monkeypatch.delenv("INSIGHT_NOW", raising=False)
    assert new_call(None, None, json=False) == Call(Path("data/store"), None, json=False)


def test_the_environment_speaks_and_an_option_overrules_it(monkeypatch):
    monkeypatch.setenv("INSIGHT_STORE", "there")
    monkeypatch.setenv("INSIGHT_NOW", "2026-07-01")
    assert new_call(None, None, json=True) == Call(Path("there"), JULY, json=True)
    assert new_call(Path("here"), "2025-01-02T03:04:05Z", json=False).now == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_what_the_group_was_told_holds_for_the_command(tmp_path):
    group = Call(tmp_path, JULY, json=True)
    assert new_call(None, None, False, group) == group
    assert new_call(Path("own"), None, False, group) == Call(Path("own"), JULY, json=True)
    assert insight("--store", tmp_path, "--json", "verify").json["ok"]


def test_a_moment_that_is_none():
    with pytest.raises(BadInput, match="'soon' is not a date"):
        new_call(None, "soon", json=False)


def test_the_bare_word_shows_the_commands():
    ran = insight()
    assert ran.status == 0
    assert "load" in ran.out
    assert insight("--version").out.strip()
