"""Life events: what changed between the dated versions of what is known about a person.

A change counts between two versions of the same record. Between different sources only
changes of place, marital status, number of children and work status count, and only when
they lead to the value that holds now: two sources word a street or a job differently, and
that is no event. The event is dated by the first version that shows it. Of several on one
day the first in `_EVENTS` is taken.
"""

from typing import NamedTuple

import ibis
from ibis import _
from ibis.expr.types import StringValue, Table

from insight_core.facets.address import place, street_key
from insight_core.facets.expr import date_of, day_of
from insight_core.market import first_rows, plain

_EVENTS = ("child_born", "married", "separated", "retired", "new_job", "moved")
_ALONE_AGAIN = ("separated", "divorced", "single")
_AT_WORK = ("employed", "self_employed")
_NOT_AT_WORK = ("student", "unemployed", "homemaker")


class _Fact(NamedTuple):
    """A fact as text, so that all of them fit one column; `across` sources or within one record."""

    name: str
    across: bool


_FACTS = (
    _Fact("place", across=True),
    _Fact("marital", across=True),
    _Fact("children", across=True),
    _Fact("work", across=True),
    _Fact("street", across=False),
    _Fact("employer", across=False),
    _Fact("occupation", across=False),
)


def last_events(versions: Table, people: Table) -> Table:
    """customer_id, last_life_event, last_life_event_on: the newest event of each person that has one."""
    events = _events(_changes(versions, people))
    rank = _.event.cases(*((name, number) for number, name in enumerate(_EVENTS)), else_=len(_EVENTS))
    newest = first_rows(events, "customer_id", [_.day.desc(), rank])
    return newest.select("customer_id", last_life_event=_.event, last_life_event_on=date_of(newest.day))


def _changes(versions: Table, people: Table) -> Table:
    """customer_id, fact, before, after, day: every change that counts."""
    said = _said(versions.filter(_.observed_at.notnull()).semi_join(people, "customer_id"))
    steps = said.mutate(
        before=_.value.lag().over(
            ibis.window(group_by=["customer_id", "fact", "lane"], order_by=["observed_at", "record_id", "value"])
        )
    ).filter(_.before != _.value)
    held = _across(people.select("customer_id", **_texts(people)))
    current = held.select("customer_id", "fact", now=_.value)
    placed = steps.left_join(current, ["customer_id", "fact"])
    counts = (placed.lane != "") | (placed.value == placed.now).fill_null(False)
    return placed.filter(counts).select("customer_id", "fact", "before", after=_.value, day=day_of(placed.observed_at))


def _said(versions: Table) -> Table:
    """The facts of all versions in one column, where a customer's versions differ in them at all."""
    texts = versions.select("customer_id", "record_id", "observed_at", **_texts(versions))
    counts = {fact.name: (texts[fact.name].min() != texts[fact.name].max()).fill_null(False) for fact in _FACTS}
    varied = texts.group_by("customer_id").agg(**{f"{name}__varies": varies for name, varies in counts.items()})
    beside = texts.join(varied, "customer_id")
    parts = [
        beside.filter(beside[f"{fact.name}__varies"] & beside[fact.name].notnull()).select(
            "customer_id",
            "record_id",
            "observed_at",
            fact=ibis.literal(fact.name),
            value=beside[fact.name],
            lane=ibis.literal("") if fact.across else beside.record_id,
        )
        for fact in _FACTS
    ]
    return ibis.union(*parts)


def _across(texts: Table) -> Table:
    parts = [texts.select("customer_id", fact=ibis.literal(f.name), value=texts[f.name]) for f in _FACTS if f.across]
    return ibis.union(*parts).filter(_.value.notnull())


def _texts(t: Table) -> dict[str, StringValue]:
    return {
        "place": place(t.postal_code, t.city),
        "street": street_key(t.street),
        "marital": t.marital_status,
        # Padded, so that more children also sort later as text.
        "children": t.children_total.cast("string").lpad(4, "0"),
        "work": t.employment_status,
        "employer": plain(t.employer),
        "occupation": plain(t.occupation),
    }


def _events(changes: Table) -> Table:
    fact, before, after = changes.fact, changes.before, changes.after
    began_work = before.isin(_NOT_AT_WORK) & after.isin(_AT_WORK)
    parted = before.isin(("married", "partnered")) & after.isin(_ALONE_AGAIN)
    event = ibis.cases(
        ((fact == "place") | (fact == "street"), "moved"),
        ((fact == "marital") & (after == "married"), "married"),
        ((fact == "marital") & parted, "separated"),
        ((fact == "children") & (after > before), "child_born"),
        ((fact == "work") & (after == "retired"), "retired"),
        ((fact == "work") & began_work, "new_job"),
        ((fact == "employer") | (fact == "occupation"), "new_job"),
    )
    return changes.select("customer_id", "day", event=event).filter(_.event.notnull())
