"""Notebooks as text in the percent format: cells that begin with `# %%`, as Jupytext and editors read them."""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal

from insight_core.errors import BadInput
from insight_core.notebooks.parameters import Parameter, read_parameters, spliced

_MARK = re.compile(r"^# %%(?: \[(?P<kind>markdown)\])?(?: tags=(?P<tags>\[.*\]))?\s*$")
PARAMETERS = "parameters"

Kind = Literal["markdown", "code"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: markdown without its comment signs, or code."""

    kind: Kind
    source: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notebook:
    """A notebook: its title, what it answers, its cells and its typed parameters."""

    text: str

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells in their order; an empty one is none."""
        return tuple(cell for cell in _cells(self.text.splitlines()) if cell.source)

    @property
    def title(self) -> str:
        """The first heading."""
        return self._opening()[0].removeprefix("# ").strip()

    @property
    def answers(self) -> str:
        """What it is for: the first paragraph under the title."""
        under = "\n".join(self._opening()[1:]).strip().split("\n\n")[0]
        return " ".join(under.split())

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The typed parameters, with their defaults."""
        return read_parameters(self._parameters_cell().source)

    @property
    def digest(self) -> str:
        """SHA-256 of the text: what a notebook is registered by."""
        return sha256(self.text.encode()).hexdigest()

    def with_values(self, values: Mapping[str, Any]) -> "Notebook":
        """The same notebook with other values in its parameters cell, written as data literals."""
        old = self._parameters_cell()
        new = replace(old, source=spliced(old.source, self.parameters, values))
        return Notebook(written(new if cell is old else cell for cell in self.cells))

    def _opening(self) -> list[str]:
        first = self.cells[0] if self.cells else None
        if first is None or first.kind != "markdown" or not first.source.startswith("# "):
            raise BadInput("A notebook begins with a markdown cell whose first line is its title: `# Title`.")
        return first.source.splitlines()

    def _parameters_cell(self) -> Cell:
        found = [cell for cell in self.cells if PARAMETERS in cell.tags]
        if len(found) != 1:
            raise BadInput(f"A notebook has one cell tagged `parameters`; this one has {len(found)}.")
        return found[0]


def written(cells: Iterable[Cell]) -> str:
    """Cells as percent text."""
    return "\n\n".join(_cell_text(cell) for cell in cells) + "\n"


def _cell_text(cell: Cell) -> str:
    if cell.kind == "markdown":
        return "# %% [markdown]\n" + "\n".join(f"# {line}".rstrip() for line in cell.source.splitlines())
    tags = "[" + ", ".join(f'"{tag}"' for tag in cell.tags) + "]"
    return f"# %%{' tags=' + tags if cell.tags else ''}\n{cell.source}"


def _cells(lines: list[str]) -> list[Cell]:
    found: list[Cell] = []
    head: re.Match[str] | None = None
    body: list[str] = []
    for line in [*lines, "# %%"]:
        mark = _MARK.match(line)
        if mark is None:
            body.append(line)
            continue
        if head is not None:
            found.append(_cell(head, body))
        head, body = mark, []
    return found


def _cell(head: re.Match[str], body: list[str]) -> Cell:
    tags = tuple(str(tag) for tag in ast.literal_eval(head["tags"])) if head["tags"] else ()
    if head["kind"] == "markdown":
        plain = [line.removeprefix("#").removeprefix(" ") for line in body]
        return Cell("markdown", "\n".join(plain).strip(), tags)
    return Cell("code", "\n".join(body).strip("\n").rstrip(), tags)
