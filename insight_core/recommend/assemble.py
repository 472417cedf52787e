"""Assemble: one row per customer out of everything that was decided."""

# `confidence` is the chance that the channel is better than the best other one, given the counts, times the
# freshness of the evidence; 0 when nothing is recommended. Nothing is wholly sure, a single open channel neither:
# so that no rounding to percent makes it so.
_SUREST = 994_000
CARDS = f"""
    WITH dimensions AS (
        SELECT n, any_value(argued) FILTER (dimension = 'channel') AS channel,
            any_value(argued) FILTER (dimension = 'window') AS hours,
            any_value(argued) FILTER (dimension = 'tone') AS tone
        FROM argued GROUP BY n)
    SELECT left(sha256(concat_ws('|', facts.customer_id, purpose_name(), today(), model(), seed())), 20) AS card,
        facts.customer_id AS customer, facts.name, purpose_name() AS purpose,
        arm_name(channel.arm_id) AS channel, arm_name(hours.arm_id) AS "window", arm_name(tone.arm_id) AS tone,
        cadence.days::BIGINT AS cadence_days, solution.name AS solution_set, experience.name AS experience,
        least(round(coalesce(channel.chance * freshness(age_days(evidence_at), half_life()), 0) * 1000000),
            {_SUREST})::BIGINT AS confidence,
        '[' || concat_ws(',', channel.why, hours.why, tone.why, cadence.why, nullif(solution.why, ''),
            nullif(experience.why, '')) || ']' AS reasons,
        '[' || concat_ws(',', CASE WHEN verdicts.why IS NOT NULL THEN refusal('contact', verdicts.why) END,
            nullif(eligible.refused, ''), refusal('window 22-06', 'quiet hours'),
            nullif(solution.refused, '')) || ']' AS refused,
        CASE WHEN open.n IS NULL THEN coalesce(verdicts.why, eligible.why) END AS abstained,
        coalesce(to_json(list_transform(open.arms, lambda one: arm_name(one)))::VARCHAR, '[]') AS eligible,
        CASE WHEN open.n IS NULL THEN 1000000
            WHEN channel.explored AND channel.arm_id <> channel.best_id THEN share // channels
            ELSE 1000000 - share + share // channels END AS propensity,
        now_at() AS made_at, round(channel.mean * 1000000)::BIGINT AS expected,
        CASE WHEN open.n IS NOT NULL THEN json_object('segment', facts.segment, 'model', model(), 'seed', seed(),
            'default', arm_name(channel.usual_id), 'explored', channel.explored)::VARCHAR END AS context
    FROM facts JOIN verdicts USING (n) JOIN eligible USING (n) LEFT JOIN open USING (n)
        LEFT JOIN dimensions USING (n) LEFT JOIN solution USING (n) LEFT JOIN experience USING (n)
        LEFT JOIN cadence USING (n)
    ORDER BY facts.n
"""
