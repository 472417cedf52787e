"""Every word of the command line that was promised is there, with help, and is in the README."""

import re

import pytest

from tests.cli.run import insight
from tests.conftest import HOUSE

PROMISED = {
    "demo": "--customers --seed --world --no-serve",
    "world": "--out --customers --seed --params --print-params",
    "load": "--source --recipe",
    "unload": "--dry-run",
    "drop-source": "--dry-run",
    "quarantine": "--batch",
    "build": "--full --engine",
    "find": "",
    "profile": "--purpose --as-of",
    "stale": "--purpose --limit --state",
    "fix": "--dry-run",
    "undo": "",
    "redo": "",
    "fixes export": "--to",
    "recommend": "--purpose",
    "outcome": "",
    "evaluate": "--truth",
    "export": "--purpose --to",
    "consent": "--purpose --channel --set --evidence",
    "verify": "--repair --explain",
    "notebook list": "",
    "notebook run": "--parameter --output",
    "notebook open": "--parameter",
    "backup": "",
    "restore": "",
    "serve app": "--port",
    "bench": "--customers --interactions --set",
}
LATER = (
    "train", "proposals", "merge", "unmerge", "request", "serve api", "serve mcp",
)  # fmt: skip


@pytest.mark.parametrize(("words", "options"), PROMISED.items())
def test_a_command_explains_itself_and_takes_what_was_promised(words, options):
    said = insight(*words.split(), "--help")
    assert said.status == 0
    for option in (*options.split(), "--store", "--now", "--json"):
        assert option in said.out


@pytest.mark.parametrize("words", LATER)
def test_a_command_that_is_to_come_says_so_in_one_line(words):
    refused = insight(*words.split(), "anything", "--store", "somewhere")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == f"{words} is not part of this release yet.\n"
    assert insight(*words.split(), "--help").status == 0


@pytest.mark.parametrize("words", [*PROMISED, *LATER])
def test_every_command_is_in_the_readme(words):
    readme = (HOUSE / "README.md").read_text(encoding="utf-8")
    commands = readme[readme.index("## Commands") : readme.index("## What you can rely on")]
    assert re.search(rf"`{words}[ `]", commands)
