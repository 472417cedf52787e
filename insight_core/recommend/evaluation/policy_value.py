"""What a policy is worth, estimated from outcomes of choices that were made with known chances.

Horvitz and Thompson, "A Generalization of Sampling Without Replacement from a Finite Universe", 1952 (IPS);
Swaminathan and Joachims, "The Self-Normalized Estimator for Counterfactual Learning", 2015 (SNIPS).
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight_core.errors import BadInput, Refused

Array = NDArray[Any]
MIN_OUTCOMES = 200
COLUMNS = ("action", "propensity", "reward", "naive")
# The two-sided 95 % point of the normal distribution.
Z = 1.96


def policy_value(logged: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The mean reward of three policies with 95 % intervals; raises Refused below 200 outcomes, and BadInput.

    logged: one row per outcome, in the order of decisions: `action` taken, its `propensity` (0 to 1], `reward`, and
    `naive`, the action that the simple rule would have taken.

    ours: the policy that made the choices, by its mean reward. naive: the simple rule. best_constant: the one action
    that looks best on one half, valued on the other half, both ways round, so that luck does not choose. Each gives
    value (SNIPS), low, high, ips, effective (the effective sample size) and n.
    """
    missing = [name for name in COLUMNS if name not in logged.columns]
    if missing:
        raise BadInput(f"Outcomes lack the column {missing[0]!r}; they need {', '.join(COLUMNS)}.")
    rows = logged.dropna(subset=list(COLUMNS))
    if len(rows) < MIN_OUTCOMES:
        raise Refused(
            f"A policy value needs at least {MIN_OUTCOMES} outcomes with their propensity; there are {len(rows)}: "
            "with fewer the interval is too wide to choose by."
        )
    action, chance, reward = (rows[name].to_numpy() for name in ("action", "propensity", "reward"))
    chance, reward = chance.astype(float), reward.astype(float)
    if ((chance <= 0) | (chance > 1)).any():
        raise BadInput("A propensity must lie above 0 and not above 1.")
    naive = (rows["naive"].to_numpy() == action) / chance
    return {
        "naive": estimate(naive, reward),
        "ours": estimate(np.ones(len(rows)), reward),
        "best_constant": estimate(_best_constant(action, chance, reward), reward),
    }


def estimate(weight: Array, reward: Array) -> dict[str, Any]:
    """SNIPS with its interval (the delta method), IPS, and the effective sample size; None without any weight."""
    n, total = len(weight), float(weight.sum())
    if total == 0:
        return {"value": None, "low": None, "high": None, "ips": 0.0, "effective": 0.0, "n": n}
    value = float((weight * reward).sum() / total)
    error = float(np.sqrt((weight**2 * (reward - value) ** 2).sum()) / total)
    return {
        "value": round(value, 6),
        "low": round(value - Z * error, 6),
        "high": round(value + Z * error, 6),
        "ips": round(float((weight * reward).mean()), 6),
        "effective": round(total**2 / float((weight**2).sum()), 1),
        "n": n,
    }


def _best_constant(action: Array, chance: Array, reward: Array) -> Array:
    """Weights of the action chosen on the other half of the rows."""
    half, weight = np.arange(len(action)) % 2, np.zeros(len(action))
    for side in (0, 1):
        learn, judge = half == side, half != side
        best = max(
            sorted(set(action[learn])), key=lambda one: _worth(action[learn] == one, chance[learn], reward[learn])
        )
        weight[judge] = (action[judge] == best) / chance[judge]
    return weight


def _worth(taken: Array, chance: Array, reward: Array) -> float:
    return float((taken * reward / chance).sum() / (taken / chance).sum())
