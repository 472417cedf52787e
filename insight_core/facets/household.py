"""Household: which customers live together at the same dated address.

Only the present postal address joins: street, and postal code or else town and country. A
telephone never does. At one address these are one household:

* customers of one family name;
* two families, or a family and a single, that look like a couple: the eldest of each are at
  most `_COUPLE_YEARS` apart, nobody states to be single, separated, divorced or widowed, and
  their stays overlap, or lie at most `_GRACE_DAYS` apart;
* everybody whose stays overlap like that, where all of them state a role in the household.

A stay lasts from the first to the newest dated version at the address; undated stays overlap
with everything. Other people at the address are neighbours in the same house, and who lives
with whom among them stays unknown. So do groups of more than `_MOST`, and group quarters by
stated role: institutions are no households. A person alone at a complete address is a
household of one.
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

READS = ("kind", "birth_date", "household_role", "marital_status", "address_since", "street", "postal_code", "city",
         "country", "family_name", "known_at")  # fmt: skip
_MOST = 15
_COUPLE_YEARS = 8
_ALONE = ("single", "separated", "divorced", "widowed")
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
        alone=people.marital_status.isin(_ALONE).fill_null(False).cast("int64"),
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
    """The same with `address`.

    Postal codes of one family at one street in one town count as one, for one of them is a
    slip. A missing one is that of the street, where its town knows only one.
    """
    known = keyed.filter(keyed.postal.notnull() & keyed.town.notnull())
    kin = known.group_by("street", "town", "kin").agg(of_kin=_.postal.min())
    ends = known.group_by("street", "town").agg(low=_.postal.min(), high=_.postal.max())
    single = ends.filter(_.low == _.high).select("street", "town", of_street=_.low)
    with_kin = keyed.left_join(kin, ["street", "town", "kin"]).select(*keyed.columns, "of_kin")
    filled = with_kin.left_join(single, ["street", "town"]).select(*keyed.columns, "of_kin", "of_street")
    in_town = ibis.literal("in ") + filled.town + ibis.literal("|") + filled.country.fill_null("")
    area = ibis.coalesce(filled.of_kin, filled.postal, filled.of_street, in_town)
    return filled.mutate(address=filled.street + ibis.literal("|") + area).drop(
        "postal", "town", "country", "of_kin", "of_street"
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
        alone=_.alone.max(),
        eldest=day_number(_.birth_date).min(),
        newest=_.known_at.max(),
    )
    eras = _eras(families.mutate(low=(families.low == _EVER).ifelse(-_EVER, families.low)))
    there = eras.group_by("address", "era").agg(
        names=_.count(),
        there=whole_sum(_.people),
        stated_there=whole_sum(_.stated),
        alone_there=_.alone.max(),
        eldest_known=_.eldest.count(),
        years_apart=(_.eldest.max() - _.eldest.min()) // 365,
        newest_there=_.newest.max(),
    )
    beside = eras.join(there, ["address", "era"])
    couple = (_both(beside) & (beside.years_apart <= _COUPLE_YEARS)).fill_null(False)
    roles = (beside.names > 1) & (beside.there <= _MOST) & (beside.stated_there == beside.there)
    together = couple | roles
    # One family name is one household whenever it was seen; others must have been there at the same time.
    part = together.ifelse(ibis.literal("era ") + beside.era.cast("string"), beside.kin)
    home = beside.address + ibis.literal("|") + part
    return beside.select("address", "kin", "there", "newest_there", home=home, basis=_basis(beside, couple, roles))


def _both(t: Table) -> BooleanValue:
    return (t.names == 2) & (t.eldest_known == 2) & (t.alone_there == 0) & (t.there <= _MOST)


def _eras(families: Table) -> Table:
    """The families with `era`, which counts the runs of overlapping stays at an address."""
    order = ["low", "kin"]
    until_now = families.high.max().over(ibis.window(group_by="address", order_by=order, rows=(None, -1)))
    marked = families.mutate(later=(families.low > until_now + _GRACE_DAYS).fill_null(False).cast("int64"))
    era = marked.later.sum().over(ibis.window(group_by="address", order_by=order, rows=(None, 0)))
    return marked.mutate(era=era)


def _basis(t: Table, couple: BooleanValue, roles: BooleanValue) -> StringValue:
    there = ibis.literal(" among ") + t.there.cast("string") + ibis.literal(" customers at the address")
    return ibis.cases(
        (t.there == 1, ibis.literal("the only customer at a complete address")),
        (t.names == 1, ibis.literal("same address and family name")),
        (roles, ibis.literal("same address, and everybody there states a role in the household")),
        (couple, ibis.literal("same address, and of an age to be a couple")),
        else_=ibis.literal("same address and family name") + there,
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
