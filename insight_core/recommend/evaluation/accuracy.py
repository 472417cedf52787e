"""Accuracy: every figure of the workbench against a world's truth."""

from pathlib import Path

from insight_core.recommend.evaluation.base import Base
from insight_core.recommend.evaluation.channel import preferred_channel_top1
from insight_core.recommend.evaluation.direction import business_direction_accuracy
from insight_core.recommend.evaluation.figure import Figure
from insight_core.recommend.evaluation.household import household_f1
from insight_core.recommend.evaluation.identity import identity_f1
from insight_core.recommend.evaluation.stage import life_stage_accuracy
from insight_core.recommend.evaluation.staleness import calibration_error, known_cells, staleness_f1
from insight_core.recommend.evaluation.world_truth import read_truth


def accuracy(truth: Path, base: Base) -> dict[str, Figure]:
    """Seven figures, each {ours, naive, oracle}; None where there was nothing to judge; raises BadInput.

    Each is defined where it is computed. Higher is better, but for `calibration_error`.
    """
    world = read_truth(truth)
    cells = known_cells(world, base)
    return {
        "life_stage_accuracy": life_stage_accuracy(world, base),
        "staleness_f1": staleness_f1(cells),
        "preferred_channel_top1": preferred_channel_top1(world, base),
        "household_f1": household_f1(world, base),
        "identity_f1": identity_f1(world, base),
        "business_direction_accuracy": business_direction_accuracy(world, base),
        "calibration_error": calibration_error(cells),
    }
