"""Opened: what the gate lets out of one customer, or of all of them, and what it holds back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ibis import Table

from insight_core.catalogue import FACETS
from insight_core.compliance.decide import Consent, Decision, Verdict
from insight_core.store.tables import Customer


@dataclass(frozen=True, slots=True)
class Opened:
    """One customer as the purpose may see it.

    `facets` holds per facet the stored row without the withheld fields; `redacted` says what was
    withheld and why. `unfiltered` is there for the scores, which count what is withheld without
    showing it; it is never served.
    """

    customer: Customer
    facets: dict[str, dict[str, Any]]
    unfiltered: dict[str, dict[str, Any]]
    redacted: list[dict[str, str]]
    decisions: dict[str, Decision]
    consents: list[Consent]
    receipt: str


@dataclass(frozen=True, slots=True)
class OpenedBase:
    """All customers that the purpose may see, as one table; `withheld` counts the others by reason."""

    table: Table
    withheld: dict[str, int]
    receipt: str


def held(decision: Decision) -> bool:
    """Whether it is not let out: refused, or to be asked about first."""
    return decision.verdict is not Verdict.ALLOWED


def hides(judged: Mapping[str, Decision], name: str) -> bool:
    """Whether the field is withheld; what somebody is called is made of two."""
    parts = ("family_name", "organisation_name") if name == "name" else (name,)
    return all(held(judged[part]) for part in parts)


def opened(
    customer: Customer,
    values: dict[str, dict[str, Any]],
    consents: list[Consent],
    decisions: dict[str, Decision],
    receipt: str,
) -> Opened:
    """One customer without what the decisions hold back."""
    refused = {name: one for name, one in decisions.items() if held(one)}
    facets = {facet: {name: value for name, value in values[facet].items() if name not in refused} for facet in FACETS}
    redacted = [{"field": name, "reason": one.reason} for name, one in sorted(refused.items())]
    return Opened(customer, facets, values, redacted, decisions, consents, receipt)
