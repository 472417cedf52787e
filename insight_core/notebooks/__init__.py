"""Notebooks: registered by hash, run closed in, kept for a while, carried away as files."""

from insight_core.notebooks.desk import Notebooks
from insight_core.notebooks.parameters import Parameter
from insight_core.notebooks.results import Listed, RunHead, RunShown

__all__ = ["Listed", "Notebooks", "Parameter", "RunHead", "RunShown"]
