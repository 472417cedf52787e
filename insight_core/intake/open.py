"""Open: a path becomes tables, whatever it holds."""

from pathlib import Path

from insight_core.intake.container import Piece, pieces
from insight_core.intake.delimited import open_delimited
from insight_core.intake.documents import open_document, open_lines
from insight_core.intake.parquet import open_parquet
from insight_core.intake.recipe import Recipe
from insight_core.intake.sniff import format_of, head
from insight_core.intake.table import Table
from insight_core.intake.workbook import open_workbook


def open_tables(path: Path, recipe: Recipe | None, staging: Path) -> list[Table]:
    """The tables in a file or archive; what must be unpacked goes to `staging`. Raises BadInput."""
    return [_open(piece, recipe, staging) for piece in pieces(path)]


def _open(piece: Piece, recipe: Recipe | None, staging: Path) -> Table:
    start = head(piece)
    match format_of(piece.name, start):
        case "parquet":
            return open_parquet(piece, staging)
        case "workbook":
            return open_workbook(piece, recipe, staging)
        case "jsonl":
            return open_lines(piece, start, recipe)
        case "json":
            return open_document(piece, start, recipe)
    return open_delimited(piece, start, recipe)
