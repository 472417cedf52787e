"""Choose: the strongest evidence that says something gives the field its value."""

import ibis
from ibis import Table

from insight_core.fold.together import together
from insight_core.fold.versions import NEVER, asserted_names

_ORIGINS = {"at": "ats", "source": "sources", "method": "methods"}
_LISTS = ("evidence_ids", "sources", "methods", "observed", "verified")


def choose(versions: Table) -> Table:
    """One row per customer: the asserted fields, and where each came from.

    For every field f: `f`, `f__pos` (index into the evidence lists), `f__at`, `f__source` and
    `f__method`. The lists `evidence_ids`, `sources`, `methods`, `observed`, `verified` hold the
    customer's evidence, weakest first; an unknown instant is -2^62 in them. `known_at` is the
    newest observed_at. Fields that are parts of one thing are chosen together.
    """
    versions = together(versions)
    rows = versions.group_by("customer_id")
    folded = rows.aggregate(**_values(versions), known_at=versions.observed_at.max(), told=_told(versions))
    folded = folded.mutate(**{name: _each(folded.told, name) for name in (*_LISTS, "ats")})
    origin: dict[str, ibis.Value] = {}
    for name in asserted_names():
        pos = folded[f"{name}__pos"].cast("int32")
        origin |= {f"{name}__{what}": folded[told][pos] for what, told in _ORIGINS.items()}
    return folded.mutate(**origin).drop("told", "ats")


def choose_each(versions: Table, contested: Table) -> Table:
    """The same for everybody, where `contested` is that of customers with several rows.

    Most have one, which wins every field that it tells.
    """
    return ibis.union(_only(versions.filter(versions.alone)).select(contested.columns), contested)


def _only(rows: Table) -> Table:
    values: dict[str, ibis.Value] = {}
    for name in asserted_names():
        said = rows[name].notnull()
        values |= {name: rows[name], f"{name}__pos": said.ifelse(rows.pos, None)}
        values |= {f"{name}__{what}": said.ifelse(rows[what], None) for what in _ORIGINS}
    lists = {name: ibis.array([one]) for name, one in _said(rows).items() if name in _LISTS}
    return rows.select("customer_id", known_at=rows.observed_at, **values, **lists)


def _values(rows: Table) -> dict[str, ibis.Value]:
    values = {}
    for name in asserted_names():
        # a place only where something is said: filters on so many aggregates would take four times as long
        said = rows[name].notnull().ifelse(rows.pos, None)
        values[name] = rows[name].argmax(said)
        values[f"{name}__pos"] = said.max()
    return values


def _told(rows: Table) -> ibis.Value:
    """The rows of a customer, weakest first."""
    # Spark collects in no order, so the place comes first and the list is sorted by it.
    return ibis.struct({"pos": rows.pos, **_said(rows)}).collect().sort()


def _said(rows: Table) -> dict[str, ibis.Value]:
    return {
        "evidence_ids": rows.record_id + "." + rows.evidence.cast("string"),
        "sources": rows.source,
        "methods": rows.method,
        "observed": rows.observed_at.fill_null(NEVER),
        "verified": rows.verified_at.fill_null(NEVER),
        "ats": rows["at"],
    }


def _each(told: ibis.Value, name: str) -> ibis.Value:
    return told.map(lambda one: one[name])
