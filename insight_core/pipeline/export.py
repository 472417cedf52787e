"""Export: what the purpose may see, in the form that people or programs read."""

from datetime import datetime
from pathlib import Path
from typing import Any

from insight_core.compliance import Gate
from insight_core.errors import NotFound
from insight_core.pipeline.cards import SEED, recommend
from insight_core.publish import audience_table, cards_table, profiles_table, write
from insight_core.records.results import ExportReport
from insight_core.store import Store

KINDS = ("profiles", "recommendations", "audience")


def export(store: Store, gate: Gate, con: Any, what: str, purpose: str, to: Path, now: datetime) -> ExportReport:
    """Write one of KINDS to a file whose ending says the format; raises NotFound for another kind or ending."""
    if what not in KINDS:
        raise NotFound("export", what, KINDS)
    opened = gate.base(con, purpose)
    if what == "profiles":
        table = profiles_table(opened.table, purpose)
    else:
        cards = recommend(store, con, opened.table, purpose, now, SEED)
        table = cards_table(cards) if what == "recommendations" else audience_table(cards, opened.table)
    rows = write(table, to)
    return ExportReport(str(to), rows, sum(opened.withheld.values()), opened.withheld, opened.receipt)
