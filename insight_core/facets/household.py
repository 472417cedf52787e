"""Household: which customers live together at the same dated address.

Only the present postal address joins: street, and postal code or else town and country. A
telephone never does. A stay lasts from the first to the newest dated version at the address;
people of one family name share their stay. Stays further apart than `_GRACE_DAYS` are
different households, one after the other; undated stays overlap with everything. At one
address and time, these are one household:

* everybody, at an address with at most `_FEW` customers and at most `_FEW_NAMES` family names,
  or where everybody states a role in the household and there are at most `_MOST` of them;
* otherwise those with the same family name, as in a block of flats.

Groups of more than `_MOST` are institutions, not households, and so are group quarters by
stated role: they stay unknown. A person alone at a complete address is a household of one.
"""

import ibis
from ibis import _
from ibis.expr.types import BooleanValue, StringValue, Table

from insight_core.facets.address import street_key, town_key
from insight_core.facets.expr import date_of, day_number, day_of, quoted, shaped, whole_sum, years_between
from insight_core.facets.household_sentence import sentence
from insight_core.facets.rule import Evidence
from insight_core.market import plain

__all__ = ["derive", "sentence"]

_FEW, _FEW_NAMES, _MOST = 8, 3, 15
_GRACE_DAYS = 730
_EVER = 4_000_000
_ADULT = 18


def derive(e: Evidence) -> Table:
    """The household of every person with a complete address, as far as one is plausible."""
    residents = _residents(e.folded.filter(_.kind == "person"))
    stayed = residents.left_join(_stays(e.versions, residents), "customer_id").drop("customer_id_right")
    placed = stayed.join(_families(stayed), ["address", "kin"])
    homes = _homes(placed)
    plausible = homes.filter((homes.household_size <= _MOST) & ((homes.household_size > 1) | (homes.there == 1)))
    return shaped(_with_members(placed, plausible), "household")


def _residents(people: Table) -> Table:
    """Persons with a complete present address: customer_id, address and street as keys, kin, and what else counts."""
    institutional = people.household_role.lower().contains("group quarters").fill_null(False)
    keyed = people.filter(~institutional).select(
        "customer_id",
        "birth_date",
        "known_at",
        "household_role",
        settled=day_number(people.address_since),
        worded=people.street,
        street=street_key(people.street),
        postal=plain(people.postal_code),
        town=town_key(people.city),
        country=plain(people.country),
        # Without a family name nobody is kin: such a person stands alone.
        kin=ibis.coalesce(plain(people.family_name), people.customer_id),
    )
    return _addressed(keyed.filter(keyed.street.notnull() & (keyed.postal.notnull() | keyed.town.notnull())))


def _addressed(keyed: Table) -> Table:
    """The same with `address`; a missing postal code is that of the street, where its town knows only one."""
    known = keyed.filter(keyed.postal.notnull() & keyed.town.notnull()).group_by("street", "town")
    single = known.agg(low=_.postal.min(), high=_.postal.max()).filter(_.low == _.high).select("street", "town", "low")
    filled = keyed.left_join(single, ["street", "town"])
    in_town = ibis.literal("in ") + filled.town + ibis.literal("|") + filled.country.fill_null("")
    address = filled.street + ibis.literal("|") + ibis.coalesce(filled.postal, filled.low, in_town)
    return filled.select(
        "customer_id", "birth_date", "known_at", "household_role", "settled", "worded", "street", "kin", address=address
    )


def _stays(versions: Table, residents: Table) -> Table:
    """From when to when (epoch seconds) and how often dated versions show the customer at the present street."""
    told = versions.filter(_.street.notnull()).select("customer_id", "observed_at", told=_.street)
    beside = told.join(residents.select("customer_id", "worded", "street"), "customer_id")
    # The same wording is the same street; only the others are worth making a key of.
    at_home = beside.filter((beside.told == beside.worded) | (street_key(beside.told) == beside.street))
    return at_home.group_by("customer_id").agg(
        seen_from=_.observed_at.min(), seen_to=_.observed_at.max(), seen=_.count()
    )


def _families(stayed: Table) -> Table:
    """Per address and kin the household that they form or join: address, kin, home, there, basis."""
    families = stayed.group_by("address", "kin").agg(
        low=ibis.least(_.settled.fill_null(_EVER), day_of(_.seen_from).fill_null(_EVER)).min(),
        high=day_of(_.seen_to).fill_null(_EVER).max(),
        people=_.count(),
        stated=_.household_role.count(),
        newest=_.known_at.max(),
    )
    eras = _eras(families.mutate(low=(families.low == _EVER).ifelse(-_EVER, families.low)))
    totals = eras.group_by("address", "era").agg(
        there=whole_sum(_.people), stated_there=whole_sum(_.stated), names=_.count(), newest_there=_.newest.max()
    )
    beside = eras.join(totals, ["address", "era"])
    few = (beside.there <= _FEW) & (beside.names <= _FEW_NAMES)
    roles = (beside.there <= _MOST) & (beside.stated_there == beside.there)
    home = ibis.literal("|").join([beside.address, beside.era.cast("string"), (few | roles).ifelse("", beside.kin)])
    return beside.select("address", "kin", "there", "newest_there", home=home, basis=_basis(beside, few, roles))


def _eras(families: Table) -> Table:
    """The families with `era`, which counts the runs of overlapping stays at an address."""
    order = ["low", "kin"]
    until_now = families.high.max().over(ibis.window(group_by="address", order_by=order, rows=(None, -1)))
    marked = families.mutate(later=(families.low > until_now + _GRACE_DAYS).fill_null(False).cast("int64"))
    era = marked.later.sum().over(ibis.window(group_by="address", order_by=order, rows=(None, 0)))
    return marked.mutate(era=era)


def _basis(t: Table, few: BooleanValue, roles: BooleanValue) -> StringValue:
    there = t.there.cast("string") + ibis.literal(" customers at the address")
    return ibis.cases(
        (t.there == 1, ibis.literal("the only customer at a complete address")),
        ((few | roles) & (t.names == 1), ibis.literal("same address and family name")),
        (few, ibis.literal("same address, few customers there")),
        (roles, ibis.literal("same address, and everybody there states a role in the household")),
        else_=ibis.literal("same address and family name among ") + there,
    )


def _homes(placed: Table) -> Table:
    """One row per household with what its members share."""
    age = years_between(placed.birth_date, date_of(day_of(placed.newest_there)))
    since = ibis.least(*(day.fill_null(_EVER) for day in (placed.settled, day_of(placed.seen_from))))
    aged = placed.mutate(age=age, since=since)
    homes = aged.group_by("home").agg(
        there=_.there.max(),
        household_basis=_.basis.min(),
        household_size=_.count(),
        aged=_.age.count(),
        adults=_.count(where=_.age >= _ADULT),
        children=_.count(where=_.age < _ADULT),
        since=_.since.max(),
        first=_.customer_id.min(),
        ids=quoted(aged.customer_id).collect(),
        derived_at=_.seen_to.max(),
        evidence_count=whole_sum(_.seen.fill_null(1)),
    )
    all_aged = homes.aged == homes.household_size
    return homes.mutate(
        household_id=ibis.literal("h") + homes["first"].hexdigest("sha256").substr(0, 20),
        household_adults=(all_aged | (homes.adults > 0)).ifelse(homes.adults, None),
        household_children=(all_aged | (homes.children > 0)).ifelse(homes.children, None),
        household_since=date_of(homes.since.nullif(_EVER)),
    )


def _with_members(placed: Table, homes: Table) -> Table:
    beside = placed.select("customer_id", "home").join(homes, "home")
    others = beside.ids.sort().remove(quoted(beside.customer_id)).join(", ").fill_null("")
    return beside.mutate(household_members=ibis.literal("[") + others + ibis.literal("]"))
