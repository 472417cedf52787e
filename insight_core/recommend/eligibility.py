"""Eligibility: for every customer and channel, either the first rule that forbids it or nothing."""

from insight_core.catalogue import field, purpose
from insight_core.recommend.conditions import all_hold, quoted
from insight_core.recommend.engine import Step
from insight_core.recommend.rules import Channel, channels
from insight_core.records.consent import ahead_sql, given_sql


def eligibility_steps(purpose_name: str) -> list[Step]:
    """The steps that make `eligibility`: n, arm_id, arm, why (null when the channel may be used)."""
    asks = purpose(purpose_name).ground == "consent"
    return [
        ("consent_now", _CONSENT_NOW),
        ("touched", _TOUCHED),
        ("recent", _RECENT),
        ("known", _KNOWN),
        ("eligibility", _eligibility(asks)),
    ]


# The newest word counts; of two words at one moment the withdrawal (3) does. A yes that counts from a later
# moment is a no (1) until then: the word before it, which is not here any more, may have been one. A yes that
# has ended (2) is a no as of when it was said: its end was known to whoever said yes to one channel later.
_CONSENT_NOW = f"""
    SELECT n, channel, max(word) AS word, max_by(told, word) AS told FROM (
        SELECT base.n, CASE WHEN channel = '*' THEN -1::TINYINT ELSE channel_arm(channel) END AS channel,
            since * 4 + CASE WHEN {given_sql("now_at()")} THEN 0 WHEN {ahead_sql("now_at()")} THEN 1
                WHEN state = 'given' THEN 2 ELSE 3 END AS word,
            CASE WHEN word % 4 = 2 THEN expires_at ELSE since END AS told
        FROM (SELECT * REPLACE (coalesce(since, 0) AS since) FROM raw_consents) JOIN base USING (customer_id)
        WHERE purpose = purpose_name()
    ) GROUP BY ALL
"""

_TOUCHED = """
    SELECT n, channel,
        coalesce(max(last_at) FILTER (note = 'bounced'), 0) AS bounced_at,
        coalesce(max(last_at) FILTER (note = 'opted_out'), 0) AS opted_out_at
    FROM contacts WHERE channel IS NOT NULL GROUP BY n, channel
"""

_RECENT = """
    SELECT base.n, count(*) AS sent
    FROM raw_outbound AS raw JOIN base USING (customer_id)
    WHERE raw."at" > fatigue_from() AND raw."at" <= now_at()
    GROUP BY base.n
"""

# A general withdrawal is lifted for one channel by a later yes to that channel; a withdrawal for one
# channel is lifted only by a later yes to that same channel.
_KNOWN = """
    SELECT facts.n, arms.arm_id, arms.arm,
        exactly.word // 4 AS exact_at, exactly.word % 4 > 0 AS exact_no,
        generally.word // 4 AS general_at, generally.word % 4 > 0 AS general_no,
        general_at > exact_at OR (general_at = exact_at AND generally.word % 4 = 3) AS general_later,
        coalesce(exact_no, FALSE) AND coalesce(NOT general_no OR exactly.word >= generally.word, TRUE) AS exactly_so,
        (CASE WHEN exactly_so THEN exactly.word ELSE generally.word END) % 4 AS no_kind,
        CASE WHEN exactly_so THEN exactly.told ELSE generally.told END AS no_at,
        touched.n IS NOT NULL OR coalesce(contains(channel_mix, '"' || arms.arm || '"'), FALSE) AS used,
        coalesce(bounced_at, 0) AS bounced_at, coalesce(opted_out_at, 0) AS opted_out_at,
        coalesce(sent, 0) AS sent
    FROM facts CROSS JOIN (SELECT * FROM arms WHERE dimension = 'channel') AS arms
        LEFT JOIN consent_now AS exactly ON exactly.n = facts.n AND exactly.channel = arms.arm_id
        LEFT JOIN consent_now AS generally ON generally.n = facts.n AND generally.channel = -1
        LEFT JOIN touched ON touched.n = facts.n AND touched.channel = arms.arm_id
        LEFT JOIN recent ON recent.n = facts.n
"""

_CLOSED = "coalesce(exact_no, FALSE) OR (coalesce(general_no, FALSE) AND coalesce(general_later, TRUE))"


def _eligibility(asks: bool) -> str:
    ask = (
        "WHEN exact_at IS NULL AND general_at IS NULL"
        " THEN 'no consent to ' || purpose_name() || ' on record: ask first'"
    )
    per_channel = " ".join(f"WHEN {quoted(one.name)} THEN {_contact_point(one)}" for one in channels())
    return f"""
        SELECT n, arm_id, arm, CASE
            WHEN {_CLOSED} THEN CASE no_kind
                WHEN 1 THEN 'the consent to ' || purpose_name() || ' counts from ' || day_of(no_at) || ' only'
                WHEN 2 THEN 'the consent to ' || purpose_name() || ' ended on ' || day_of(no_at)
                ELSE 'consent to ' || purpose_name() || ' withdrawn' || dated(no_at) END
            WHEN opted_out_at > greatest(exact_at, general_at, 0)
                THEN 'the customer opted out on ' || day_of(opted_out_at)
            {ask if asks else ""}
            WHEN sent >= cap() THEN sent || ' contacts of ours lately; the limit is ' || cap()
            ELSE CASE arm {per_channel} END
            END AS why
        FROM known JOIN facts USING (n)
    """


def _contact_point(channel: Channel) -> str:
    """SQL: why the contact point of the channel cannot be used, or null."""
    suited = " ".join(f"WHEN {all_hold(one.parts)} THEN {quoted(one.why)}" for one in channel.unless)
    if not channel.needs:
        return f"CASE WHEN NOT used THEN 'the customer never used it' {suited} END"
    missing = " OR ".join(f"coalesce(trim({one}), '') = ''" for one in channel.needs)
    first = channel.needs[0]
    return f"""CASE
        WHEN {missing} THEN 'no {" and ".join(channel.needs)} known'
        {_malformed(channel)}
        WHEN bounced_at > coalesce({first}__at, 0) THEN 'the last message bounced on ' || day_of(bounced_at)
        {_aged(first)} {suited} END"""


def _malformed(channel: Channel) -> str:
    if not channel.pattern:
        return ""
    return (
        f"WHEN NOT regexp_full_match(trim({channel.needs[0]}), {quoted(channel.pattern)})"
        f" THEN 'the {channel.needs[0]} on record is malformed'"
    )


def _aged(name: str) -> str:
    half_life = field(name).half_life_days
    if half_life is None:
        return ""
    return (
        f"WHEN freshness(age_days({name}__at), {half_life}) < min_freshness()"
        f" THEN 'the {name} on record is ' || age_days({name}__at) || ' days old: confirm it first'"
    )
