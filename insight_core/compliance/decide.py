"""Decide: may this field of this customer be used for this purpose? Three answers, each with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from insight_core.catalogue import Field, Purpose
from insight_core.records.clock import iso


class Verdict(StrEnum):
    """The three answers; unknown means: ask the customer first."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and why."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Consent:
    """One row of a customer's consent state; `channel` is '*' for any, `since` and `expires_at` are epoch seconds."""

    purpose: str
    channel: str
    state: str
    since: int
    expires_at: int | None = None

    def given(self, now: int) -> bool:
        """Whether it stands at that instant; an expired consent is a withdrawn one."""
        return self.state == "given" and self.since <= now and (self.expires_at is None or now < self.expires_at)

    def ahead(self, now: int) -> bool:
        """Whether it was given after that instant: then nobody knows here what it replaces, and it counts as a no."""
        return self.state == "given" and self.since > now


def consent_answer(purpose: Purpose, consents: Iterable[Consent], now: int) -> Decision:
    """What the customer's own word means for the purpose, before any field is looked at.

    Consent (GDPR 6(1)(a)): given on any channel allows, withdrawn refuses, silence is unknown.
    Legitimate interest (6(1)(f)): only an objection refuses. Contract (6(1)(b)): no word is needed.
    A withdrawal counts at once, also on a clock that was turned back; a consent does from its own instant,
    and until then it refuses: of each channel only the newest word is kept, and the one before may be a withdrawal.
    """
    said = [one for one in consents if one.purpose == purpose.name]
    if purpose.ground == "contract":
        return Decision(Verdict.ALLOWED, "needed for the contract")
    if any(one.given(now) for one in said):
        return Decision(Verdict.ALLOWED, f"consent for {purpose.name} given")
    if said and all(one.ahead(now) for one in said):
        first = (iso(min(one.since for one in said)) or "")[:10]
        return Decision(Verdict.REFUSED, f"the consent for {purpose.name} counts from {first} only")
    if said:
        heard = [one for one in said if not one.ahead(now)]
        since = max(one.expires_at if one.state == "given" and one.expires_at else one.since for one in heard)
        word = "objection to" if purpose.ground == "legitimate_interest" else "no consent for"
        return Decision(Verdict.REFUSED, f"{word} {purpose.name} since {(iso(since) or '')[:10]}")
    if purpose.ground == "legitimate_interest":
        return Decision(Verdict.ALLOWED, "legitimate interest, no objection known")
    return Decision(Verdict.UNKNOWN, f"the customer was never asked about {purpose.name}: ask first")


def decide(field: Field, purpose: Purpose, answer: Decision, explicit: bool) -> Decision:
    """The verdict on one field; `explicit` says whether consent for this very purpose stands.

    Special categories (GDPR 9) need that explicit consent whatever the ground.
    """
    if purpose.name not in field.weights:
        return Decision(Verdict.REFUSED, f"{field.name} is not used for {purpose.name}")
    if answer.verdict is not Verdict.ALLOWED:
        return answer
    if field.category == "special" and not explicit:
        return Decision(Verdict.UNKNOWN, f"{field.name} is of a special category: ask for explicit consent first")
    return answer
