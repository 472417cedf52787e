"""Evaluation: how near the workbench comes to a world's truth, and what a policy is worth."""

from insight_core.recommend.evaluation.accuracy import accuracy
from insight_core.recommend.evaluation.base import Base
from insight_core.recommend.evaluation.policy_value import MIN_OUTCOMES, policy_value

__all__ = ["MIN_OUTCOMES", "Base", "accuracy", "policy_value"]
