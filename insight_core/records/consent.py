"""Consent: what a customer said about a purpose, and whether it stands at an instant.

The rule, once in each language that asks: for one customer at hand, as `..._sql` for queries (DuckDB, SQLite and
PostgreSQL alike) and as `..._expr` for Ibis, over rows of a consent state. A property test holds them equal.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import ibis
from ibis import Table

from insight_core.catalogue import Purpose

# A word can come to stand, or cease to, at these instants alone.
TURNS = ("since", "expires_at")


@dataclass(frozen=True, slots=True)
class Consent:
    """One row of a customer's consent state; `channel` is '*' for any, `since` and `expires_at` are epoch seconds."""

    purpose: str
    channel: str
    state: str
    since: int
    expires_at: int | None = None

    def given(self, now: int) -> bool:
        """Whether it stands at that instant; at the very instant of its end it does no more."""
        return self.state == "given" and self.since <= now and (self.expires_at is None or now < self.expires_at)

    def ahead(self, now: int) -> bool:
        """Whether it was given after that instant: then nobody knows here what it replaces, and it counts as a no."""
        return self.state == "given" and self.since > now


def given_sql(now: int | str) -> str:
    """`Consent.given` over a row; `now` is the instant, or SQL for it."""
    return f"(state = 'given' AND since <= {now} AND (expires_at IS NULL OR {now} < expires_at))"


def ahead_sql(now: int | str) -> str:
    """`Consent.ahead` over a row."""
    return f"(state = 'given' AND since > {now})"


def given_expr(words: Table, now: ibis.Value) -> ibis.Value:
    """`Consent.given` over rows."""
    return (words.state == "given") & (words.since <= now) & (words.expires_at.isnull() | (now < words.expires_at))


def word_given(aim: Purpose, said: Iterable[Consent], now: int) -> bool | None:
    """Whether the customer's word for the purpose stands on any channel; None where nothing was said of it."""
    mine = [one.given(now) for one in said if one.purpose == aim.name]
    return any(mine) if mine else None


def word_given_sql(consents: str, aim: Purpose, now: int) -> str:
    """The same by customer_id as `word_given`; whoever said nothing has no row."""
    mine = f"FROM {consents} WHERE purpose = '{aim.name}'"
    return f"SELECT customer_id, bool_or({given_sql(now)}) AS word_given {mine} GROUP BY customer_id"


def word_given_expr(words: Table) -> Table:
    """The same; every row carries the purpose and the instant asked for as `asked_purpose` and `asked_now`."""
    mine = words.filter(words.purpose == words.asked_purpose)
    return mine.group_by("customer_id").aggregate(word_given=given_expr(mine, mine.asked_now).any())


def lets_in(aim: Purpose, given: bool | None) -> bool | None:
    """Whether a word lets the purpose see the customer, None being silence; the answer None means: ask first.

    Consent (GDPR 6(1)(a)): only a yes lets in. Legitimate interest (6(1)(f)): only an objection keeps out.
    Contract (6(1)(b)): no word is needed.
    """
    if not aim.heeds_no:
        return True
    return True if given is None and aim.ground == "legitimate_interest" else given


def lets_in_sql(aim: Purpose) -> str:
    """The same over a row's `word_given`."""
    if not aim.heeds_no:
        return "TRUE"
    return "coalesce(word_given, TRUE)" if aim.ground == "legitimate_interest" else "word_given"


def lets_in_expr(aim: Purpose, given: ibis.Value) -> ibis.Value:
    """The same over an expression."""
    if not aim.heeds_no:
        return ibis.literal(True)
    return given.fill_null(True) if aim.ground == "legitimate_interest" else given
