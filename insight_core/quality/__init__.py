"""Quality: how complete, fresh, accurate and lawful a profile is, what to ask or fix next, and what a fix may say."""

from insight_core.quality import shares, told, wide
from insight_core.quality.applies import applies
from insight_core.quality.bounced import bounced_day
from insight_core.quality.cell import UNKNOWN, Cell
from insight_core.quality.changes import validate_change
from insight_core.quality.clock import clock_at, clock_row
from insight_core.quality.confidence import confidence, confidences
from insight_core.quality.counted import Counted, counted
from insight_core.quality.long import READ
from insight_core.quality.questions import next_question
from insight_core.quality.scores import SCORES, scores
from insight_core.quality.sets import score_all, score_every
from insight_core.quality.state import NOTHING_KNOWN, State, States, state_of, states_of, unknown
from insight_core.quality.tenure import SINCE, TENURE, with_tenure, with_tenure_expr
from insight_core.quality.validity import utc_date
from insight_core.quality.wide import LATER
from insight_core.quality.worklist import PROBLEMS, Problem, wanted_problems

__all__ = [
    "LATER",
    "NOTHING_KNOWN",
    "PROBLEMS",
    "READ",
    "SCORES",
    "SINCE",
    "TENURE",
    "UNKNOWN",
    "Cell",
    "Counted",
    "Problem",
    "State",
    "States",
    "applies",
    "bounced_day",
    "clock_at",
    "clock_row",
    "confidence",
    "confidences",
    "counted",
    "next_question",
    "score_all",
    "score_every",
    "scores",
    "shares",
    "state_of",
    "states_of",
    "told",
    "unknown",
    "utc_date",
    "validate_change",
    "wanted_problems",
    "wide",
    "with_tenure",
    "with_tenure_expr",
]
