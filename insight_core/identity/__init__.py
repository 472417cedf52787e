"""Identity: which records are one customer, by strong rules that each give their reason."""

from insight_core.identity.near import resolve_near
from insight_core.identity.resolve import alike, resolve, rules_version
from insight_core.identity.rules import RULES, Rule

__all__ = ["RULES", "Rule", "alike", "resolve", "resolve_near", "rules_version"]
