"""Reading: customers, profiles, the base, and views worth keeping; each states a purpose."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from insight_core.compliance.gate import OUTCOMES
from insight_core.pipeline import (
    base_state,
    customers,
    kept,
    live,
    outcomes,
    pages,
    saved_views,
    standing,
    value_history,
)
from insight_core.pipeline.profile import present
from insight_core.records.clock import epoch, utc
from insight_core.records.results import Profile, ValueHistory
from insight_core.workspace.desk import Desk

Histories = dict[str, ValueHistory]


class Reading(Desk):
    """What is known."""

    def recent(self, limit: int = 8, purpose: str = "customer_care") -> list[dict[str, Any]]:
        """The customers that were looked at last, newest first, as far as the purpose may see them."""
        return self._gate.recent(limit, purpose)

    def names(self, customers: Sequence[str], purpose: str = "customer_care") -> dict[str, str]:
        """What the customers are called, as far as the purpose may see it."""
        return self._gate.names(customers, purpose)

    def find(self, text: str, limit: int = 20, purpose: str = "customer_care") -> list[dict[str, Any]]:
        """Customers by any identifier or name that the purpose may see, or `key=value`."""
        return self._gate.find(text, limit, purpose)

    def customers(self, purpose: str, **query: Any) -> dict[str, Any]:
        """A page of customers: see `pipeline.pages.Query` for what they are looked for by, and in which order."""
        found = pages.page(self._store, self._con(), purpose, self.now, pages.Query(**query))
        self._gate.note(purpose, len(found["rows"]))
        return found

    def profile(self, customer: str, purpose: str = "customer_care", as_of: datetime | None = None) -> Profile:
        """One customer for one purpose, now or as of a past moment."""
        if as_of is not None:
            return live.as_of(self._store, self._gate, self._gate.resolve(customer, purpose), purpose, utc(as_of))
        return present(self._gate.open(customer, purpose), purpose, self.now)

    def evidence(self, customer: str, purpose: str = "customer_care", field: str | None = None) -> list[dict[str, Any]]:
        """Every record that spoke of the customer; with `field`, those that say something about it."""
        rows = self._gate.evidence(self._con().con, self._gate.resolve(customer, purpose), purpose)
        return customers.told(rows, field)

    def value_history(self, customer: str, purpose: str = "customer_care", as_of: datetime | None = None) -> Histories:
        """For every field that somebody speaks of: who, why one won, and what the value was, step by step."""
        found = self._gate.resolve(customer, purpose)
        rows = self._gate.evidence(self._con().con, found, purpose)
        fixed = value_history.fixes_of(self._store, [one.record_id for one in self._gate.records(found)])
        return value_history.histories(rows, fixed, epoch(as_of or self.now))

    def timeline(self, customer: str, purpose: str = "customer_care", limit: int = 200) -> list[dict[str, Any]]:
        """Contacts, orders and outcomes of cards, newest first, as far as the purpose may see them."""
        found = self._gate.resolve(customer, purpose)
        events, allowed = self._gate.timeline(self._con().con, found, purpose, limit)
        came = outcomes.of(self._store, found) if OUTCOMES in allowed else []
        return customers.timeline(events, came, limit)

    def overview(self, purpose: str = "analytics") -> dict[str, Any]:
        """The whole base in figures."""
        answer = kept.overview(self._store, purpose, self.now)
        self._gate.note(purpose, answer["customers"])
        return answer

    def trend(self, purpose: str = "analytics", days: int = 365) -> dict[str, Any]:
        """Which way the base moves: past days, today, and 30, 60 and 90 days on if nobody confirms anything."""
        answer = kept.trend(self._store, purpose, self.now, days)
        self._gate.note(purpose, answer["today"]["customers"])
        return answer

    def standing(self, purpose: str = "analytics") -> dict[str, Any]:
        """How the figures of the base are spread, so that one customer can be seen among the others."""
        return standing.standing(self._gate.columns(self._con(), purpose, standing.FIELDS), self.now)

    def allowed(self) -> list[dict[str, Any]]:
        """Per purpose how many customers gave consent, withdrew it, or were never asked."""
        return base_state.allowed(self._store, epoch(self.now))

    def ages(self, purpose: str = "analytics") -> list[dict[str, Any]]:
        """How old the purpose's heaviest fields are: known, median age in days, half_life, stale."""
        dated = base_state.dated(purpose)
        return base_state.ages(self._gate.columns(self._con(), purpose, dated), dated, self.now)

    def views(self) -> list[dict[str, Any]]:
        """The saved views by name: name, view, query, made_at."""
        return saved_views.saved(self._store)

    def save_view(self, name: str, view: str, query: Mapping[str, str]) -> None:
        """Keep a view with its filters under a name."""
        saved_views.save(self._store, name, view, query, epoch(self.now))

    def drop_view(self, name: str) -> None:
        """Forget a saved view."""
        saved_views.drop(self._store, name)
