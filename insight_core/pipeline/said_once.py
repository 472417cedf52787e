"""Said once: a query that repeats whole tables in brackets, with each of them named in its WITH instead.

Ibis names a table that several others select from, but not one that they join: the dated versions behind a stage
of life stood twelve times in one statement, and planning, which costs more than running for a few customers, was
done for each.
"""

from collections import defaultdict
from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import cast

from sqlglot import exp


def said_once(query: exp.Query) -> exp.Query:
    """The same query in which no table in brackets stands in two places."""
    places: dict[exp.Expr, set[tuple[exp.Expr | None, str]]] = defaultdict(set)
    for one in query.find_all(exp.Subquery):
        if _is_table(one):
            places[one.this].add((one.parent_select, one.alias))
    names = {body: f"s{number}" for number, (body, where) in enumerate(places.items()) if len(where) > 1}
    bodies = {name: _named(body, names) for body, name in names.items()}
    return _with(_named(query, names), bodies)


def _is_table(one: exp.Expr) -> bool:
    return isinstance(one, exp.Subquery) and isinstance(one.parent, exp.From | exp.Join) and bool(one.alias)


def _named(query: exp.Expr, names: Mapping[exp.Expr, str]) -> exp.Query:
    def name(one: exp.Expr) -> exp.Expr:
        if _is_table(one) and one.this in names:
            return exp.to_table(names[one.this]).as_(one.alias, quoted=True, table=True)
        return one

    return cast("exp.Query", query.transform(name))


def _with(query: exp.Query, bodies: Mapping[str, exp.Query]) -> exp.Query:
    """The query with these in its WITH too, each behind those that it reads."""
    everything = {one.alias: one.this for one in query.ctes} | dict(bodies)
    query.set("with_", None)
    read = {
        name: {table.name for table in body.find_all(exp.Table)} & set(everything) for name, body in everything.items()
    }
    for name in TopologicalSorter(read).static_order():
        query = query.with_(exp.to_identifier(name, quoted=True), everything[name], copy=False)
    return query
