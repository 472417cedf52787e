"""Runs: since when a fact has been told as it is told now, and what was told before."""

from collections.abc import Iterable, Mapping

import ibis
from ibis.expr.types import StringValue, Table

# Digits of a stamp: seconds with the offset on top have eleven, also before 1970, so that text sorts like time.
STAMP = 11
_OFFSET = 50_000_000_000


def runs(told: Table, now: Mapping[str, str], lane: Iterable[str]) -> Table:
    """Per lane and fact the present run: the lane's columns, `<fact>__since` (epoch seconds), `<fact>__before`.

    `told` has the lane's columns, observed_at, the facts as text, and the present value of
    each in the column that `now` names. A run begins with the first version that tells the
    present value after the newest one that told another; `before` is that other value, null
    when there is none. If another value was told last, the run began with the present value's
    first version and `before` is null, for nothing led to it.
    """
    keys = list(lane)
    others = told.group_by(keys).agg(
        **{f"{fact}__other": (told[fact] != told[now[fact]]).ifelse(stamped(told, fact), None).max() for fact in now}
    )
    beside = told.join(others, keys)
    columns = {}
    for fact in now:
        same = beside[fact] == beside[now[fact]]
        other_at = beside[f"{fact}__other"].substr(0, STAMP).cast("int64") - _OFFSET
        led = beside.observed_at > other_at
        columns[f"{fact}__led"] = (same & led).ifelse(beside.observed_at, None).min()
        columns[f"{fact}__first"] = same.ifelse(beside.observed_at, None).min()
        columns[f"{fact}__other"] = beside[f"{fact}__other"].max()
    found = beside.group_by(keys).agg(**columns)
    return found.select(*keys, **_present(found, now))


def stamped(told: Table, fact: str) -> StringValue:
    """The fact behind the instant of its version, so that the newest is the largest text."""
    return (told.observed_at + _OFFSET).cast("string") + told[fact]


def _present(found: Table, now: Iterable[str]) -> dict[str, ibis.Value]:
    columns: dict[str, ibis.Value] = {}
    for fact in now:
        led = found[f"{fact}__led"]
        columns[f"{fact}__since"] = ibis.coalesce(led, found[f"{fact}__first"])
        columns[f"{fact}__before"] = led.notnull().ifelse(found[f"{fact}__other"].substr(STAMP), ibis.null("string"))
    return columns
