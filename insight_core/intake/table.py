"""Table: one piece opened, ready to be compiled against: columns, how to read them, and what was noticed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from insight_core.intake import values as v
from insight_core.intake.compile import Layout
from insight_core.intake.sniff import Format

_SHOWN = 200  # columns of a quarantined row that are shown
_SHOWN_TEXT = 4_000  # characters of a quarantined JSON object that are shown


@dataclass(slots=True)
class Table:
    """One file as a table.

    `batches` gives Arrow batches of the schema in `rows`, or None where DuckDB reads `relation` by itself;
    `recover` mends the table after `batches` met bytes that are not in its encoding.
    `paths` holds, for JSON only, where in the object each column lies. `native` says that the file has
    types of its own. `dated` names columns in which a workbook holds dates. `samples` holds up to a few hundred rows
    as texts.
    """

    name: str
    format: Format
    columns: list[str]
    samples: list[list[str | None]]
    batches: Callable[[], Iterator[pa.RecordBatch]] | None = None
    recover: Callable[[], None] | None = None
    relation: str = "stream"
    paths: dict[str, str] = field(default_factory=dict)
    native: bool = False
    clean: bool = False
    headerless: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    spoilt: bool = False
    sheet: str | None = None
    dated: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How many cells a batch has: JSON arrives as one text."""
        return 0 if self.paths else len(self.columns)

    def cells(self) -> dict[str, str]:
        """Each column's cell as an SQL expression over `relation`."""
        return {name: f"c{number}" for number, name in enumerate(self.columns)}

    def layout(self) -> Layout:
        """The table as the compiler sees it."""
        cells = self.cells()
        shown = {} if self.paths else dict(list(cells.items())[:_SHOWN])
        pairs = ", ".join(f"{v.quoted(name)}, left({cell}, 500)" for name, cell in shown.items())
        raw = f"coalesce(__text, CAST(json_object({pairs}) AS VARCHAR))" if shown else f"left(__text, {_SHOWN_TEXT})"
        return Layout(self.relation, cells, raw, list(shown.values()), self.native, self.clean)

    def column(self, number: int) -> list[str]:
        """The sampled texts of one column, gaps left out."""
        return [text for row in self.samples if number < len(row) and (text := row[number]) not in (None, "")]
