"""Recommend: interaction cards, the rates they are learnt from, and what came of them."""

from insight_core.recommend.alone import Alone, snapshot_columns
from insight_core.recommend.answered import ANSWERED, RESULTS
from insight_core.recommend.cards import learn, learn_shares, make_cards, to_cards, total
from insight_core.recommend.inputs import CardInputs
from insight_core.recommend.outcomes import CARD_COLUMNS, Checked, check_outcomes
from insight_core.recommend.parameters import Parameters, model_version

__all__ = [
    "ANSWERED",
    "CARD_COLUMNS",
    "RESULTS",
    "Alone",
    "CardInputs",
    "Checked",
    "Parameters",
    "check_outcomes",
    "learn",
    "learn_shares",
    "make_cards",
    "model_version",
    "snapshot_columns",
    "to_cards",
    "total",
]
