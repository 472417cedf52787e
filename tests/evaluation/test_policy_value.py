import numpy as np
import pandas as pd
import pytest

from insight_core.errors import BadInput, Refused
from insight_core.recommend.evaluation import MIN_OUTCOMES, policy_value


def logged(count: int, seed: int = 0) -> pd.DataFrame:
    """Choices of one of three channels by known chances; e-mail is answered in half of the cases, others in a fifth."""
    rng = np.random.default_rng(seed)
    chances = {"email": 0.5, "sms": 0.3, "call": 0.2}
    action = rng.choice(list(chances), count, p=list(chances.values()))
    return pd.DataFrame(
        {
            "action": action,
            "propensity": [chances[one] for one in action],
            "reward": (rng.random(count) < np.where(action == "email", 0.5, 0.2)).astype(float),
            "naive": "sms",
        }
    )


def test_too_few_outcomes_are_refused_with_the_reason():
    with pytest.raises(Refused, match=r"200 outcomes .* there are 199"):
        policy_value(logged(MIN_OUTCOMES - 1))


def test_outcomes_without_a_propensity_do_not_count():
    rows = logged(MIN_OUTCOMES)
    rows.loc[0, "propensity"] = None
    with pytest.raises(Refused, match="there are 199"):
        policy_value(rows)


@pytest.mark.parametrize(("policy", "value"), [("naive", 0.2), ("ours", 0.35), ("best_constant", 0.5)])
def test_the_intervals_hold_the_true_values(policy, value):
    inside = 0
    for seed in range(40):
        told = policy_value(logged(600, seed))[policy]
        inside += told["low"] <= value <= told["high"]
    assert inside >= 34


def test_ips_and_the_effective_size_are_told():
    told = policy_value(logged(5000))["naive"]
    assert told["ips"] == pytest.approx(0.2, abs=0.03)
    assert told["effective"] == pytest.approx(5000 * 0.3, rel=0.1)
    assert told["n"] == 5000


def test_a_policy_that_was_never_tried_has_no_value():
    told = policy_value(logged(300).assign(naive="post"))["naive"]
    assert (told["value"], told["effective"]) == (None, 0.0)


@pytest.mark.parametrize("propensity", [0.0, 1.2, -0.1])
def test_a_propensity_that_cannot_be_is_refused(propensity):
    with pytest.raises(BadInput, match="propensity"):
        policy_value(logged(300).assign(propensity=propensity))


def test_a_missing_column_is_named():
    with pytest.raises(BadInput, match="'naive'"):
        policy_value(logged(300).drop(columns="naive"))
