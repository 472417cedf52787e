"""Purposes: why somebody reads a profile, and on what lawful ground."""

from dataclasses import dataclass
from typing import Literal

from insight_core.errors import NotFound

Ground = Literal["contract", "legitimate_interest", "consent"]


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose with its lawful ground (GDPR article 6(1)) and its Data Privacy Vocabulary term.

    With the ground `consent` a customer who has said nothing is *unknown*: ask first.
    With `legitimate_interest` only an objection (a withdrawal) refuses.
    """

    name: str
    ground: Ground
    dpv: str
    meaning: str

    @property
    def heeds_no(self) -> bool:
        """Whether a customer's no keeps the purpose out; the contract rests on no consent that could be taken back."""
        return self.ground != "contract"


PURPOSES: dict[str, Purpose] = {
    one.name: one
    for one in (
        Purpose("service_delivery", "contract", "dpv:ServiceProvision", "deliver what the customer ordered"),
        Purpose("customer_care", "contract", "dpv:CustomerCare", "answer and help the customer"),
        Purpose("analytics", "legitimate_interest", "dpv:ServiceUsageAnalytics", "understand the customer base"),
        Purpose("marketing", "consent", "dpv:Marketing", "recommend and offer"),
        Purpose("third_party_sharing", "consent", "dpv:DataSharing", "hand data to another company"),
        Purpose("research", "consent", "dpv:ResearchAndDevelopment", "study beyond our own service"),
    )
}

# what is stated where nobody chooses another, and what a steward looks for
CARE = "customer_care"


def purpose(name: str) -> Purpose:
    """The purpose of that name; raises NotFound with the nearest one."""
    try:
        return PURPOSES[name]
    except KeyError:
        raise NotFound("purpose", name, PURPOSES) from None
