"""Consents given or withdrawn here: events that are only ever added."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from insight_core.catalogue import PURPOSES
from insight_core.catalogue import purpose as known_purpose
from insight_core.errors import NotFound, Refused
from insight_core.records.clock import iso
from insight_core.records.consent import Consent
from insight_core.records.datasets import CHOICES
from insight_core.store import Store
from insight_core.store.tables import ConsentEvent, Link

STATES = ("given", "withdrawn")
HERE = "recorded here"
EVERY = "*"
CHANNELS = CHOICES["consents", "channel"]


def record(
    store: Store, records: Sequence[str], purpose: str, channel: str, state: str, now: int, wording: str
) -> None:
    """Add the event for every record that the customer has; raises NotFound for a word that is not known."""
    known_purpose(purpose)
    if state not in STATES:
        raise NotFound("consent state", state, STATES)
    if channel not in CHANNELS:
        raise NotFound("channel", channel, CHANNELS)
    event = ConsentEvent(
        anchors=sorted(records), purpose=purpose, channel=channel, status=state, decided_at=now, wording=wording
    )
    with store.write() as session:
        session.add(event)


def check_no(name: str, channel: str, state: str, said: Sequence[Consent]) -> None:
    """Raise Refused for a no that nobody would heed: to a purpose that needs no yes, from whom gave none.

    A yes to such a purpose is there for special categories, and can be taken back; and to one channel anybody may say
    no, which cards heed.
    """
    aim = known_purpose(name)
    given = any(one.purpose == name and one.state == "given" for one in said)
    if aim.heeds_no or state != "withdrawn" or channel != EVERY or given:
        return
    objects, withdraws = ([one.name for one in PURPOSES.values() if one.ground == ground]
                          for ground in ("legitimate_interest", "consent"))  # fmt: skip
    raise Refused(
        f"{name} rests on {aim.ground}: this customer gave no consent to it that could be withdrawn, and what the "
        f"{aim.ground} needs is used while it runs. Name one channel that is not to be used; or record an objection to "
        f"{', '.join(objects)}, or the withdrawal of {', '.join(withdraws)}."
    )


def told(consents: Sequence[Consent], now: int, words: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The consents as rows for people and programs, each with who brought it and what was said.

    `words` is every word that the records brought, as `spoken` gives them.
    """
    return [
        {
            "purpose": one.purpose,
            "channel": one.channel,
            "state": _stands(one, now),
            "since": iso(one.since),
            "expires_at": iso(one.expires_at),
            **_brought(one, words),
        }
        for one in consents
    ]


def _stands(one: Consent, now: int) -> str:
    """As it is kept, but `ahead` for a yes that counts from a later instant and `expired` for one that is over."""
    if one.ahead(now):
        return "ahead"
    return one.state if one.state == "withdrawn" or one.given(now) else "expired"


def spoken(loaded: Sequence[Mapping[str, Any]], here: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Words that came in files, then those recorded here, which count from when they were recorded or later."""
    return [dict(one) for one in loaded] + [{**one, "at": None, "source": HERE} for one in here]


def _brought(one: Consent, words: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    """Source and evidence of the word that counts; a word on every channel may stand for one of a single channel."""
    for channel in (one.channel, EVERY):
        for said in words:
            same = (said["purpose"], said["channel"], said["state"]) == (one.purpose, channel, one.state)
            if same and said["at"] in (None, one.since):
                return {"source": said["source"], "evidence": said["evidence"]}
    return {"source": None, "evidence": None}


def events(
    store: Store, customer: str | None, limit: int | None, since: int | None = None, until: int | None = None
) -> list[dict[str, Any]]:
    """Consents given and withdrawn here with their evidence, the last recorded first.

    `since` and `until` are epoch seconds. `customer` is None in a row whose records are all gone.
    """
    query = select(ConsentEvent).order_by(col(ConsentEvent.id).desc())
    query = query if since is None else query.where(ConsentEvent.decided_at >= since)
    query = query if until is None else query.where(ConsentEvent.decided_at < until)
    with store.read() as session:
        found = session.exec(query if customer else query.limit(limit)).all()
        rows = [_event(session, one) for one in found]
    return [one for one in rows if customer in (None, one["customer"])][:limit]


def _event(session: Session, one: ConsentEvent) -> dict[str, Any]:
    query = select(Link.customer_id).where(col(Link.record_id).in_(one.anchors)).order_by(col(Link.record_id)).limit(1)
    return {
        "event": one.id,
        "customer": session.exec(query).first(),
        "purpose": one.purpose,
        "channel": one.channel,
        "state": one.status,
        "at": one.decided_at,
        "evidence": one.wording,
    }
