"""Bounced: a message that came back after a contact point was last seen or confirmed speaks against it.

Whoever confirms or corrects it later is believed, and so is a source that tells it anew.
"""

import ibis
import ibis.expr.types as ir

from insight_core.quality.cell import UNKNOWN, Cell, Cells
from insight_core.records.clock import DAY, iso

# contact point: the derived field with the newest message to it that came back
BOUNCES = {one: f"{one}_bounced_at" for one in ("email", "phone", "street")}


def bounced_day(name: str, cell: Cell, cells: Cells) -> int | None:
    """The day, counted from 1970, on which a message to the value came back; None where nothing speaks against it."""
    bounced = cells.get(BOUNCES[name], UNKNOWN).value if name in BOUNCES else None
    return bounced // DAY if isinstance(bounced, int) and bounced > (cell.at or 0) else None


def bounced_day_expr(table: ir.Table, name: str) -> ir.IntegerValue:
    """`bounced_day` over the columns of a snapshot."""
    if name not in BOUNCES:
        return ibis.null("int64")
    bounced = table[BOUNCES[name]]
    against = bounced > table[f"{name}__at"].fill_null(0)
    return ibis.ifelse(against, bounced // DAY, ibis.null("int64"))


def because(day: int) -> str:
    """One plain sentence about the bounce of a day."""
    return f"a message to it came back on {(iso(day * DAY) or '')[:10]}"
