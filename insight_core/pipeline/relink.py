"""Relink: who is who after party records came or went, and which links are others for it."""

from collections.abc import Collection

from insight_core.identity import resolve_near
from insight_core.pipeline.dirty import DIRTY
from insight_core.pipeline.known_keys import Listing, brought_up_to_date, every
from insight_core.pipeline.linked import COLUMNS
from insight_core.pipeline.steps import Steps
from insight_core.store import Store

_SAME = " AND ".join(f"l.{name} IS NOT DISTINCT FROM r.{name}" for name in COLUMNS)


def relink(store: Store, steps: Steps, came: Collection[int], *, went: bool) -> tuple[set[str], Listing]:
    """The relations links_before, linked_anew, links_now and relinked.

    Gives the records that came, went or changed hands, and what is to be listed of keys. `came` are batches of party
    records; what `went` is listed as dirty.
    """
    steps.view("links_before", steps.dataset("links"))
    steps.view("parties", steps.dataset("parties"))
    if not came and not went:
        steps.view("linked_anew", "FROM links_before WHERE false")
        steps.view("links_now", "FROM links_before")
        steps.view("relinked", f"SELECT {_DIFFERING} FROM linked_anew AS l JOIN links_before AS r USING (record_id)")
        return set(), Listing()
    listing = steps.timed("resolve", lambda: _near(store, steps, came, went=went))
    steps.view("links_now", _NOW)
    return {row[0] for row in steps.rows("SELECT record FROM relinked WHERE moved")}, listing


def _near(store: Store, steps: Steps, came: Collection[int], *, went: bool) -> Listing:
    batches = ", ".join(str(one) for one in sorted(came))
    new = f"(FROM parties WHERE batch IN ({batches}))" if came else "(FROM parties WHERE false)"
    gone = f"UNION SELECT record_id FROM ({steps.dataset(DIRTY)})" if went else ""
    steps.keep("touched_people", f"SELECT record_id FROM {new} {gone}")
    listing = brought_up_to_date(store, steps, new, went=went)
    found = resolve_near(steps.con, "parties", every(steps), "touched_people", "links_before")
    steps.keep("linked_anew", f"FROM {found}")
    steps.keep("relinked", f"""
        SELECT {_DIFFERING} FROM linked_anew AS l
        FULL JOIN (FROM links_before SEMI JOIN anew USING (record_id)) AS r USING (record_id) WHERE NOT ({_SAME})
    """)  # fmt: skip
    return listing


_NOW = """
    FROM links_before ANTI JOIN (
        SELECT record_id FROM linked_anew UNION ALL SELECT record FROM relinked WHERE lost
    ) AS others USING (record_id) UNION ALL FROM linked_anew
"""

_DIFFERING = f"""
    coalesce(l.record_id, r.record_id) AS record, l.record_id IS NULL AS lost,
    {", ".join(f"l.{name}" for name in COLUMNS)},
    l.customer_id IS DISTINCT FROM r.customer_id AS moved, r.customer_id AS left_customer
"""


def relinked(steps: Steps) -> dict[str, tuple[str | None, ...] | None]:
    """The links that are others now by record, None for a record that is gone."""
    rows = steps.rows(f"SELECT record, lost, {', '.join(COLUMNS)} FROM relinked")
    return {row[0]: None if row[1] else tuple(row[2:]) for row in rows}
