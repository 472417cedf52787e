"""Imports point one way."""

from importlinter.cli import lint_imports

from tests.conftest import HOUSE


def test_every_import_contract_is_kept(monkeypatch, capsys):
    monkeypatch.chdir(HOUSE)
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out
