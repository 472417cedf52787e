"""Consents: given, and sometimes taken back; and objections to analytics."""

from dataclasses import dataclass

import numpy as np

from insight_core.demo.chance import Bools, Ints, Rng, Words, stream, words
from insight_core.demo.contacts import DAY, active_days
from insight_core.demo.lives import Lives
from insight_core.demo.people import STORY_PEOPLE
from insight_core.demo.stories import WITHDRAWAL, WITHDRAWN_DAYS_AGO

CONSENT_CHANNELS = words(["*", "email", "sms", "call"])


@dataclass(frozen=True)
class Consents:
    """One entry per decision, by time."""

    customer: Ints
    purpose: Words
    channel: Words
    given: Bools
    at: Ints


def consents(seed: int, lives: Lives) -> Consents:
    """Every decision of the customers."""
    parts = [
        _of_purpose(stream(seed, f"consent {purpose}"), lives, purpose, share)
        for purpose, share in lives.params.consent_shares.items()
    ]
    parts.append(_objections(stream(seed, "objections"), lives))
    customer, purpose, channel, given, at = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((purpose.astype(str), customer, at))
    return Consents(customer[order], purpose[order], channel[order], given[order], at[order])


def _of_purpose(rng: Rng, lives: Lives, purpose: str, share: float) -> tuple[Ints, Words, Words, Bools, Ints]:
    first, last = active_days(lives)
    says = rng.random(lives.size) < share
    if purpose == "marketing":
        says[:STORY_PEOPLE] = True
    who = np.flatnonzero(says)
    day = first[who] + (rng.random(len(who)) * (last - first + 1)[who] * 0.8).astype(np.int64)
    channel = np.where(rng.random(len(who)) < 0.75, 0, rng.integers(1, len(CONSENT_CHANNELS), len(who)))
    until = day + (rng.exponential(365 / max(lives.params.withdrawal_rate, 1e-9), len(who))).clip(1, 10**6).astype(
        np.int64
    )
    until[who < STORY_PEOPLE] = 10**6
    channel[who < STORY_PEOPLE] = 0
    if purpose == "marketing":
        until[who == WITHDRAWAL] = int(lives.end.astype("datetime64[D]").astype(int)) - WITHDRAWN_DAYS_AGO
    back = until <= last[who]
    at = np.concatenate([day, until[back]]) * DAY + rng.integers(8 * 3600, 20 * 3600, len(who) + int(back.sum()))
    customer, channel = np.concatenate([who, who[back]]), np.concatenate([channel, channel[back]])
    given = np.arange(len(customer)) < len(who)
    return customer, words([purpose] * len(customer)), CONSENT_CHANNELS[channel], given, at


def _objections(rng: Rng, lives: Lives) -> tuple[Ints, Words, Words, Bools, Ints]:
    first, last = active_days(lives)
    objects = rng.random(lives.size) < lives.params.objection_share
    objects[:STORY_PEOPLE] = False
    who = np.flatnonzero(objects)
    day = first[who] + (rng.random(len(who)) * (last - first + 1)[who]).astype(np.int64)
    at = day * DAY + rng.integers(8 * 3600, 20 * 3600, len(who))
    return who, words(["analytics"] * len(who)), words(["*"] * len(who)), np.zeros(len(who), dtype=bool), at
