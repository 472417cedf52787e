"""Notebooks: registered by hash, run closed in, kept for a while, carried away as files."""

from insight_core.notebooks.desk import Notebooks
from insight_core.notebooks.page import markdown
from insight_core.notebooks.parameters import Parameter
from insight_core.notebooks.results import Listed, RunHead, RunShown
from insight_core.notebooks.run import line_of
from insight_core.notebooks.shown import FIGURE, TABLE, TEXT

__all__ = ["FIGURE", "TABLE", "TEXT", "Listed", "Notebooks", "Parameter", "RunHead", "RunShown", "line_of", "markdown"]
