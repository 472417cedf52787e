"""Compliance: the gate that every reader goes through, and the receipts it leaves."""

from insight_core.compliance.decide import Consent, Decision, Verdict, consent_answer, decide
from insight_core.compliance.gate import Gate, Opened

__all__ = ["Consent", "Decision", "Gate", "Opened", "Verdict", "consent_answer", "decide"]
