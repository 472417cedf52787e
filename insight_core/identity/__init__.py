"""Identity: which records are one customer, by strong rules that each give their reason."""

from insight_core.identity.keys import MADE_BY, keys_of
from insight_core.identity.near import resolve_near
from insight_core.identity.resolve import alike, resolve, resolve_all, rules_version, words
from insight_core.identity.rules import RULES, Rule

__all__ = [
    "MADE_BY",
    "RULES",
    "Rule",
    "alike",
    "keys_of",
    "resolve",
    "resolve_all",
    "resolve_near",
    "rules_version",
    "words",
]
