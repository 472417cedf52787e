"""Publish: profiles, cards and audiences as tables for people, and the one writer of files."""

from insight_core.publish.formulas import neutral, plain
from insight_core.publish.rows import as_csv
from insight_core.publish.shapes import CONTACT_FIELDS, USED, audience_table, cards_table, profiles_table, with_keys
from insight_core.publish.writer import FORMATS, write

__all__ = [
    "CONTACT_FIELDS",
    "FORMATS",
    "USED",
    "as_csv",
    "audience_table",
    "cards_table",
    "neutral",
    "plain",
    "profiles_table",
    "with_keys",
    "write",
]
