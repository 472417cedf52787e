"""Facts: one row per customer with everything that the rules ask, and the clocks of it."""

from insight_core.catalogue import field
from insight_core.recommend.conditions import DERIVED, all_hold, quoted
from insight_core.recommend.contacts import contacts_query
from insight_core.recommend.engine import Step
from insight_core.recommend.rules import actions, cited
from insight_core.records.datasets import sql_type

_READ_HERE = (
    "account_status",
    "channel_mix",
    "contact_gap_days",
    "direction",
    "language",
    "last_interaction_at",
    "last_order_date",
    "order_gap_days",
    "preferred_channel",
    "preferred_hours",
    "stage",
)

FACT_FIELDS: tuple[str, ...] = tuple(sorted({*_READ_HERE, *cited()} - {"kind"}))
# What customers have with each other is no evidence of how things stand between one of them and us.
_APART = "community_of_interest"
_EVIDENCE = tuple(one for one in FACT_FIELDS if field(one).facet != _APART or field(one).origin == "asserted")


def fact_steps(present: frozenset[str], purpose: str) -> list[Step]:
    """The steps from the raw tables to `facts`, keyed by `n`, a number that follows the order of customer ids."""
    return [
        ("base", _base(present)),
        ("contacts", contacts_query()),
        ("facts", _facts()),
        ("verdicts", _verdicts(purpose)),
    ]


def _base(present: frozenset[str]) -> str:
    taken = ["customer_id", "kind", "name"]
    for one in FACT_FIELDS:
        taken += [_held(present, one), _column(present, f"{one}__at", "BIGINT")]
    return f"SELECT row_number() OVER (ORDER BY customer_id)::INTEGER AS n, {', '.join(taken)} FROM raw_snapshot"


def _held(present: frozenset[str], name: str) -> str:
    """A field; one that was worked out from what is too old by now says nothing any more."""
    one = field(name)
    if one.origin == "asserted" or one.half_life_days is None or not {name, f"{name}__at"} <= present:
        return _column(present, name, sql_type(one))
    gone = f"freshness(age_days({name}__at), {one.half_life_days}) < min_freshness()"
    return f"CASE WHEN {gone} THEN NULL ELSE {name} END::{sql_type(one)} AS {name}"


def _column(present: frozenset[str], name: str, kind: str) -> str:
    return f"{f'{name}::{kind}' if name in present else f'NULL::{kind}'} AS {name}"


def _facts() -> str:
    clocks = ", ".join(f"{one}__at" for one in _EVIDENCE)
    derived = ", ".join(f"{fact.sql} AS {name}" for name, fact in DERIVED.items())
    return f"""
        WITH seen AS (
            SELECT n, max(last_at) AS seen_at, max(last_at) FILTER (note = 'resolved') AS solved_at
            FROM contacts GROUP BY n)
        SELECT base.*, solved_at, {derived},
            coalesce(kind, 'unknown') || '/' || coalesce(stage, direction, 'unknown') AS segment,
            greatest(seen_at, last_interaction_at, epoch(last_order_date)::BIGINT, {clocks}) AS evidence_at
        FROM base LEFT JOIN seen USING (n)
    """


def _verdicts(purpose: str) -> str:
    """Customers whom nobody may or can talk to, with the reason; the others have null."""
    forbidden = " ".join(f"WHEN {all_hold(one.when)} THEN {quoted(one.meaning)}" for one in actions("contact", purpose))
    return f"""
        SELECT n, CASE {forbidden}
            WHEN kind IS NULL OR coalesce(trim(name), '') IN ('', customer_id)
                THEN 'we know too little to address the customer: no name or no kind'
            WHEN evidence_at IS NULL THEN 'no evidence has a date, so nobody can say whether it still holds'
            WHEN age_days(evidence_at) > stale_after()
                THEN 'the newest evidence is ' || age_days(evidence_at) || ' days old; the limit is ' || stale_after()
            END AS why
        FROM facts
    """
