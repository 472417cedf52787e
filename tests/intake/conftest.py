"""A small workshop for intake: write bytes, read them by a recipe, look at rows and quarantine."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from insight_core.intake import Parsed, Recipe, parse
from insight_core.intake.recipe import parse_recipe
from insight_core.records.clock import epoch, parse_instant

NOW = parse_instant("2026-06-01")

PEOPLE = """
dataset = "parties"
key = "{id}"
[constants]
kind = "person"
[columns]
given_name = "name"
"""


@dataclass(frozen=True)
class Outcome:
    """What came of a parse, as plain lists."""

    parsed: Parsed
    rows: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]

    @property
    def lines(self) -> list[int]:
        return [row["line"] for row in self.rows]

    @property
    def refused(self) -> list[tuple[int, str]]:
        return [(row["line"], row["code"]) for row in self.quarantine]

    @property
    def notes(self) -> str:
        return " ".join(note for file in self.parsed.files for note in file["notes"])


@pytest.fixture
def people() -> str:
    """A recipe for people with a name."""
    return PEOPLE


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Write content under a name and give its path."""

    def written(content: str | bytes, name: str = "people.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.fixture
def read(tmp_path: Path, put: Callable[..., Path]) -> Callable[..., Outcome]:
    """Read content or files by a recipe: good rows by line, refused rows, and the sum that must hold."""

    def outcome(
        content: str | bytes | list[Path],
        recipe: str | Recipe = PEOPLE,
        name: str = "people.csv",
        now: datetime = NOW,
    ) -> Outcome:
        paths = content if isinstance(content, list) else [put(content, name)]
        made = recipe if isinstance(recipe, Recipe) else parse_recipe(recipe, "test")
        parsed = parse(paths, made, "test", tmp_path / "staging", epoch(now))
        rows = sorted(
            parsed.engine.sql(f"FROM {parsed.rows}").to_arrow_table().to_pylist(),
            key=lambda row: (row["file"], row["line"]),
        )
        refused = pq.read_table(parsed.quarantine).to_pylist()
        quarantine = sorted(refused, key=lambda row: (row["file"], row["line"], row["column"], row["code"]))
        assert parsed.read == len(rows) + parsed.quarantined
        assert parsed.quarantined == len({(row["file"], row["line"]) for row in quarantine})
        return Outcome(parsed, rows, quarantine)

    return outcome
