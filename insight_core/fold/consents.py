"""Consents: the newest word per record, then the strictest over the records of a customer.

A person speaks, not a record: what one record says of every channel is heard on each channel of which another spoke
before. A withdrawal ends a yes there; and a yes that lies ahead or has an end takes its place, for it may hide one.
"""

import ibis
from ibis import Table

_FOR_EVER = 2**62


def consent_states(consents: Table, links: Table) -> Table:
    """customer_id, purpose, channel ('*' for any), state, since, expires_at.

    Of two words of a record at the same instant the one recorded here last counts, and among those from elsewhere the
    withdrawal; of one on every channel and one on a single channel always the withdrawal.
    """
    mine = consents.inner_join(links.select("record_id", "customer_id"), "record_id")
    no = mine.status == "withdrawn"
    keyed = mine.mutate(
        channel=mine.channel.fill_null("*"),
        strict=no.cast("int64"),
        here=(mine.source == "steward").ifelse(mine.evidence, 0),
        # a withdrawal has no end
        expires_at=no.ifelse(ibis.null("int64"), mine.expires_at),
    )
    latest = _first(keyed, ["record_id", "purpose", "channel"], ["decided_at", "here", "strict"])
    general, single = latest.filter(latest.channel == "*"), latest.filter(latest.channel != "*")
    heard = general.decided_at.max().over(group_by=["customer_id", "purpose"])
    whole = _strictest(general.mutate(heard_at=heard))
    told = ibis.union(_told(whole), _told(_strictest(_replaced(single, general, whole))))
    return told.select(
        "customer_id",
        "purpose",
        "channel",
        state=(told.strict == 1).ifelse("withdrawn", "given"),
        since=told.decided_at,
        expires_at=told.expires_at,
    )


def _replaced(single: Table, general: Table, whole: Table) -> Table:
    """The words on single channels, with the strictest on every channel where a later word on every channel was heard.

    A yes is replaced by what any record of the customer says, a no by what its own record does.
    """
    own = general.select("record_id", "purpose", own_at="decided_at")
    over = whole.select(
        "customer_id", "purpose", "heard_at", over_strict="strict", over_at="decided_at", over_expires="expires_at"
    )
    beside = single.left_join(own, ["record_id", "purpose"]).left_join(over, ["customer_id", "purpose"])
    ended = (beside.over_strict == 1) & (beside.over_at >= beside.decided_at)
    yes_replaced = (beside.heard_at > beside.decided_at) | ended
    replaced = (beside.strict == 1).ifelse(beside.own_at > beside.decided_at, yes_replaced).fill_null(False)
    return beside.select(
        "customer_id",
        "purpose",
        "channel",
        strict=replaced.ifelse(beside.over_strict, beside.strict),
        decided_at=replaced.ifelse(beside.over_at, beside.decided_at),
        expires_at=replaced.ifelse(beside.over_expires, beside.expires_at),
    )


def _told(rows: Table) -> Table:
    return rows.select("customer_id", "purpose", "channel", "strict", "decided_at", "expires_at")


def _strictest(rows: Table) -> Table:
    return _first(rows, ["customer_id", "purpose", "channel"], ["strict", "decided_at"])


def _first(rows: Table, group: list[str], largest: list[str]) -> Table:
    """Of each group the row with the largest of these; of two consents alike in them the one that ends first."""
    order = [*(ibis.desc(name) for name in largest), rows.expires_at.fill_null(_FOR_EVER)]
    nth = ibis.row_number().over(ibis.window(group_by=group, order_by=order))
    return rows.mutate(nth=nth).filter(lambda t: t.nth == 0).drop("nth")
