"""Every example of the README runs, and prints what the README says."""

import subprocess
import sys
from difflib import unified_diff
from importlib.metadata import entry_points

import pytest

from tests.house.readme import HOUSE, PYTHON, README, printed, timeless

TEXT = README.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("reader")


@pytest.fixture(scope="module")
def toured(folder):
    """The README after its commands have run in the folder."""
    return printed(TEXT, folder)


@pytest.mark.slow
def test_the_tour_prints_what_the_readme_says(toured):
    before, after = timeless(TEXT).splitlines(), timeless(toured).splitlines()
    assert "\n".join(unified_diff(before, after, "README.md", "now (make readme)", lineterm="")) == ""


@pytest.mark.slow
@pytest.mark.parametrize("example", [one for one in PYTHON.findall(TEXT) if "def test_" not in one])
def test_a_program_of_the_readme_runs_after_the_tour(example, folder, toured):
    ran = _python(folder, "-c", example)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout


@pytest.mark.parametrize("example", [one for one in PYTHON.findall(TEXT) if "def test_" in one])
def test_a_test_of_the_readme_passes(example, tmp_path):
    (tmp_path / "test_mine.py").write_text(example)
    installed = [one.name for one in entry_points(group="pytest11")]
    plugin = [] if "insight_world" in installed else ["-p", "insight_core.demo.pytest_plugin"]
    ran = _python(tmp_path, "-m", "pytest", "-q", *plugin, "test_mine.py")
    assert "1 passed" in ran.stdout, ran.stdout + ran.stderr


def _python(folder, *words):
    said = {"PYTHONPATH": str(HOUSE)}
    return subprocess.run([sys.executable, *words], cwd=folder, env=said, capture_output=True, text=True, check=False)
