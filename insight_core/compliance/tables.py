"""The gate's rules over the whole base at once; a test holds them equal to `decide`."""

from typing import Any

import ibis
from ibis import Table

from insight_core.catalogue import Purpose, fields
from insight_core.compliance.names import name_sql
from insight_core.records.consent import lets_in_expr, word_given_expr
from insight_core.store.sql import table_of


def masked(con: Any, snapshot: str, consents: str, aim: Purpose, now: int) -> tuple[Table, dict[str, int]]:
    """The customers whose consent lets the purpose see them, forbidden fields emptied; and the others by reason."""
    states = table_of(con, consents).mutate(asked_purpose=ibis.literal(aim.name), asked_now=ibis.literal(now, "int64"))
    called = f"(SELECT * REPLACE ({name_sql(aim)} AS name) FROM {snapshot})"
    answered = answers(table_of(con, called), states, aim)
    refused = answered.filter(answered.why.notnull())
    counted = refused.group_by("why").aggregate(n=ibis._.count()).order_by("why").to_pyarrow()
    withheld = {row["why"]: row["n"] for row in counted.to_pylist()}
    return _let_out(answered, aim), withheld


def answers(everyone: Table, states: Table, aim: Purpose) -> Table:
    """Everybody with `why`, the reason for which the purpose may not see them (null: it may), and `word_given`.

    The consent states carry `asked_purpose` and `asked_now` on every row, so that the expression
    depends on the purpose's ground alone.
    """
    answered = everyone.left_join(word_given_expr(states), "customer_id").drop("customer_id_right")
    refused = ibis.ifelse(lets_in_expr(aim, answered.word_given), ibis.null("string"), _why_not(answered, aim))
    return answered.mutate(why=refused)


def _let_out(answered: Table, aim: Purpose) -> Table:
    """Of those, the customers that the purpose may see, with the fields emptied that it may not."""
    seen = answered.filter(answered.why.isnull())
    hidden = {name: ibis.null(seen[name].type()) for one in fields() for name in _columns(seen, one.name)
              if aim.name not in one.weights}  # fmt: skip
    return explicit(seen.mutate(**hidden)).drop("word_given", "why")


def explicit(seen: Table) -> Table:
    """The same with special categories emptied where nobody has said yes; takes `word_given`."""
    special = [one.name for one in fields() if one.category == "special" and one.name in seen.columns]
    said = seen.word_given.fill_null(False)
    return seen.mutate(**{name: said.ifelse(seen[name], ibis.null(seen[name].type())) for name in special})


def _columns(table: Table, field: str) -> list[str]:
    return [name for name in (field, f"{field}__at", f"{field}__source", f"{field}__method") if name in table.columns]


def _why_not(rows: Table, aim: Purpose) -> ibis.Value:
    if aim.ground == "legitimate_interest":
        return ibis.literal(f"objection to {aim.name}")
    never, gone = f"never asked about {aim.name}", f"no consent for {aim.name}"
    return rows.word_given.isnull().ifelse(ibis.literal(never), ibis.literal(gone))
