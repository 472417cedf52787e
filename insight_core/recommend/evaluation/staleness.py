"""Staleness and calibration: known values that do not hold, and whether confidence means what it says."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight_core.catalogue import asserted
from insight_core.recommend.evaluation.base import Base
from insight_core.recommend.evaluation.figure import Figure, figure
from insight_core.recommend.evaluation.pairs import f1, most_f1
from insight_core.recommend.evaluation.plain import plain_truth, plain_values
from insight_core.recommend.evaluation.world_truth import WorldTruth

# The state of a value that the workbench vouches for: in any other one half of such values no longer hold.
TRUSTED = "fresh"
YEAR = 365 * 86_400
BINS = 10

Array = NDArray[Any]


class Cells(NamedTuple):
    """Known cells that the truth can judge: false, doubted by us, confidence, age in seconds, chance of false."""

    false: Array
    doubted: Array
    confidence: Array
    age: Array
    chance: Array


def known_cells(truth: WorldTruth, base: Base) -> Cells:
    """Every known cell of the snapshot that the truth can judge."""
    who = truth.customers(base)[["customer_id", "entity_id"]]
    snapshot = base.snapshot.merge(who, on="customer_id")
    judged = truth.values["field"].unique().tolist()
    names = [one.name for one in asserted() if one.name in snapshot.columns and one.name in judged]
    parts = [_of_field(truth, base, snapshot, name) for name in names]
    cells = pd.concat(parts, ignore_index=True)
    return Cells(*(cells[name].to_numpy() for name in Cells._fields))


def staleness_f1(cells: Cells) -> Figure:
    """F1 of finding the known values that are not true today, over all known cells of the snapshot.

    naive: doubt whatever was seen over 365 days ago. ours: the state is not fresh.
    oracle: doubt where the chance of being false, 1 - (1 - wrong rate of source and field) x (1 - chance that the
    field changed in that time), is above the threshold with the highest expected F1.
    """
    naive = cells.age > YEAR
    return figure(*(_f1(said, cells.false) for said in (cells.doubted, naive, most_f1(cells.chance))))


def calibration_error(cells: Cells) -> Figure:
    """Expected calibration error over known cells: the mean gap, over ten equal bins, of confidence and share of truth.

    naive: every value is held for certain. ours: the confidence that the workbench states. oracle: one minus the
    chance of being false by the true rates. Naeini and others, "Obtaining Well Calibrated Probabilities Using
    Bayesian Binning", 2015.
    """
    certain = np.ones(len(cells.false))
    return figure(*(_gap(said, cells.false) for said in (cells.confidence, certain, 1 - cells.chance)))


def _of_field(truth: WorldTruth, base: Base, snapshot: pd.DataFrame, name: str) -> pd.DataFrame:
    right = truth.values[truth.values["field"] == name]
    right = right.assign(true=plain_truth(name, right["value"]))[["entity_id", "true"]]
    said = base.states[base.states["field"] == name][["customer_id", "state", "confidence"]]
    columns = snapshot[["entity_id", "customer_id", name, f"{name}__at", f"{name}__source"]]
    known = columns[columns[name].notna()].merge(right, on="entity_id").merge(said, on="customer_id", how="left")
    age = (truth.now - known[f"{name}__at"].astype("float64")).fillna(0).clip(lower=0).to_numpy()
    return pd.DataFrame(
        {
            "false": plain_values(name, known[name]) != known["true"].to_numpy(dtype=object),
            "doubted": (known["state"] != TRUSTED).to_numpy(),
            "confidence": known["confidence"].astype("float64").fillna(1.0).to_numpy(),
            "age": age,
            "chance": chance_of_false(truth.rates, name, known[f"{name}__source"], age),
        }
    )


def chance_of_false(rates: dict[str, Any], name: str, sources: pd.Series, age: Array) -> Array:
    """The chance that a value is not true today, by its field, source and age in seconds."""
    curve = rates["changed_after_half_years"].get(name, [0.0])
    changed = np.interp(age / (YEAR / 2), np.arange(len(curve)), curve)
    known = {source: by_field.get(name, 0.0) for source, by_field in rates["wrong"].items()}
    wrong = sources.map(known).astype("float64").fillna(0.0).to_numpy()
    return 1 - (1 - wrong) * (1 - changed)


def _f1(said: Array, false: Array) -> float | None:
    return f1(float((said & false).sum()), float(said.sum()), float(false.sum()))


def _gap(confidence: Array, false: Array) -> float | None:
    if not len(false):
        return None
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    size = np.bincount(place, minlength=BINS)
    surplus = np.bincount(place, weights=confidence - ~false, minlength=BINS)
    return float(np.abs(surplus).sum() / size.sum())
