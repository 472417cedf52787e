"""Decide: may this field of this customer be used for this purpose? Three answers, each with its reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from insight_core.catalogue import Field, Purpose
from insight_core.records.clock import iso
from insight_core.records.consent import Consent, lets_in, word_given


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


def consent_answer(purpose: Purpose, consents: Iterable[Consent], now: int) -> Decision:
    """What the customer's own word means for the purpose, before any field is looked at.

    A withdrawal counts at once, also on a clock that was turned back; a consent does from its own instant,
    and until then it refuses: of each channel only the newest word is kept, and the one before may be a withdrawal.
    """
    said = [one for one in consents if one.purpose == purpose.name]
    given = word_given(purpose, said, now)
    let_in = lets_in(purpose, given)
    if let_in is None:
        return Decision(Verdict.UNKNOWN, f"the customer was never asked about {purpose.name}: ask first")
    return Decision(Verdict.ALLOWED, _why(purpose, given)) if let_in else _refused(purpose, said, now)


def _why(purpose: Purpose, given: bool | None) -> str:
    if not purpose.heeds_no:
        return "needed for the contract"
    return f"consent for {purpose.name} given" if given else "legitimate interest, no objection known"


def _refused(purpose: Purpose, said: Sequence[Consent], now: int) -> Decision:
    if all(one.ahead(now) for one in said):
        first = (iso(min(one.since for one in said)) or "")[:10]
        return Decision(Verdict.REFUSED, f"the consent for {purpose.name} counts from {first} only")
    heard = [one for one in said if not one.ahead(now)]
    since = max(one.expires_at if one.state == "given" and one.expires_at else one.since for one in heard)
    word = "objection to" if purpose.ground == "legitimate_interest" else "no consent for"
    return Decision(Verdict.REFUSED, f"{word} {purpose.name} since {(iso(since) or '')[:10]}")


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
