"""Compliance: the gate that every reader goes through, and the receipts it leaves."""

from insight_core.compliance.decide import Consent, Decision, Verdict, consent_answer, decide
from insight_core.compliance.gate import Gate
from insight_core.compliance.opened import Opened
from insight_core.compliance.tables import answers, explicit, let_out

__all__ = [
    "Consent",
    "Decision",
    "Gate",
    "Opened",
    "Verdict",
    "answers",
    "consent_answer",
    "decide",
    "explicit",
    "let_out",
]
