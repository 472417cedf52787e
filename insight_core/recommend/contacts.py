"""Contacts: what was tried and what was answered, in numbers small enough for tens of millions of rows."""

from insight_core.recommend.answered import ANSWERED
from insight_core.recommend.conditions import quoted


def contacts_query() -> str:
    """`contacts`: n, an arm_id per dimension, trials and wins of contacts of ours, last_at, and a note if one counts.

    Earlier cards whose outcome is known are contacts of ours like any other.
    """
    counted = ", ".join(quoted(one) for one in ANSWERED)
    won = ", ".join(quoted(one) for one, answered in ANSWERED.items() if answered)
    return f"""
        WITH every AS (
            SELECT customer_id, channel, hour_arm(hour) AS hours, tone, outcome, "count" AS times,
                direction = 'outbound' AS ours, last_at
            FROM raw_contacts
            UNION ALL
            SELECT customer_id, channel, window_arm("window"), tone, result, 1, TRUE, "at" FROM raw_outcomes)
        SELECT base.n, channel_arm(channel) AS channel, hours AS "window", tone_arm(tone) AS tone,
            CASE WHEN ours AND outcome IN ({counted}) THEN times::INTEGER END AS trials,
            CASE WHEN outcome IN ({won}) THEN times::INTEGER ELSE 0 END AS wins, last_at,
            CASE WHEN outcome IN ('resolved', 'bounced', 'opted_out') THEN outcome END AS note
        FROM every JOIN base USING (customer_id)
    """


def observed_query() -> str:
    """`observed`: n, arm_id, trials, wins, last_at, for every arm that was tried on the customer."""
    return " UNION ALL ".join(
        f"""
        SELECT n, "{dimension}" AS arm_id, sum(trials)::INTEGER AS trials, sum(wins)::INTEGER AS wins,
            max(last_at) AS last_at
        FROM contacts WHERE trials IS NOT NULL AND "{dimension}" IS NOT NULL GROUP BY n, "{dimension}"
        """
        for dimension in ("channel", "window", "tone")
    )
