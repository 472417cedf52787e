"""Ruling: the verdicts on every field, the same for everybody who has said the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from insight_core.catalogue import Purpose, fields, purpose
from insight_core.compliance.decide import Decision, Verdict, consent_answer, decide
from insight_core.records.consent import Consent, word_given

_ANOTHER = "another customer, who was one with this one then, does not allow it"


@dataclass(frozen=True, slots=True)
class Ruling:
    """By field, why a purpose may not see it; `served` and `withheld` are the fields' names as a receipt has them."""

    held_back: Mapping[str, str]
    served: str
    withheld: str


def ruling(aim: Purpose, consents: Iterable[Consent], now: int) -> Ruling:
    """The verdicts on all fields of a customer who has said this, at an instant in epoch seconds."""
    said = tuple(consents)
    return _ruling(aim.name, consent_answer(aim, said, now), bool(word_given(aim, said, now)))


def ruling_over(mine: Ruling, others: Sequence[Ruling]) -> Ruling:
    """Mine without what one of the others holds back; of them the reason tells nothing, theirs is their own affair."""
    if not others:
        return mine
    held_back = dict.fromkeys((name for one in others for name in one.held_back), _ANOTHER) | dict(mine.held_back)
    served = (name for name in mine.served.split(",") if name not in held_back)
    return Ruling(MappingProxyType(dict(sorted(held_back.items()))), ",".join(served), ",".join(sorted(held_back)))


@lru_cache(maxsize=256)
def _ruling(why: str, answer: Decision, explicit: bool) -> Ruling:
    decisions = {one.name: decide(one, purpose(why), answer, explicit) for one in fields()}
    held_back = {name: one.reason for name, one in sorted(decisions.items()) if one.verdict is not Verdict.ALLOWED}
    served = ",".join(name for name in decisions if name not in held_back)
    return Ruling(MappingProxyType(held_back), served, ",".join(held_back))
