"""Relink: who is who after party records came or went, and which links are others for it."""

from collections.abc import Collection

from insight_core.identity import resolve, resolve_near
from insight_core.pipeline.linked import COLUMNS
from insight_core.pipeline.steps import Steps

_SAME = " AND ".join(f"l.{name} IS NOT DISTINCT FROM r.{name}" for name in COLUMNS)


def relink(steps: Steps, came: Collection[int], *, went: bool) -> set[str]:
    """The relations links_before, linked_anew, links_now and relinked; gives records that came, went or changed hands.

    `came` are batches of party records. What `went` leaves no trace of what it shared with others: then
    everybody is looked at.
    """
    steps.view("links_before", steps.dataset("links"))
    steps.view("parties", steps.dataset("parties"))
    if went:
        steps.timed("resolve", lambda: steps.keep("linked_anew", f"FROM {resolve(steps.con, 'parties')}"))
        steps.view("links_now", "FROM linked_anew")
    elif came:
        steps.timed("resolve", lambda: steps.keep("linked_anew", f"FROM {_near(steps, came)}"))
        steps.view("links_now", "FROM links_before ANTI JOIN linked_anew USING (record_id) UNION ALL FROM linked_anew")
    else:
        steps.view("linked_anew", "FROM links_before WHERE false")
        steps.view("links_now", "FROM links_before")
    _differing(steps, "FULL" if went else "LEFT")
    return {row[0] for row in steps.rows("SELECT record FROM relinked WHERE moved")}


def _near(steps: Steps, came: Collection[int]) -> str:
    batches = ", ".join(str(one) for one in sorted(came))
    return resolve_near(steps.con, "parties", f"(FROM parties WHERE batch IN ({batches}))", "links_before")


def _differing(steps: Steps, join: str) -> None:
    names = ", ".join(f"l.{name}" for name in COLUMNS)
    steps.keep("relinked", f"""
        SELECT coalesce(l.record_id, r.record_id) AS record, l.record_id IS NULL AS lost, {names},
               l.customer_id IS DISTINCT FROM r.customer_id AS moved, r.customer_id AS left_customer
        FROM linked_anew AS l {join} JOIN links_before AS r USING (record_id) WHERE NOT ({_SAME})
    """)  # fmt: skip


def relinked(steps: Steps) -> dict[str, tuple[str | None, ...] | None]:
    """The links that are others now by record, None for a record that is gone."""
    rows = steps.rows(f"SELECT record, lost, {', '.join(COLUMNS)} FROM relinked")
    return {row[0]: None if row[1] else tuple(row[2:]) for row in rows}
