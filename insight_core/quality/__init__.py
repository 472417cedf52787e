"""Quality: how complete, fresh, accurate and lawful a profile is, what to ask or fix next, and what a fix may say."""

from insight_core.quality.applies import applies
from insight_core.quality.cell import Cell
from insight_core.quality.changes import validate_change
from insight_core.quality.confidence import confidence, confidences
from insight_core.quality.overview import overview
from insight_core.quality.questions import next_question
from insight_core.quality.scores import scores
from insight_core.quality.sets import score_all, score_every
from insight_core.quality.state import State, state_of
from insight_core.quality.worklist import PROBLEMS, worklist

__all__ = [
    "PROBLEMS",
    "Cell",
    "State",
    "applies",
    "confidence",
    "confidences",
    "next_question",
    "overview",
    "score_all",
    "score_every",
    "scores",
    "state_of",
    "validate_change",
    "worklist",
]
