"""Life events: what changed between the dated versions of what is known about a person.

A change counts when it leads to what holds now. Places, marital status, number of children
and work status are compared over all sources; street, employer and occupation only between
versions of one record, because two sources word them differently and that is no event. Nor is
a postal code that is one letter off in the same town, or a town that goes by another name under
the code that it had. An event is dated by the first version that shows it. Of several on one day
the one furthest down `_EVENTS` is taken.
"""

from typing import NamedTuple

import ibis
from ibis import _
from ibis.expr.types import BooleanValue, IntegerValue, StringValue, Table

from insight_core.facets.address import street_key, town_key
from insight_core.facets.expr import date_of, day_of
from insight_core.facets.runs import STAMP, runs, stamped
from insight_core.market import plain

_EVENTS = ("moved", "new_job", "retired", "separated", "married", "child_born")
_ALONE_AGAIN = ("separated", "divorced", "single")
_AT_WORK = ("employed", "self_employed")
_NOT_AT_WORK = ("student", "unemployed", "homemaker")
_SHARED = ("postal", "town", "marital_status", "children_total", "children_at_home", "employment_status")
OWN = ("street", "employer", "occupation")
_PLACES = 8


class _Event(NamedTuple):
    """A change of a fact that is an event of that name when it happened."""

    fact: str
    happened: BooleanValue
    name: str


class Facts(NamedTuple):
    """How facts stand now and stood before.

    across   one row per customer: `<fact>__now` and `<fact>__before` as text, `<fact>__since` in epoch seconds
    within   the same per customer and record, for the facts that only versions of one record can compare
    """

    across: Table
    within: Table


def facts_of(versions: Table, people: Table) -> Facts:
    """The present run of every fact that an event or a stage rests on."""
    dated = versions.filter(_.observed_at.notnull() & _.customer_id.notnull()).semi_join(people, "customer_id")
    now = people.select("customer_id", **{f"{fact}__now": text for fact, text in _texts(people, _SHARED).items()})
    told = dated.select("customer_id", "observed_at", **_texts(dated, _SHARED)).join(now, "customer_id")
    across = runs(told, {fact: f"{fact}__now" for fact in _SHARED}, ["customer_id"])
    return Facts(now.left_join(across, "customer_id").drop("customer_id_right"), _within(dated))


def _within(dated: Table) -> Table:
    key = ["customer_id", "record_id"]
    several = dated.group_by(key).agg(n=_.count()).filter(_.n > 1)
    told = dated.semi_join(several, key)
    texts = told.select(*key, "observed_at", **_texts(told, OWN))
    newest = texts.group_by(key).agg(**{f"{fact}__now": _newest(texts, fact) for fact in OWN})
    latest = newest.mutate(**{f"{fact}__now": newest[f"{fact}__now"].substr(STAMP) for fact in OWN})
    return runs(texts.join(latest, key), {fact: f"{fact}__now" for fact in OWN}, key)


def _newest(texts: Table, fact: str) -> StringValue:
    return stamped(texts, fact).max()


def _texts(t: Table, wanted: tuple[str, ...]) -> dict[str, StringValue]:
    return {fact: _text(t, fact) for fact in wanted}


def _text(t: Table, fact: str) -> StringValue:
    if fact == "postal":
        return plain(t.postal_code)
    if fact == "town":
        return town_key(t.city)
    if fact == "street":
        return street_key(t.street)
    if fact in ("children_total", "children_at_home"):
        # Padded, so that more children also sort later as text.
        return t[fact].cast("string").lpad(4, "0")
    return t[fact] if fact in ("marital_status", "employment_status") else plain(t[fact])


def last_events(facts: Facts) -> Table:
    """customer_id, last_life_event, last_life_event_on: the newest event of each person that has one."""
    shared = facts.across.select("customer_id", stamp=_newest_stamp(facts.across, _shared_events(facts.across)))
    own = facts.within.select("customer_id", stamp=_newest_stamp(facts.within, _own_events(facts.within)))
    newest = shared.union(own).group_by("customer_id").agg(stamp=_.stamp.max()).filter(_.stamp.notnull())
    return newest.select(
        "customer_id",
        last_life_event=(newest.stamp % _PLACES).cases(*enumerate(_EVENTS)),
        last_life_event_on=date_of(newest.stamp // _PLACES),
    )


def _newest_stamp(t: Table, events: list[_Event]) -> IntegerValue:
    """Day and event in one integer, so that the newest is the largest."""
    stamps = [
        one.happened.ifelse(day_of(t[f"{one.fact}__since"]) * _PLACES + _EVENTS.index(one.name), ibis.null("int64"))
        for one in events
    ]
    return ibis.greatest(*stamps)


def _shared_events(t: Table) -> list[_Event]:
    marital, work = t.marital_status__before, t.employment_status__before
    parted = marital.isin(("married", "partnered")) & t.marital_status__now.isin(_ALONE_AGAIN)
    began = work.isin(_NOT_AT_WORK) & t.employment_status__now.isin(_AT_WORK)
    return [
        _Event("postal", t.postal__before.notnull() & ~_slip(t), "moved"),
        _Event("town", t.town__before.notnull() & ~_renamed(t), "moved"),
        _Event("marital_status", marital.notnull() & (t.marital_status__now == "married"), "married"),
        _Event("marital_status", parted, "separated"),
        _Event("children_total", t.children_total__before < t.children_total__now, "child_born"),
        _Event("employment_status", work.notnull() & (t.employment_status__now == "retired"), "retired"),
        _Event("employment_status", began, "new_job"),
    ]


def _slip(t: Table) -> BooleanValue:
    same_town = t.town__now.notnull() & t.town__before.isnull()
    return (same_town & (t.postal__before.levenshtein(t.postal__now) <= 1)).fill_null(False)


def _renamed(t: Table) -> BooleanValue:
    return (t.postal__since < t.town__since).fill_null(False)


def _own_events(t: Table) -> list[_Event]:
    return [
        _Event("street", t.street__before.notnull(), "moved"),
        _Event("employer", t.employer__before.notnull(), "new_job"),
        _Event("occupation", t.occupation__before.notnull(), "new_job"),
    ]
