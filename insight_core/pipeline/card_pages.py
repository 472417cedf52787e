"""Card pages: cards as readers ask for them: one, all, or a page of what a filter leaves, each with a receipt."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from insight_core.compliance import Gate
from insight_core.errors import NotBuilt, NotFound, NotYet
from insight_core.pipeline import cards, made_cards
from insight_core.pipeline.due import count_customers
from insight_core.pipeline.used_cards import keep, used
from insight_core.recommend import to_cards
from insight_core.records.progress import Progress, silent
from insight_core.records.results import Card
from insight_core.store import Store
from insight_core.store.sql import dicts, folded, folded_column, text

# Up to here cards are made while somebody waits; beyond, that is long work which somebody asks for.
AT_ONCE = 10_000
FILTERS = ("channel", "tone", "window", "solution_set", "experience")


def give_out(
    store: Store, gate: Gate, con: Any, purpose: str, now: datetime, customer: str | None, limit: int | None
) -> list[Card]:
    """One customer's card, or everybody's (the first `limit` of them), remembered for their outcomes."""
    if customer is not None:
        card, row = cards.of_customer(store, gate, con, purpose, now, customer)
        if row is not None:
            keep(store, row)
        return [card]
    found: list[Card] = []
    for table in _made(store, gate, purpose, now, silent).tables():
        found += to_cards(table if limit is None else table.slice(0, limit - len(found)))
        if limit is not None and len(found) >= limit:
            break
    return found


def make(store: Store, gate: Gate, purpose: str, now: datetime, progress: Progress) -> dict[str, int]:
    """Make everybody's cards, or find them made: `cards` that advise, and how many `abstained`."""
    made = _made(store, gate, purpose, now, progress)
    return {"cards": made.cards, "abstained": made.abstained}


def overview(store: Store, gate: Gate, purpose: str, now: datetime) -> dict[str, Any] | None:
    """`cards`, `abstained`, and counts by channel and tone (`mix`), by dimension, and by why a card abstains.

    None while the cards of a large base are not made, or are no longer what would be made.
    """
    _built(store)
    small = count_customers(store) <= AT_ONCE
    made = made_cards.make(store, purpose, now) if small else made_cards.kept(store, purpose, now)
    if made is None:
        return None
    gate.note(purpose, made.cards + made.abstained)
    con, advised = store.duck(), f"FROM {made.relation()} WHERE abstained IS NULL"
    mix = f"SELECT channel, tone, count(*) AS cards {advised} GROUP BY ALL ORDER BY ALL"
    why = f"""SELECT {_ALIKE} AS why, count(*) AS cards
        FROM {made.relation()} WHERE abstained IS NOT NULL GROUP BY ALL ORDER BY cards DESC, why"""
    return {
        "cards": made.cards,
        "abstained": made.abstained,
        "mix": dicts(con, mix),
        "why": dicts(con, why),
        **{name: _counted(con, name, advised) for name in FILTERS},
    }


# Reasons that differ by their figures alone are one, told by its limit.
_ALIKE = """regexp_replace(regexp_replace(abstained,
    'is \\d+ days old; the limit is (\\d+)', 'is older than \\1 days'),
    '^\\d+ contacts of ours lately; the limit is (\\d+)', 'contacted by us \\1 times or more lately')"""


def page(
    store: Store,
    gate: Gate,
    purpose: str,
    now: datetime,
    abstained: bool | None = None,
    limit: int = 50,
    offset: int = 0,
    **filters: str | None,
) -> dict[str, Any]:
    """`rows` (cards) of the page, the surest first, `total` of all that match, and `used`: since when, by card.

    `filters` are among FILTERS; `abstained` True or False narrows to those that do or do not; `customer` names one,
    `name` those in whose name it is found, whatever its accents and capitals.
    Raises NotYet while the cards are not made.
    """
    made = made_cards.kept(store, purpose, now)
    if made is None:
        raise NotYet("A page of cards that are not made")
    con, where = store.duck(), _where(abstained, filters)
    total = con.sql(f"SELECT count(*) FROM {made.relation()} WHERE {where}").fetchall()[0][0]
    # Of the only channel that is open there is no being sure: such a card comes after those that chose.
    order = "ORDER BY abstained IS NOT NULL, NOT contains(eligible, ','), confidence DESC, customer"
    keys = f"SELECT customer FROM {made.relation()} WHERE {where} {order} LIMIT {int(limit)} OFFSET {int(offset)}"
    rows = con.sql(f"SELECT * FROM {made.relation()} WHERE customer IN ({keys}) {order}").to_arrow_table()
    gate.note(purpose, rows.num_rows)
    found = to_cards(rows)
    return {"rows": found, "total": total, "used": used(store, [one.card for one in found])}


def _made(store: Store, gate: Gate, purpose: str, now: datetime, progress: Progress) -> made_cards.Made:
    _built(store)
    made = made_cards.make(store, purpose, now, progress)
    gate.note(purpose, made.cards + made.abstained)
    return made


def _built(store: Store) -> None:
    if not store.lake.listed("snapshot"):
        raise NotBuilt


def _where(abstained: bool | None, filters: Mapping[str, str | None]) -> str:
    parts = ["TRUE"] if abstained is None else [f"abstained IS {'NOT ' if abstained else ''}NULL"]
    for name, wanted in filters.items():
        if name not in (*FILTERS, "customer", "name"):
            raise NotFound("filter of cards", name, (*FILTERS, "customer", "name"))
        if wanted is not None and name == "name":
            parts.append(f"contains({folded_column(name)}, {folded(text(wanted))})")
        elif wanted is not None:
            parts.append(f'"{name}" = {text(wanted)}')
    return " AND ".join(parts)


def _counted(con: Any, name: str, advised: str) -> dict[str, int]:
    rows = con.sql(f'SELECT "{name}", count(*) {advised} GROUP BY ALL ORDER BY 2 DESC, 1').fetchall()
    return {value: count for value, count in rows if value is not None}
