"""Scope: which customers a build must look at when only a few have changed.

A profile depends on its own records, and its household on whoever has lived at the same
address. So the scope of a change is the customers named and their neighbours at any address
that they have or had.
"""

from dataclasses import dataclass

from insight_core.pipeline.steps import Steps


@dataclass(frozen=True, slots=True)
class Scope:
    """The customers to look at, and the instant up to which evidence counts (None: all of it)."""

    customers: tuple[str, ...]
    until: int | None = None


def note_scope(steps: Steps, scope: Scope | None) -> None:
    """Make the relation `scope`: the customers and their neighbours, or '*' for everybody.

    Reads the relations parties, everyone (all links) and steward.
    """
    steps.con.execute("CREATE OR REPLACE TEMP TABLE scope (customer_id VARCHAR)")
    named = ["*"] if scope is None else sorted(set(scope.customers))
    steps.con.execute("INSERT INTO scope SELECT unnest(?)", [named])
    if scope is not None:
        steps.con.execute(_NEIGHBOURS)


_PLAIN = "regexp_replace(lower(street), '[^a-z0-9]+', '', 'g')"

_NEIGHBOURS = f"""
    INSERT INTO scope
    WITH placed AS (
        SELECT customer_id, {_PLAIN} AS place FROM parties JOIN everyone USING (record_id) WHERE street IS NOT NULL
        UNION SELECT customer_id, {_PLAIN} FROM all_steward WHERE street IS NOT NULL)
    SELECT DISTINCT customer_id FROM placed
    WHERE place IN (SELECT place FROM placed WHERE customer_id IN (FROM scope)) AND customer_id NOT IN (FROM scope)
"""
