"""Contacts: what was tried, what was answered and what the customer chose, in numbers small enough for millions."""

from insight_core.recommend.answered import ANSWERED
from insight_core.recommend.conditions import quoted
from insight_core.recommend.parameters import WINDOWS

# What these say of a channel counts whoever began the contact.
_NOTES = ("resolved", "bounced", "opted_out")


def counted_query(interactions: str, links: str) -> str:
    """SQL for the table `contacts` of `CardInputs` over interactions and links: what no card asks for is added up.

    Hours matter where the customer began, and only by their window; tones and most outcomes where we did.
    """
    theirs, ours = "direction = 'inbound'", "direction = 'outbound'"
    hour = "occurred_at % 86400 // 3600"
    starts = " ".join(
        f"WHEN {hour} >= {int(one[:2])} AND {hour} < {int(one[3:])} THEN {int(one[:2])}" for one in WINDOWS
    )
    notes = ", ".join(quoted(one) for one in _NOTES)
    return f"""
        SELECT customer_id, channel, CASE WHEN {theirs} THEN CASE {starts} END END::BIGINT AS hour,
            CASE WHEN {ours} THEN tone END AS tone, direction,
            CASE WHEN {ours} OR outcome IN ({notes}) THEN outcome END AS outcome,
            count(*)::BIGINT AS "count", max(occurred_at) AS last_at,
            count(sentiment)::BIGINT AS felt, count(*) FILTER (sentiment > 0)::BIGINT AS positive
        FROM ({interactions}) JOIN ({links}) USING (record_id) GROUP BY ALL
    """


def contacts_query() -> str:
    """`contacts`: n, an arm_id per dimension, counts by what they say, last_at, and a note if one counts.

    `trials` and `wins`: contacts of ours with a known outcome, and those answered; `chosen`: contacts that the
    customer began; `felt` and `positive`: contacts of ours whose sentiment is known, and those where it was good.
    Earlier cards whose outcome is known are contacts of ours like any other.
    """
    counted = ", ".join(quoted(one) for one in ANSWERED)
    won = ", ".join(quoted(one) for one, answered in ANSWERED.items() if answered)
    return f"""
        WITH every AS (
            SELECT customer_id, channel, hour_arm(hour) AS hours, tone, outcome, "count" AS times,
                direction = 'outbound' AS ours, direction = 'inbound' AS theirs, felt, positive, last_at
            FROM raw_contacts
            UNION ALL
            SELECT customer_id, channel, NULL, tone, result, 1, TRUE, FALSE, 0, 0, "at" FROM raw_outcomes)
        SELECT base.n, channel_arm(channel) AS channel, hours AS "window", tone_arm(tone) AS tone,
            CASE WHEN ours AND outcome IN ({counted}) THEN times::INTEGER ELSE 0 END AS trials,
            CASE WHEN ours AND outcome IN ({won}) THEN times::INTEGER ELSE 0 END AS wins,
            CASE WHEN theirs THEN times::INTEGER ELSE 0 END AS chosen,
            CASE WHEN ours THEN coalesce(felt, 0)::INTEGER ELSE 0 END AS felt,
            CASE WHEN ours THEN coalesce(positive, 0)::INTEGER ELSE 0 END AS positive, last_at,
            CASE WHEN outcome IN ({", ".join(quoted(one) for one in _NOTES)}) THEN outcome END AS note
        FROM every JOIN base USING (customer_id)
    """


def observed_query() -> str:
    """`observed`: n, arm_id, trials, wins, last_at.

    A channel is tried by contacts of ours and wins by answers; a tone wins by answers and by good sentiment. Hours
    are different: we write when we work, so every contact that the customer began tries all windows at once, and
    the window in which it fell wins.
    """
    return f"""
        {_by("channel", "trials", "wins")}
        UNION ALL {_by("tone", "trials + felt", "wins + positive")}
        UNION ALL {_WINDOWS}
    """


def _by(dimension: str, trials: str, wins: str) -> str:
    return f"""
        SELECT n, {dimension} AS arm_id, sum({trials})::INTEGER AS trials, sum({wins})::INTEGER AS wins,
            max(last_at) AS last_at
        FROM contacts WHERE {trials} > 0 AND {dimension} IS NOT NULL GROUP BY n, {dimension}
    """


_WINDOWS = f"""
    SELECT n, window_arm(unnest([{", ".join(quoted(one) for one in WINDOWS)}])) AS arm_id, trials,
        unnest([{", ".join(f"sum_{i}" for i in range(len(WINDOWS)))}]) AS wins, last_at
    FROM (SELECT n, sum(chosen)::INTEGER AS trials, max(last_at) AS last_at,
            {
    ", ".join(
        f'''coalesce(sum(chosen) FILTER ("window" = window_arm({quoted(one)})), 0)::INTEGER AS sum_{i}'''
        for i, one in enumerate(WINDOWS)
    )
}
        FROM contacts WHERE chosen > 0 AND "window" IS NOT NULL GROUP BY n)
"""
