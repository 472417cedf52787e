"""Contacts with the company: it writes as it likes, customers come as they prefer, and the record is biased."""

from dataclasses import dataclass

import numpy as np

from insight_core.demo.accounts import CLOSED
from insight_core.demo.chance import Bools, Floats, Ints, Rng, Words, pick, spread, stream, words
from insight_core.demo.lives import Lives
from insight_core.demo.people import STORY_PEOPLE
from insight_core.demo.stories import EMAIL_MONTHS_AGO, STALE_EMAIL
from insight_core.demo.tastes import Tastes

CHANNELS = ("email", "sms", "call", "chat", "store", "app")
EMAIL, SMS, CALL, CHAT, STORE, APP = range(len(CHANNELS))
# What the company can begin itself.
COMPANY_CAN = (EMAIL, SMS, CALL, APP)
TOPICS_IN = words(["question", "order", "delivery", "billing", "contract", "complaint"])
TOPICS_OUT = words(["offer", "newsletter", "reminder", "survey", "welcome"])
OUTCOMES = words(
    ["resolved", "unresolved", "escalated", "opened", "clicked", "replied", "accepted", "completed", "ignored",
     "declined", "bounced"]
)  # fmt: skip
_AT = {str(name): place for place, name in enumerate(OUTCOMES)}
ANSWERS = {
    EMAIL: ("opened", "clicked", "replied"),
    SMS: ("clicked", "replied", "replied"),
    APP: ("opened", "clicked", "accepted"),
}
MIN_STORY_CONTACTS = 14
MIN_TONE_CONTACTS = 60  # so that a tone shows as right
DAY = 86_400


@dataclass(frozen=True)
class Contacts:
    """One entry per contact, by time. `tone` and `seconds` are -1 for none, `sentiment` NaN for unknown."""

    customer: Ints
    at: Ints
    channel: Ints
    outbound: Bools
    topic: Words
    outcome: Ints
    sentiment: Floats
    tone: Ints
    seconds: Ints


def contacts(seed: int, lives: Lives, taste: Tastes) -> Contacts:
    """Every contact of the simulated years."""
    rng, params = stream(seed, "contacts"), lives.params
    customer, day = _when(rng, lives)
    count = len(customer)
    outbound = rng.random(count) < params.outbound_share
    channel = _channels(rng, lives, taste, customer, outbound)
    hour = _hours(rng, lives, taste, customer, outbound)
    tone = np.where(outbound, pick(rng, params.company_tones, count), -1)
    before, stale = _story_mails(lives, customer, day, outbound)
    tones = list(params.company_tones)
    tone[before], channel[before] = tones.index("friendly"), COMPANY_CAN[-1]
    tone[stale], channel[stale] = tones.index("formal"), EMAIL
    complaint = ~outbound & (rng.random(count) < params.complaint_share)
    answered = rng.random(count) < np.where(
        channel == taste.channel[customer], params.answer_preferred, params.answer_other
    )
    outcome = np.where(outbound, _outcomes_out(rng, channel, answered), _outcomes_in(rng, complaint))
    outcome[before], outcome[stale] = _AT["accepted"], _AT["bounced"]
    return Contacts(
        customer=customer,
        at=day * DAY + hour * 3600 + rng.integers(0, 3600, count),
        channel=channel,
        outbound=outbound,
        topic=_topics(rng, outbound, complaint),
        outcome=outcome,
        sentiment=_sentiments(rng, outbound, complaint, tone == taste.tone[customer]),
        tone=tone,
        seconds=np.where(np.isin(channel, [CALL, CHAT]), np.exp(rng.normal(5.2, 0.7, count)).astype(np.int64), -1),
    )


def _story_mails(lives: Lives, customer: Ints, day: Ints, outbound: Bools) -> tuple[Bools, Bools]:
    """What was sent to the one whose e-mail changed: before, in the right tone; since, in vain and in the wrong one."""
    own = (customer == STALE_EMAIL) & outbound
    since = day >= int(lives.month_start(np.array(lives.months - EMAIL_MONTHS_AGO)))
    return own & ~since, own & since


def active_days(lives: Lives) -> tuple[Ints, Ints]:
    """First and last day, since 1970, on which each customer was one during the simulated years."""
    first = np.maximum(lives.since, int(lives.start.astype("datetime64[D]").astype(int)) + 1)
    closed = lives.past["status"] == CLOSED
    month = np.where(closed.any(axis=0), closed.argmax(axis=0), lives.months + 1)
    end = int(lives.end.astype("datetime64[D]").astype(int))
    return first, np.minimum(np.maximum(lives.month_start(month) - 1, first), end)


def _when(rng: Rng, lives: Lives) -> tuple[Ints, Ints]:
    first, last = active_days(lives)
    keen = rng.gamma(4.0, 0.25, lives.size)
    number = rng.poisson(lives.params.contacts_a_year * keen * (last - first + 1) / 365.25)
    if lives.params.contacts_a_year:
        number[:STORY_PEOPLE] = np.maximum(number[:STORY_PEOPLE], MIN_STORY_CONTACTS)
        number[STALE_EMAIL] = max(number[STALE_EMAIL], MIN_TONE_CONTACTS)
    customer = spread(number)
    day = first[customer] + (rng.random(len(customer)) * (last - first + 1)[customer]).astype(np.int64)
    order = np.lexsort((customer, day))
    return customer[order], day[order]


def _channels(rng: Rng, lives: Lives, taste: Tastes, customer: Ints, outbound: Bools) -> Ints:
    params, count = lives.params, len(customer)
    wanted = taste.channel[customer]
    inbound = np.where(rng.random(count) < params.own_channel_share, wanted, pick(rng, params.customer_channels, count))
    channel = np.where(outbound, pick(rng, params.company_channels, count), inbound)
    return _capped(rng, params.preferred_cap, customer, channel, wanted)


def _capped(rng: Rng, cap: float, customer: Ints, channel: Ints, wanted: Ints) -> Ints:
    """No customer's preferred channel has more than its cap: what is above happens somewhere else."""
    preferred = np.flatnonzero(channel == wanted)
    preferred = preferred[np.lexsort((rng.random(len(preferred)), customer[preferred]))]
    mine = customer[preferred]
    nth = np.arange(len(mine)) - np.searchsorted(mine, mine)
    allowed = np.floor(cap * np.bincount(customer, minlength=int(mine.max(initial=0)) + 1)).astype(np.int64)
    over = preferred[nth >= allowed[mine]]
    places = np.array(COMPANY_CAN)[rng.integers(0, len(COMPANY_CAN), len(over))]
    beside = np.array(COMPANY_CAN)[(np.searchsorted(COMPANY_CAN, places) + 1) % len(COMPANY_CAN)]
    made = channel.copy()
    made[over] = np.where(places == wanted[over], beside, places)
    return made


def _hours(rng: Rng, lives: Lives, taste: Tastes, customer: Ints, outbound: Bools) -> Ints:
    params, count = lives.params, len(customer)
    spans = np.array([[int(end) for end in name.split("-")] for name in params.taste_dayparts])[taste.daypart[customer]]
    own = spans[:, 0] + (rng.random(count) * (spans[:, 1] - spans[:, 0])).astype(np.int64)
    free = np.where(rng.random(count) < params.own_daypart_share, own, rng.integers(7, 22, count))
    return np.where(outbound, rng.integers(8, 19, count), free)


def _outcomes_out(rng: Rng, channel: Ints, answered: Bools) -> Ints:
    count = len(channel)
    answers = np.full((len(CHANNELS), 3), _AT["completed"])
    for place, names in ANSWERS.items():
        answers[place] = [_AT[name] for name in names]
    draw = rng.random(count)
    refused = np.select(
        [(channel == EMAIL) & (draw < 0.05), draw < 0.2], [_AT["bounced"], _AT["declined"]], _AT["ignored"]
    )
    return np.where(answered, answers[channel, rng.integers(0, 3, count)], refused)


def _outcomes_in(rng: Rng, complaint: Bools) -> Ints:
    draw = rng.random(len(complaint))
    bad = np.where(complaint, 0.5, 0.1)
    return np.select([draw < bad, draw < bad * 1.4], [_AT["unresolved"], _AT["escalated"]], _AT["resolved"])


def _topics(rng: Rng, outbound: Bools, complaint: Bools) -> Words:
    count = len(outbound)
    inbound = np.where(complaint, "complaint", TOPICS_IN[rng.integers(0, len(TOPICS_IN) - 1, count)])
    return np.where(outbound, TOPICS_OUT[rng.integers(0, len(TOPICS_OUT), count)], inbound).astype(object)


def _sentiments(rng: Rng, outbound: Bools, complaint: Bools, tone_fits: Bools) -> Floats:
    """Mood from -1 to 1: complaints are bad, and the wrong tone spoils it; unknown for two contacts in five."""
    mean = np.select([complaint, outbound & tone_fits, outbound], [-0.6, 0.35, -0.2], 0.2)
    mood = np.round(np.clip(mean + rng.normal(0, 0.25, len(mean)), -1, 1), 2)
    return np.where(rng.random(len(mean)) < 0.6, mood, np.nan)
