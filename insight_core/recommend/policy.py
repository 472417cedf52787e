"""Policy: from rates to one choice per dimension, with caution and a little exploration.

The default is the arm that a customer's segment answers most. It is left only when the lower bound of the
gain, z standard errors below it, is above zero. Exploration happens after the filters, among eligible
channels, never while a complaint is open; the draw depends on the seed and the customer alone.
"""

from insight_core.recommend.engine import Step
from insight_core.recommend.rules import channels


def policy_steps() -> list[Step]:
    """`decided`: n, dimension, the pick, the usual arm, the runner-up, and the chance with which the pick was made."""
    return [
        ("eligible", _eligible()),
        ("open", _OPEN),
        ("candidates", _CANDIDATES),
        ("ranked", _RANKED),
        ("decided", _DECIDED),
    ]


def _eligible() -> str:
    """One row per customer: the arms that may be used, and the reason of each that may not, side by side.

    Ordered lists of seven million rows take three times as long as one aggregate per channel.
    """
    ids = range(len(channels()))
    reasons = ", ".join(f"any_value(why) FILTER (arm_id = {i}) AS why_{i}" for i in ids)
    arms = ", ".join(f"CASE WHEN why_{i} IS NULL THEN {i} END" for i in ids)
    pieces = ", ".join(
        f"CASE WHEN why_{i} IS NOT NULL THEN refusal('channel ' || arm_name({i}), why_{i}) END" for i in ids
    )
    return f"""
        WITH wide AS (SELECT n, {reasons}, min(why) AS first_why, max(why) AS last_why FROM eligibility GROUP BY n)
        SELECT n, list_filter([{arms}], lambda i: i IS NOT NULL) AS arms, concat_ws(',', {pieces}) AS refused,
            CASE WHEN first_why = last_why THEN first_why
                ELSE 'every channel is refused, each for its own reason' END AS why
        FROM wide
    """


_OPEN = """
    WITH shares AS (
        SELECT n, customer_id, segment, arms, len(arms) AS channels,
            CASE WHEN len(arms) = 1 OR coalesce(open_complaint, FALSE) THEN 0 ELSE exploration() END AS share
        FROM facts JOIN verdicts USING (n) JOIN eligible USING (n) WHERE verdicts.why IS NULL AND len(arms) > 0)
    SELECT *, CASE WHEN draw('explore', customer_id, 1000000) < share
        THEN arms[1 + draw('which', customer_id, channels)] END AS tried
    FROM shares
"""

_CANDIDATES = """
    WITH allowed AS (
        SELECT n, arm_id FROM eligibility WHERE why IS NULL
        UNION ALL SELECT n, arm_id FROM open CROSS JOIN (SELECT arm_id FROM arms WHERE dimension <> 'channel'))
    SELECT n, arm_id, dimension, pooled.preferred, cold, p, plain, k + coalesce(trials, 0) AS mass, tried,
        coalesce(trials, 0) AS trials, coalesce(wins, 0) AS wins, last_at,
        (k * p + coalesce(wins, 0)) / (k + coalesce(trials, 0)) AS mean
    FROM allowed JOIN open USING (n) LEFT JOIN preferred USING (n, arm_id) LEFT JOIN observed USING (n, arm_id)
        JOIN pooled USING (segment, arm_id)
    WHERE pooled.preferred = (preferred.n IS NOT NULL)
"""

# A score is a whole number, so that ties fall to the first arm and never to chance. While next to nothing
# was ever tried (cold), the stated preference is the best default there is.
_RANKED = """
    WITH scored AS (
        SELECT n, dimension, tried, cold, arm_id, round(mean * 1000000)::BIGINT * 100 + 99 - arm_id AS score,
            CASE WHEN cold AND preferred THEN 100 ELSE plain END AS usual,
            struct_pack(arm_id, mean, mass, trials, wins, last_at, preferred, p, plain) AS arm
        FROM candidates)
    SELECT n, dimension, any_value(cold) AS cold, max_by(arm, score, 2) AS best,
        max_by(arm, round(usual * 1000000)::BIGINT * 100 + 99 - arm_id) AS usual,
        max_by(arm, score) FILTER (arm_id = tried) AS tried
    FROM scored GROUP BY n, dimension
"""

_DECIDED = """
    WITH weighed AS (
        SELECT *, best[1].mean - usual.mean - z() * error_of(best[1], usual) AS bound FROM ranked),
    judged AS (
        SELECT *, best[1].arm_id <> usual.arm_id AND bound > 0 AS leaves,
            CASE WHEN leaves THEN best[1] ELSE usual END AS best_pick
        FROM weighed),
    picked AS (SELECT *, coalesce(tried, best_pick) AS pick FROM judged),
    paired AS (SELECT *, list_filter(best, lambda one: one.arm_id <> pick.arm_id)[1] AS other FROM picked)
    SELECT *, CASE WHEN other IS NULL THEN 1
        ELSE 1 / (1 + exp(-1.702 * (pick.mean - other.mean) / error_of(pick, other))) END AS chance
    FROM paired
"""
