"""Business direction: how large an organisation is, and whether its business with us grows.

Size follows EU recommendation 2003/361/EC by headcount alone: below 10 micro, below 50 small,
below 250 medium. Years are counted back from the newest use in the whole base, the end of
observation: an organisation's own newest order would hide that it stopped ordering.

Growth compares the last 365 days with the 365 days before, by value where every order has
one, else by the number of orders. It is unknown with fewer than `_MIN_ORDERS` orders, none in
the earlier year, or a first order later than a quarter into it, because a start is no growth.
The industry's growth is the newest market figure, else the lower median over at least
`_MIN_PEERS` of our own customers in the industry.

The direction follows the pace: the yearly change of the number of orders, fitted over three
years where the organisation has ordered that long (least squares through three yearly totals:
half the difference of the outer ones over the mean), else over two. Numbers are steadier than
values, and three years than two. From +10% on it is growing, from -10% on shrinking; one whose
orders say nothing is judged by its headcount between dated versions of one record.
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

__all__ = ["derive", "industry_medians", "peer_keys", "sentence"]

_SIZES = ((10, "micro"), (50, "small"), (250, "medium"))
_YEAR = 365 * DAY
_MIN_ORDERS, _MIN_PEERS = 6, 5
_LIMIT = MICRO // 10
READS = ("kind", "employees", "industry", "industry_code")
_NEEDED = ("customer_id", "employees", "employees__at", "industry", "industry_code")


def derive(e: Evidence) -> Table:
    """Size, growth and direction of every organisation that shows one of them."""
    companies = e.folded.filter(_.kind == "organisation").select(*_NEEDED)
    base = companies.mutate(company_size=_size(companies))
    growth = _growth(e, companies)
    for part in (growth, _industry(companies, e, growth), _staff(e.versions, companies)):
        base = base.left_join(part, "customer_id").drop("customer_id_right")
    told = _directed(base)
    says = told.company_size.notnull() | told.direction.notnull() | told.industry_growth.notnull()
    return shaped(told.filter(says), "business_direction")


def _size(companies: Table) -> StringValue:
    staff = companies.employees
    return ibis.cases(
        (staff.isnull(), ibis.null("string")), *((staff < top, name) for top, name in _SIZES), else_="large"
    )


def _growth(e: Evidence, companies: Table) -> Table:
    """customer_id, growth, pace, n0, n1, n2 (orders by year, newest first; n2 null if not there yet), end, newest."""
    end = e.usage.aggregate(end=_.occurred_at.max()) if e.observed is None else e.observed.select(end="until")
    taken = uses(e.usage.semi_join(companies, "customer_id")).filter(_.kind == "order").cross_join(end)
    year = (taken.end - taken.at) // _YEAR
    sums = taken.group_by("customer_id").agg(
        v0=whole_sum(_.amount, where=year == 0).fill_null(0),
        v1=whole_sum(_.amount, where=year == 1),
        n0=_.count(where=year == 0),
        n1=_.count(where=year == 1),
        counted=_.count(where=year == 2),
        valued=_.amount.count(where=year <= 1),
        oldest=_.at.min(),
        newest=_.at.max(),
        end=_.end.max(),
    )
    known = sums.filter((_.n1 > 0) & (_.n0 + _.n1 >= _MIN_ORDERS) & (_.end - _.oldest >= 2 * _YEAR - _YEAR // 4))
    by_value = (known.valued == known.n0 + known.n1) & (known.v1 > 0)
    n2 = (known.end - known.oldest >= 3 * _YEAR - _YEAR // 4).ifelse(known.counted, ibis.null("int64"))
    return known.mutate(
        growth=by_value.ifelse(micro(known.v0 - known.v1, known.v1), micro(known.n0 - known.n1, known.n1)),
        pace=ibis.coalesce(
            micro(3 * (known.n0 - n2), 2 * (known.n0 + known.n1 + n2)), micro(known.n0 - known.n1, known.n1)
        ),
        n2=n2,
    ).select("customer_id", "growth", "pace", "n0", "n1", "n2", "end", "newest")


def _industry(companies: Table, e: Evidence, growth: Table) -> Table:
    """customer_id, industry_growth, industry_as_of (a day, null for our own median)."""
    published = figures_of(companies, e.market, "industry").filter((_.figure == "growth") & _.value.notnull())
    figures = published.select("customer_id", figure=_.value, as_of=_.as_of)
    peers = companies.select("customer_id", peer_key=plain(companies.industry)).filter(_.peer_key.notnull())
    grown = peers.join(growth.select("customer_id", "growth"), "customer_id").select(
        "customer_id", "peer_key", "growth"
    )
    if e.peers is not None:
        grown = grown.union(_grown(e.peers))
    median = peers.join(_medians(grown), "peer_key")
    either = ibis.union(figures.select("customer_id"), median.select("customer_id"), distinct=True)
    for part in (figures, median.select("customer_id", "median")):
        either = either.left_join(part, "customer_id").drop("customer_id_right")
    return either.select(
        "customer_id",
        industry_growth=ibis.coalesce(either.figure, either["median"]),
        industry_as_of=either.figure.notnull().ifelse(day_number(either.as_of), None),
    )


def peer_keys(peers: Table) -> Table:
    """customer_id and peer_key of organisations with customer_id and industry: who is compared with whom."""
    return peers.select("customer_id", peer_key=plain(peers.industry)).filter(_.peer_key.notnull())


def industry_medians(peers: Table) -> Table:
    """peer_key and median of organisations with customer_id, industry and growth, where they are enough."""
    return _medians(_grown(peers))


def _grown(peers: Table) -> Table:
    keyed = peers.select("customer_id", peer_key=plain(peers.industry), growth=peers.growth)
    return keyed.filter(_.peer_key.notnull() & _.growth.notnull())


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
    change = ibis.coalesce(base.pace, base.staff_growth)
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
        evidence_count=(base.n0 + base.n1 + base.n2.fill_null(0)).fill_null(0)
        + base.employees.notnull().cast("int64")
        + base.industry_growth.notnull().cast("int64"),
    )


def _reason(t: Table) -> StringValue:
    n0, n1, n2 = (t[name].cast("string") for name in ("n0", "n1", "n2"))
    # Over three years it is the slope of a line beside the average year, and not the change of the last one.
    line = " (a line through the three: " + _percent(t.pace) + " of their average a year)"
    three = n1 + " and " + n2 + " in the two years before" + line
    two = n1 + " in the year before (" + _percent(t.pace) + " a year)"
    by = date_of(day_of(t.end)).cast("string")
    ours = n0 + " orders in the year to " + by + ", " + ibis.coalesce(three, two)
    staff = ibis.literal("staff from ") + t.staff_from.cast("string") + " to " + t.staff_to.cast("string")
    staffed = staff + " (" + _percent(t.staff_growth) + " a year)"
    industry = ibis.literal("; industry ") + _percent(t.industry_growth) + " a year"
    return ibis.coalesce(ours, staffed) + industry.fill_null("")


def _percent(ratio: StringValue) -> StringValue:
    whole = (ratio + 5_000) // 10_000
    return (whole >= 0).ifelse("+", "") + whole.cast("string") + ibis.literal("%")
