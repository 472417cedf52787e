"""Percent text, typed parameters, and values as data literals."""

import ast
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight_core.catalogue import FACETS
from insight_core.errors import BadInput, NotFound
from insight_core.notebooks.parameters import checked, read_parameters, spliced
from insight_core.notebooks.percent import Notebook, written
from tests.conftest import HOUSE

CELL = """from datetime import date
from typing import Literal

purpose: str = "analytics"  # Why you look
name: str = "ж"  # Name: as it is written
many: int = 3
share: float = 0.5  # Share, 0 to 1
alive: bool = False
since: date | None = None  # Since
way: Literal["in", "out"] = "in"
ways: list[Literal["in", "out"]] = ["in"]  # Ways
Long = Literal["near", "far"]
reach: Long | None = None  # Reach
facet: str | None = None
source: str | None = None
towns: list[str] = []
"""


def test_a_parameter_has_a_kind_a_default_a_question_and_choices():
    told = {one.name: (one.kind, one.default, one.asks, one.optional) for one in read_parameters(CELL)}
    assert told == {
        "purpose": ("purpose", "analytics", "Why you look", False),
        "name": ("text", "ж", "Name: as it is written", False),
        "many": ("whole", 3, "", False),
        "share": ("number", 0.5, "Share, 0 to 1", False),
        "alive": ("yes_no", False, "", False),
        "since": ("day", None, "Since", True),
        "way": ("choice", "in", "", False),
        "ways": ("several", ["in"], "Ways", False),
        "reach": ("choice", None, "Reach", True),
        "facet": ("choice", None, "", True),
        "source": ("source", None, "", True),
        "towns": ("several", [], "", False),
    }
    choices = {one.name: one.choices for one in read_parameters(CELL)}
    assert choices["ways"] == ("in", "out")
    assert choices["reach"] == ("near", "far")
    assert choices["facet"] == FACETS


@pytest.mark.parametrize(
    ("name", "said", "read"),
    [
        ("many", "7", 7), ("many", 7, 7), ("share", "0.25", 0.25), ("alive", "yes", True), ("alive", True, True),
        ("since", "2026-01-31", date(2026, 1, 31)), ("since", "", None), ("way", "out", "out"), ("name", 5, "5"),
        ("name", "two\nlines", "two lines"), ("ways", "out, in", ["out", "in"]), ("ways", ["out"], ["out"]),
        ("towns", "Bonn,  Ulm,", ["Bonn", "Ulm"]), ("towns", "", []),
    ],
)  # fmt: skip
def test_what_is_said_is_read_as_its_kind(name, said, read):
    assert checked(read_parameters(CELL), {name: said})[name] == read


@pytest.mark.parametrize(
    ("name", "said", "error"),
    [
        ("many", "7.5", "many is a whole number, not '7.5'."),
        ("share", "nan", "share is a number, not 'nan'."),
        ("alive", "perhaps", "alive is yes or no, not 'perhaps'."),
        ("since", "yesterday", "since is a day such as 2026-01-31, not 'yesterday'."),
        ("way", "inn", "No way called 'inn'. Did you mean 'in'?"),
        ("ways", "in,oot", "No ways called 'oot'. Did you mean 'out'?"),
        ("purpose", "marketin", "No purpose called 'marketin'. Did you mean 'marketing'?"),
        ("nam", "x", "No parameter called 'nam'. Did you mean 'name'?"),
        ("many", None, "many needs a value."),
    ],
)
def test_what_is_no_value_is_one_line(name, said, error):
    with pytest.raises((BadInput, NotFound)) as told:
        checked(read_parameters(CELL), {name: said})
    assert str(told.value) == error


@pytest.mark.parametrize(
    "cell", ["x: str = open('/etc/passwd').read()", "x: str = f'{1}'", "x: Path = 'a'", "x: int = (\n1)", "x: int"]
)
def test_a_default_that_is_no_literal_is_refused(cell):
    with pytest.raises(BadInput):
        read_parameters(cell)


@given(st.text(max_size=200))
def test_a_value_is_written_as_one_literal_whatever_is_in_it(said):
    before = read_parameters(CELL)
    if "\0" in said:
        return
    cell = spliced(CELL, before, {"name": said})
    assigned = [one for one in ast.parse(cell).body if isinstance(one, ast.AnnAssign)]
    assert all(isinstance(one.value, ast.Constant | ast.List) for one in assigned)
    assert len(ast.parse(cell).body) == len(ast.parse(CELL).body)
    after = {one.name: one for one in read_parameters(cell)}
    assert after["name"].default == " ".join(said.encode("utf-8", "ignore").decode().split())
    assert [one.asks for one in after.values()] == [one.asks for one in before]


def test_a_day_is_written_so_that_it_is_read_again():
    cell = spliced(CELL, read_parameters(CELL), {"since": "2026-02-03"})
    assert "since: date | None = date.fromisoformat('2026-02-03')  # Since" in cell
    assert {one.name: one.default for one in read_parameters(cell)}["since"] == date(2026, 2, 3)


def test_cells_are_written_as_they_were_read():
    text = '# %% [markdown]\n# # Title\n#\n# What for.\n\n# %% tags=["parameters"]\nx: int = 1\n\n# %%\nx + 1\n'
    notebook = Notebook(text)
    assert written(notebook.cells) == text
    assert (notebook.title, notebook.answers) == ("Title", "What for.")
    assert [cell.kind for cell in notebook.cells] == ["markdown", "code", "code"]


def test_jupytext_reads_the_same_cells():
    jupytext = pytest.importorskip("jupytext")
    for path in ("app/notebooks/state_of_the_base.py", "app/notebooks/views/profile.py"):
        text = (HOUSE / path).read_text(encoding="utf-8")
        theirs = jupytext.reads(text, fmt="py:percent").cells
        ours = Notebook(text).cells
        assert [(one.cell_type, one.source.strip()) for one in theirs] == [
            (one.kind, one.source.strip()) for one in ours
        ]
        assert [one.metadata.get("tags", []) for one in theirs] == [list(one.tags) for one in ours]
