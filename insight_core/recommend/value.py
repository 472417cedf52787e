"""Value: how often a customer answers, by channel, window and tone, partially pooled with the segment.

Counts are whole numbers. What was never tried is guessed at the average of what was, so that it can neither win
nor lose by being unknown. A customer's rate is Beta(k p + wins, k (1 - p) + trials - wins), where p is the rate
of the segment (itself shrunk towards all customers) among those with the same preference for the arm, and k says
how much customers differ: from the pairs of trials of one customer, m2 = sum w(w-1) / sum n(n-1) estimates E[p^2],
so rho = (m2 - p^2) / (p (1 - p)) and k = 1 / rho - 1.
"""

from insight_core.recommend.contacts import observed_query
from insight_core.recommend.engine import Step


def observed_steps() -> list[Step]:
    """`observed`: what was tried on each customer; `preferred`: the arms that a customer prefers."""
    return [("observed", observed_query()), ("preferred", _PREFERRED)]


_PREFERRED = """
    SELECT n, channel_arm(preferred_channel) AS arm_id FROM facts WHERE arm_id IS NOT NULL
    UNION ALL
    SELECT n, window_arm(preferred_hours) AS arm_id FROM facts WHERE arm_id IS NOT NULL
"""

# Counts of customers that have nothing in common add up, so each share of the base can be counted by itself.
SHARES = """
    SELECT share_of(customer_id) AS share, segment, arm_id, preferred.n IS NOT NULL AS preferred,
        sum(trials)::BIGINT AS trials, sum(wins)::BIGINT AS wins,
        sum(trials::BIGINT * (trials - 1))::BIGINT AS trial_pairs, sum(wins::BIGINT * (wins - 1))::BIGINT AS win_pairs
    FROM observed JOIN facts USING (n) LEFT JOIN preferred USING (n, arm_id) GROUP BY ALL ORDER BY ALL
"""

RATES = """
    SELECT coalesce(segment, '*') AS segment, arm_id, preferred,
        sum(trials)::BIGINT AS trials, sum(wins)::BIGINT AS wins,
        sum(trial_pairs)::BIGINT AS trial_pairs, sum(win_pairs)::BIGINT AS win_pairs
    FROM shares GROUP BY GROUPING SETS ((segment, arm_id, preferred), (arm_id, preferred)) ORDER BY ALL
"""


def pooled_steps() -> list[Step]:
    """`pooled`: per segment, arm and preference the rate p and its strength k; per segment and arm the plain rate."""
    return [*everyone_steps(), *segment_steps()]


def everyone_steps() -> list[Step]:
    """`everyone`: what hangs on the rates alone."""
    return [("everyone", _EVERYONE)]


def segment_steps() -> list[Step]:
    """`cells` and `pooled`, for the segments of the customers at hand."""
    return [("cells", _CELLS), ("pooled", _POOLED)]


# Below 200 pairs the spread between customers is not known, and 20 trials are assumed to weigh as much as the segment.
_EVERYONE = """
    WITH counts AS (
        SELECT arm_id, dimension, flag.preferred, coalesce(trials, 0) AS trials, coalesce(wins, 0) AS wins,
            trial_pairs, win_pairs
        FROM arms CROSS JOIN (VALUES (TRUE), (FALSE)) AS flag(preferred)
            LEFT JOIN (SELECT * FROM rates WHERE segment = '*') AS r USING (arm_id, preferred)),
    guesses AS (
        SELECT *, sum(trials) OVER whole < min_trials() AS cold,
            first_guess(sum(wins) OVER whole, sum(trials) OVER whole) AS p_dimension,
            shrunk(sum(wins) OVER alike, sum(trials) OVER alike, p_dimension) AS p_alike
        FROM counts WINDOW whole AS (PARTITION BY dimension), alike AS (PARTITION BY dimension, preferred))
    SELECT arm_id, dimension, preferred, trials, wins, cold, p_dimension, shrunk(wins, trials, p_alike) AS p,
        CASE WHEN coalesce(trial_pairs, 0) < 200 OR wins = 0 OR wins = trials THEN 20.0
            ELSE least(200.0, greatest(4.0, 1 / greatest(0.001,
                (win_pairs / trial_pairs - pow(wins / trials, 2)) / (wins / trials * (1 - wins / trials))) - 1))
            END AS k
    FROM guesses
"""

_CELLS = """
    SELECT s.segment, everyone.arm_id, dimension, everyone.preferred, cold, k, p_dimension, p AS p_everyone,
        everyone.trials AS trials_everyone, everyone.wins AS wins_everyone,
        coalesce(r.trials, 0) AS trials, coalesce(r.wins, 0) AS wins
    FROM everyone CROSS JOIN (SELECT DISTINCT segment FROM facts) AS s
        LEFT JOIN rates AS r ON r.segment = s.segment AND r.arm_id = everyone.arm_id
            AND r.preferred = everyone.preferred
"""

_POOLED = """
    SELECT segment, arm_id, dimension, preferred, cold, k, shrunk(wins, trials, p_everyone) AS p,
        shrunk(sum(wins) OVER arm, sum(trials) OVER arm,
            shrunk(sum(wins_everyone) OVER arm, sum(trials_everyone) OVER arm, p_dimension)) AS plain
    FROM cells WINDOW arm AS (PARTITION BY segment, arm_id)
"""
