"""Identity: which records are one customer, by strong rules that each give their reason."""

from insight_core.identity.resolve import alike, resolve
from insight_core.identity.rules import RULES, Rule

__all__ = ["RULES", "Rule", "alike", "resolve"]
