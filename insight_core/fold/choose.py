"""Choose: the strongest evidence that says something gives the field its value."""

import ibis
from ibis import Table

from insight_core.fold.versions import NEVER, asserted_names


def choose(versions: Table) -> Table:
    """One row per customer: the asserted fields, and where each came from.

    For every field f: `f`, `f__pos` (index into the evidence lists), `f__at`, `f__source` and
    `f__method`. The lists `evidence_ids`, `sources`, `methods`, `observed`, `verified` hold the
    customer's evidence, weakest first; an unknown instant is -2^62 in them. `known_at` is the
    newest observed_at.
    """
    folded = versions.group_by("customer_id").aggregate(**_values(versions), **_lists(versions))
    origin = {}
    for name in asserted_names():
        pos = folded[f"{name}__pos"]
        origin[f"{name}__at"] = folded.ats[pos].nullif(NEVER)
        origin[f"{name}__source"] = folded.sources[pos]
        origin[f"{name}__method"] = folded.methods[pos]
    return folded.mutate(**origin).drop("ats")


def _values(rows: Table) -> dict[str, ibis.Value]:
    values = {}
    for name in asserted_names():
        # a place only where something is said: filters on so many aggregates would take four times as long
        said = rows[name].notnull().ifelse(rows.pos, None)
        values[name] = rows[name].argmax(said)
        values[f"{name}__pos"] = said.max()
    return values


def _lists(rows: Table) -> dict[str, ibis.Value]:
    def in_order(value: ibis.Value) -> ibis.Value:
        return value.collect(order_by=rows.pos)

    return {
        "evidence_ids": in_order(rows.record_id + "." + rows.evidence.cast("string")),
        "sources": in_order(rows.source),
        "methods": in_order(rows.method),
        "observed": in_order(rows.observed_at.fill_null(NEVER)),
        "verified": in_order(rows.verified_at.fill_null(NEVER)),
        "ats": in_order(rows["at"].fill_null(NEVER)),
        "known_at": rows.observed_at.max(),
    }
