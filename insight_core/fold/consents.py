"""Consents: the newest word per record, then the strictest over the records of a customer.

A person withdraws, not a record: a withdrawal for every channel also ends what another record of the customer allows on
one channel, unless that was said later.
"""

import ibis
from ibis import Table


def consent_states(consents: Table, links: Table) -> Table:
    """customer_id, purpose, channel ('*' for any), state, since, expires_at.

    Of two words at the same instant the one recorded here last counts, and among those from
    elsewhere the withdrawal. A word on every channel overrides an older one on a single channel.
    """
    mine = consents.inner_join(links.select("record_id", "customer_id"), "record_id")
    keyed = mine.mutate(
        channel=mine.channel.fill_null("*"),
        strict=(mine.status == "withdrawn").cast("int64"),
        here=(mine.source == "steward").ifelse(mine.evidence, 0),
    )
    latest = _first(keyed, ["record_id", "purpose", "channel"], ["decided_at", "here", "strict", "evidence"])
    whole = latest.filter(latest.channel == "*").select(
        "record_id", "purpose", whole_strict="strict", whole_at="decided_at", whole_expires="expires_at"
    )
    paired = latest.left_join(whole, ["record_id", "purpose"])
    newer = (paired.whole_at > paired.decided_at) | (
        (paired.whole_at == paired.decided_at) & (paired.whole_strict > paired.strict)
    )
    overridden = newer.fill_null(False)
    settled = paired.mutate(
        strict=overridden.ifelse(paired.whole_strict, paired.strict),
        decided_at=overridden.ifelse(paired.whole_at, paired.decided_at),
        expires_at=overridden.ifelse(paired.whole_expires, paired.expires_at),
    )
    ended = _ended_elsewhere(settled)
    strictest = _first(ended, ["customer_id", "purpose", "channel"], ["strict", "decided_at", "record_id"])
    return strictest.select(
        "customer_id",
        "purpose",
        "channel",
        state=(strictest.strict == 1).ifelse("withdrawn", "given"),
        since=strictest.decided_at,
        expires_at=strictest.expires_at,
    )


def _ended_elsewhere(settled: Table) -> Table:
    """The words with what a later withdrawal for every channel, by any record of the customer, makes of them."""
    whole = settled.filter((settled.channel == "*") & (settled.strict == 1))
    ends = whole.group_by("customer_id", "purpose").aggregate(ended_at=whole.decided_at.max())
    beside = settled.left_join(ends, ["customer_id", "purpose"])
    ended = ((beside.strict == 0) & (beside.ended_at >= beside.decided_at)).fill_null(False)
    return beside.select(
        "customer_id",
        "purpose",
        "channel",
        "record_id",
        strict=ended.ifelse(1, beside.strict),
        decided_at=ended.ifelse(beside.ended_at, beside.decided_at),
        expires_at=ended.ifelse(ibis.null("int64"), beside.expires_at),
    )


def _first(rows: Table, group: list[str], largest: list[str]) -> Table:
    window = ibis.window(group_by=group, order_by=[ibis.desc(name) for name in largest])
    return rows.mutate(nth=ibis.row_number().over(window)).filter(lambda t: t.nth == 0).drop("nth")
