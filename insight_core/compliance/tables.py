"""The gate's rules over the whole base at once; a test holds them equal to `decide`."""

from typing import Any

import ibis
from ibis import Table

from insight_core.catalogue import Purpose, fields
from insight_core.store.sql import table_of


def masked(con: Any, snapshot: list[str], consents: list[str], aim: Purpose, now: int) -> tuple[Table, dict[str, int]]:
    """The customers whose consent lets the purpose see them, forbidden fields emptied; and the others by reason."""
    everyone = table_of(con, snapshot)
    word = _word(table_of(con, consents), aim, now)
    answered = everyone.left_join(word, "customer_id").drop("customer_id_right")
    allowed, why_not = _answer(answered, aim)
    counted = answered.filter(~allowed).group_by(why=why_not).aggregate(n=ibis._.count()).order_by("why").to_pyarrow()
    withheld = {row["why"]: row["n"] for row in counted.to_pylist()}
    let_out = answered.filter(allowed)
    hidden = {name: ibis.null(let_out[name].type()) for one in fields() for name in _columns(let_out, one.name)
              if aim.name not in one.weights}  # fmt: skip
    special = {
        one.name: let_out.word_given.fill_null(False).ifelse(let_out[one.name], ibis.null(let_out[one.name].type()))
        for one in fields()
        if one.category == "special" and aim.name in one.weights
    }
    names_hidden = "family_name" in hidden and "organisation_name" in hidden
    if names_hidden:
        hidden["name"] = ibis.null("string")
    return let_out.mutate(**hidden, **special).drop("word_given", "word_withdrawn"), withheld


def _columns(table: Table, field: str) -> list[str]:
    return [name for name in (field, f"{field}__at", f"{field}__source", f"{field}__method") if name in table.columns]


def _word(states: Table, aim: Purpose, now: int) -> Table:
    """Per customer: whether consent stands on some channel, and whether anything was said at all."""
    said = states.filter((states.purpose == aim.name) & (states.since <= now))
    stands = (said.state == "given") & (said.expires_at.isnull() | (said.expires_at > now))
    return said.group_by("customer_id").aggregate(word_given=stands.any(), word_withdrawn=said.count() > 0)


def _answer(rows: Table, aim: Purpose) -> tuple[ibis.Value, ibis.Value]:
    given, said = rows.word_given.fill_null(False), rows.word_withdrawn.fill_null(False)
    if aim.ground == "contract":
        return ibis.literal(True), ibis.literal("")
    if aim.ground == "legitimate_interest":
        return given | ~said, ibis.literal(f"objection to {aim.name}")
    never, gone = f"never asked about {aim.name}", f"no consent for {aim.name}"
    return given, said.ifelse(ibis.literal(gone), ibis.literal(never))
