"""Insight Workbench: customer profiles as a view over evidence, for every process that may see them."""

from insight_core import jobs
from insight_core.errors import InsightError, UserError
from insight_core.publish import as_csv
from insight_core.records.results import (
    BuildReport,
    Card,
    Change,
    ExportReport,
    LoadPreview,
    LoadReport,
    Profile,
    WorkItem,
    as_json,
)
from insight_core.store import in_our_words
from insight_core.workspace import Workspace, open_store, restore

__all__ = [
    "BuildReport",
    "Card",
    "Change",
    "ExportReport",
    "InsightError",
    "LoadPreview",
    "LoadReport",
    "Profile",
    "UserError",
    "WorkItem",
    "Workspace",
    "as_csv",
    "as_json",
    "in_our_words",
    "jobs",
    "open_store",
    "restore",
]
