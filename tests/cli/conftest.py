"""A store with a small made-up world in it, made once by the command that makes it for people."""

import shutil

import pytest

from tests.cli.run import insight

NOW = "2026-07-01"


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """(folder, what `demo` said): the folder holds store/ and world/."""
    folder = tmp_path_factory.mktemp("demo")
    ran = insight("demo", "--customers", 60, "--no-serve", "--json", "--store", folder / "store")
    assert ran.status == 0, ran.err
    return folder, ran.json


@pytest.fixture(scope="session")
def ask(demo):
    """A command over the demo's store, at its clock; for commands that leave it as it is."""
    return lambda *words: insight(*words, "--store", demo[0] / "store", "--now", NOW)


@pytest.fixture
def own(demo, tmp_path):
    """The same over a copy of the store that the test may change."""
    shutil.copytree(demo[0] / "store", tmp_path / "store")
    return lambda *words: insight(*words, "--store", tmp_path / "store", "--now", NOW)


@pytest.fixture(scope="session")
def customer(ask):
    """Somebody who may be contacted."""
    return ask("recommend", "--purpose", "marketing", "--limit", 1, "--json").json["cards"][0]["customer"]
