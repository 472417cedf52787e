"""Compliance: the gate that every reader goes through, and the receipts it leaves."""

from insight_core.compliance.decide import Decision, Verdict, consent_answer, decide
from insight_core.compliance.gate import Gate
from insight_core.compliance.opened import Opened
from insight_core.compliance.tables import answers, explicit
from insight_core.compliance.whole import Head, Record, Whole

__all__ = [
    "Decision",
    "Gate",
    "Head",
    "Opened",
    "Record",
    "Verdict",
    "Whole",
    "answers",
    "consent_answer",
    "decide",
    "explicit",
]
