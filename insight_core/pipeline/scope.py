"""Scope: which customers a build must look at when only a few have changed.

A profile depends on its own records, its household on whoever has lived at the same address,
and an organisation's direction on all organisations. So the scope of a change is the customers
named, their neighbours at any address that they have or had, and with one organisation all.
"""

from dataclasses import dataclass

import ibis
from ibis import Table

from insight_core.facets.address import street_key
from insight_core.pipeline.steps import Steps


@dataclass(frozen=True, slots=True)
class Scope:
    """The customers to look at, and the instant up to which evidence counts (None: all of it)."""

    customers: tuple[str, ...]
    until: int | None = None


def note_scope(steps: Steps, scope: Scope | None) -> None:
    """Make the relation `scope`: the customers and whoever hangs together with them, or '*' for everybody.

    Reads the relations parties, everyone (all links) and all_steward.
    """
    steps.con.execute("CREATE OR REPLACE TEMP TABLE scope (customer_id VARCHAR)")
    named = ["*"] if scope is None else sorted(set(scope.customers))
    steps.con.execute("INSERT INTO scope SELECT unnest(?)", [named])
    if scope is not None:
        steps.run("placed", _placed, "parties", "everyone", "all_steward")
        for query in (_NEIGHBOURS, _ORGANISATIONS):
            steps.con.execute(query)


def _placed(parties: Table, everyone: Table, steward: Table) -> Table:
    mine = parties.inner_join(everyone.select("record_id", "customer_id"), "record_id")
    rows = ibis.union(*(table.select("customer_id", "kind", "street") for table in (mine, steward)))
    return rows.select("customer_id", "kind", place=street_key(rows.street)).distinct()


_NEIGHBOURS = """
    INSERT INTO scope SELECT DISTINCT customer_id FROM placed
    WHERE place IN (SELECT place FROM placed WHERE customer_id IN (FROM scope)) AND customer_id NOT IN (FROM scope)
"""

_ORGANISATIONS = """
    INSERT INTO scope SELECT DISTINCT customer_id FROM placed
    WHERE kind = 'organisation' AND customer_id NOT IN (FROM scope)
      AND EXISTS (FROM placed WHERE kind = 'organisation' AND customer_id IN (FROM scope))
"""
