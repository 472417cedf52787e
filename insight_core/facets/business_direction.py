"""Business direction: how large an organisation is, and whether its business with us grows.

Size follows EU recommendation 2003/361/EC by headcount alone: below 10 micro, below 50 small,
below 250 medium. Growth compares the 365 days up to the newest use in the whole base (the end
of observation; an organisation's own newest order would hide that it stopped ordering) with
the 365 days before: by value where every order has one, else by the number of orders. It is
unknown with fewer than `_MIN_ORDERS` orders, none in the earlier year, or a first order later
than a quarter into the earlier year, because a start is no growth. The industry's growth is
the newest market figure, else the lower median over at least `_MIN_PEERS` of our own
customers in the industry. From +10% on an organisation is growing, from -10% on shrinking;
one whose business with us says nothing is judged by its headcount between dated versions of
one record.
"""

import ibis
from ibis import _
from ibis.expr.types import StringValue, Table

from insight_core.facets.business_sentence import sentence
from insight_core.facets.expr import date_of, day_number, day_of, micro, shaped, whole_sum
from insight_core.facets.rule import Evidence
from insight_core.facets.usage_pattern import uses
from insight_core.market import figures_of, first_rows, plain
from insight_core.records.clock import DAY
from insight_core.records.datasets import MICRO

__all__ = ["derive", "sentence"]

_SIZES = ((10, "micro"), (50, "small"), (250, "medium"))
_YEAR = 365 * DAY
_MIN_ORDERS, _MIN_PEERS = 6, 5
_LIMIT = MICRO // 10


def derive(e: Evidence) -> Table:
    """Size, growth and direction of every organisation that shows one of them."""
    companies = e.folded.filter(_.kind == "organisation")
    base = companies.mutate(company_size=_size(companies))
    growth = _growth(e.usage, companies)
    for part in (growth, _industry(companies, e.market, growth), _staff(e.versions, companies)):
        base = base.left_join(part, "customer_id").drop("customer_id_right")
    told = _directed(base)
    says = told.company_size.notnull() | told.direction.notnull() | told.industry_growth.notnull()
    return shaped(told.filter(says), "business_direction")


def _size(companies: Table) -> StringValue:
    staff = companies.employees
    return ibis.cases(
        (staff.isnull(), ibis.null("string")), *((staff < top, name) for top, name in _SIZES), else_="large"
    )


def _growth(usage: Table, companies: Table) -> Table:
    """customer_id, growth, recent, before (value or orders), in_value, orders, end_day, last_order."""
    end = usage.aggregate(end=_.occurred_at.max())
    taken = uses(usage.semi_join(companies, "customer_id")).filter(_.kind == "order").cross_join(end)
    back = taken.end - taken.at
    recent, before = back < _YEAR, (back >= _YEAR) & (back < 2 * _YEAR)
    sums = taken.group_by("customer_id").agg(
        recent_value=whole_sum(_.amount, where=recent),
        before_value=whole_sum(_.amount, where=before),
        recent_orders=_.count(where=recent),
        before_orders=_.count(where=before),
        valued=_.amount.count(where=recent | before),
        first=_.at.min(),
        newest=_.at.max(),
        end=_.end.max(),
    )
    orders = sums.recent_orders + sums.before_orders
    in_value = (sums.valued == orders) & (sums.before_value > 0)
    chosen = sums.mutate(
        orders=orders,
        in_value=in_value,
        recent=in_value.ifelse(sums.recent_value.fill_null(0), sums.recent_orders),
        before=in_value.ifelse(sums.before_value, sums.before_orders),
    )
    known = chosen.filter(
        (_.before_orders > 0) & (_.orders >= _MIN_ORDERS) & (_.end - _.first >= 2 * _YEAR - _YEAR // 4)
    )
    return known.select(
        "customer_id", "recent", "before", "in_value", "orders", "end", "newest",
        growth=micro(known.recent - known.before, known.before),
    )  # fmt: skip


def _industry(companies: Table, market: Table, growth: Table) -> Table:
    """customer_id, industry_growth, industry_as_of (a day, null for our own median)."""
    published = figures_of(companies, market, "industry").filter((_.figure == "growth") & _.value.notnull())
    figures = published.select("customer_id", figure=_.value, as_of=_.as_of)
    peers = companies.select("customer_id", peer_key=plain(companies.industry)).filter(_.peer_key.notnull())
    median = peers.join(_medians(peers.join(growth.select("customer_id", "growth"), "customer_id")), "peer_key")
    either = ibis.union(figures.select("customer_id"), median.select("customer_id"), distinct=True)
    for part in (figures, median.select("customer_id", "median")):
        either = either.left_join(part, "customer_id").drop("customer_id_right")
    return either.select(
        "customer_id",
        industry_growth=ibis.coalesce(either.figure, either["median"]),
        industry_as_of=either.figure.notnull().ifelse(day_number(either.as_of), None),
    )


def _medians(grown: Table) -> Table:
    """peer_key, median: the lower median, a value that one of the customers really has."""
    sizes = grown.group_by("peer_key").agg(peers=_.count()).filter(_.peers >= _MIN_PEERS)
    ranked = grown.mutate(nth=ibis.row_number().over(group_by="peer_key", order_by=["growth", "customer_id"]))
    beside = ranked.join(sizes, "peer_key")
    return beside.filter(beside.nth == (beside.peers - 1) // 2).select("peer_key", median=beside.growth)


def _staff(versions: Table, companies: Table) -> Table:
    """customer_id, staff_growth (a year, in 1e-6), staff_from, staff_to: between dated versions of one record."""
    told = versions.filter(_.employees.notnull() & _.observed_at.notnull()).semi_join(companies, "customer_id")
    keyed = told.select("customer_id", "record_id", "evidence", "observed_at", "employees")
    oldest = first_rows(keyed, ["customer_id", "record_id"], [_.observed_at, _.employees])
    newest = first_rows(keyed, ["customer_id", "record_id"], [_.observed_at.desc(), _.employees.desc()])
    pairs = oldest.join(
        newest.select("customer_id", "record_id", until=newest.observed_at, staff_to=newest.employees),
        ["customer_id", "record_id"],
    )
    apart = pairs.filter((_.until - _.observed_at >= _YEAR) & (_.employees > 0))
    one = first_rows(apart, "customer_id", [_.until.desc(), _.record_id])
    change = micro(one.staff_to - one.employees, one.employees)
    return one.select(
        "customer_id",
        "staff_to",
        staff_from=one.employees,
        staff_growth=change * 365 // day_of(one.until - one.observed_at),
    )


def _directed(base: Table) -> Table:
    change = ibis.coalesce(base.growth, base.staff_growth)
    direction = ibis.cases(
        (change.isnull(), ibis.null("string")),
        (change >= _LIMIT, "growing"),
        (change <= -_LIMIT, "shrinking"),
        else_="flat",
    )
    market_at = base.industry_as_of * DAY
    return base.mutate(
        direction=direction,
        direction_reason=_reason(base),
        derived_at=ibis.greatest(base.newest, base.employees__at, market_at),
        evidence_count=base.orders.fill_null(0)
        + base.employees.notnull().cast("int64")
        + base.industry_growth.notnull().cast("int64"),
    )


def _reason(t: Table) -> StringValue:
    unit = t.in_value.ifelse(MICRO, 1)
    what = t.in_value.ifelse("orders worth ", "orders: ")
    recent, before = (t.recent // unit).cast("string"), (t.before // unit).cast("string")
    by = date_of(day_of(t.end)).cast("string")
    ours = what + recent + " in the year to " + by + ", " + before + " the year before (" + _percent(t.growth) + ")"
    staff = ibis.literal("staff from ") + t.staff_from.cast("string") + " to " + t.staff_to.cast("string")
    staffed = staff + " (" + _percent(t.staff_growth) + " a year)"
    industry = ibis.literal("; industry ") + _percent(t.industry_growth) + " a year"
    return ibis.coalesce(ours, staffed) + industry.fill_null("")


def _percent(ratio: StringValue) -> StringValue:
    whole = (ratio + 5_000) // 10_000
    return (whole >= 0).ifelse("+", "") + whole.cast("string") + ibis.literal("%")
