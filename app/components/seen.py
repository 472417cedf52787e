"""Seen: a profile as the page shows it, and the past moment that it is seen from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import insight_core as ic
from app import cached, session, text, words
from insight_core.records.results import Facet

NEWEST = 400


def valid(facet: Facet, name: str) -> Any:
    """A field's value to be told as true: None where it is unknown, withheld, or breaks a rule."""
    one = facet.fields.get(name)
    return None if one is None or one.state == "invalid" else one.value


@dataclass(frozen=True, slots=True)
class Seen:
    """A profile, and the moment that it is seen from (None: now)."""

    profile: ic.Profile
    as_of: datetime | None

    @property
    def now(self) -> datetime:
        """The moment by which ages are told."""
        return self.as_of or session.workspace().now

    def events(self, limit: int = NEWEST) -> list[Mapping[str, Any]]:
        """Contacts, orders and outcomes up to the moment, newest first."""
        found = cached.timeline(self.profile.customer, NEWEST)
        if len(found) == NEWEST < limit:
            found = cached.timeline(self.profile.customer, limit)
        return [one for one in found if self.as_of is None or (text.moment(one["at"]) or self.as_of) <= self.as_of]

    def held_back(self, name: str) -> list[dict[str, str]]:
        """What the purpose may not see of a facet."""
        return [one for one in self.profile.redacted if words.field(one["field"]).facet == name]

    @property
    def shown(self) -> list[str]:
        """The facets of which the purpose may see something."""
        return [name for name in words.FACETS if self.profile.facets[name].fields]

    @property
    def withheld(self) -> list[str]:
        """The facets of which it may see nothing: where it may know the kind, of those that such a customer has."""
        scores = self.profile.scores["facets"]
        hidden = (name for name in words.FACETS if not self.profile.facets[name].fields)
        return [name for name in hidden if scores[name]["completeness"].withheld]
