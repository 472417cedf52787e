"""What every checkout carries."""

import re
import tomllib

import pytest

from insight_core.settings import Settings
from tests.conftest import HOUSE


def read(name: str) -> str:
    return (HOUSE / name).read_text(encoding="utf-8")


def test_the_changelog_has_room_for_the_next_change():
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert re.search(r"^## \[Unreleased\]$", read("CHANGELOG.md"), re.MULTILINE)
    assert version == "0.1.0" or f"## [{version}]" in read("CHANGELOG.md")


@pytest.mark.parametrize("name", ["constraints.txt", "requirements.lock"])
def test_a_lock_names_versions_and_no_address(name):
    assert "://" not in read(name)
    assert re.search(r"^duckdb==\d", read(name), re.MULTILINE)


def test_the_lock_pins_what_the_constraints_pin():
    pinned = set(re.findall(r"^([A-Za-z0-9_.\-]+==[^\s;\\]+)", read("requirements.lock"), re.MULTILINE))
    assert pinned == set(read("constraints.txt").split())


def test_the_licence_is_whole():
    assert "Apache License" in read("LICENSE")
    assert "END OF TERMS AND CONDITIONS" in read("LICENSE")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_readme(name):
    assert f"`INSIGHT_{name.upper()}`" in read("README.md")


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_two_commands_are_in_the_readme(target):
    assert re.search(rf"^{target}:.*## ", read("Makefile"), re.MULTILINE)
    assert f"make {target}" in read("README.md")


def test_the_machine_that_checks_runs_the_readmes_test_command():
    assert "STRICT=1 make test" in read(".ci/run")
