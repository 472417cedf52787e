"""Life stage: ours beside age alone and beside the best guess from the same facts and the true rates."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight_core.recommend.evaluation.base import Base
from insight_core.recommend.evaluation.figure import Figure, figure
from insight_core.recommend.evaluation.world_truth import WorldTruth

Array = NDArray[Any]
YEAR = 365.25 * 86_400
# Age alone: below the age, the stage.
BY_AGE = ((35, "young_single"), (45, "family_young_children"), (55, "family_older_children"), (65, "established"))
FACTS = ("marital_status", "children_at_home", "children_total", "employment_status")
AGE_BANDS = 20


def life_stage_accuracy(truth: WorldTruth, base: Base) -> Figure:
    """Share of the people whose life stage at the end is told right; each counts once, saying nothing is wrong.

    naive: by age alone (under 35 young single, then family with young and with older children, established, from 65
    retired; established when the age is unknown). ours: the field `stage`. oracle: the likeliest stage given age, the
    same four facts and their age, by how often each followed from them in other lives with the same rates.
    """
    who = truth.once(base, "person")
    told = ["customer_id", "stage", "birth_date", *FACTS, *(f"{name}__at" for name in FACTS)]
    people = base.snapshot[told].merge(who, on="customer_id")
    if people.empty:
        return figure(None, None, None)
    right = people["life_stage"].to_numpy(dtype=object)
    age = _ages(people, truth.now)
    guesses = (people["stage"].to_numpy(dtype=object), _by_age(age), _likeliest(truth, people, age))
    return figure(*(float((guess == right).mean()) for guess in guesses))


def _ages(people: pd.DataFrame, now: int) -> Array:
    born = pd.to_datetime(people["birth_date"], errors="coerce").to_numpy().astype("datetime64[s]")
    seconds = now - born.astype("int64").astype(float)
    return np.where(np.isnat(born), np.nan, seconds / YEAR)


def _by_age(age: Array) -> Array:
    made = np.select([age < limit for limit, _ in BY_AGE], [name for _, name in BY_AGE], "retired").astype(object)
    made[np.isnan(age)] = "established"
    return made


def _likeliest(truth: WorldTruth, people: pd.DataFrame, age: Array) -> Array:
    """Sum the cases that agree with what is known of each person; what is unknown agrees with everything."""
    names = np.array(truth.rates["stage"]["names"], dtype=object)
    counts = _counts(truth, len(names))
    known = _known(people, age)
    years = _years_old(people, truth.now, len(counts))
    keys, place = np.unique(np.column_stack([known, years]), axis=0, return_inverse=True)
    best = np.array([int(_sum(counts, key).argmax()) for key in keys])
    return names[best[place.ravel()]]


def _counts(truth: WorldTruth, stages: int) -> Array:
    """Counts by years, age band, coupled, home, total, retired, stage."""
    counts = np.zeros((truth.rates["params"]["years"], AGE_BANDS, 2, 2, 2, 2, stages))
    for case in truth.rates["stage"]["cases"]:
        place = tuple(case[name] for name in ("years", "age_band", "coupled", "home", "total", "retired", "stage"))
        counts[place] += case["count"]
    return counts


def _known(people: pd.DataFrame, age: Array) -> Array:
    """Age band and the four facts as 0 or 1, -1 where unknown."""
    coupled = _flag(people["marital_status"], lambda one: one.isin(["married", "partnered"]))
    home = _flag(people["children_at_home"], lambda one: one > 0)
    total = _flag(people["children_total"], lambda one: one > 0)
    retired = _flag(people["employment_status"], lambda one: one == "retired")
    band = np.where(np.isnan(age), -1, np.clip(np.nan_to_num(age) // 5, 0, AGE_BANDS - 1)).astype(int)
    # Children at home are children: a total that says otherwise is the older or the wrong one.
    total = np.where(home == 1, np.where(total == 0, -1, total), total)
    return np.column_stack([band, coupled, home, total, retired])


def _flag(values: pd.Series, rule: Any) -> Array:
    return np.where(values.isna(), -1, rule(values).fillna(False).astype(int)).astype(int)


def _years_old(people: pd.DataFrame, now: int, limit: int) -> Array:
    """The mean age in whole years of the facts that are known."""
    clocks = [people[f"{name}__at"].astype("float64").where(people[name].notna()) for name in FACTS]
    mean = pd.concat(clocks, axis=1).mean(axis=1)
    return np.clip(((now - mean) / YEAR).fillna(0).to_numpy(), 0, limit - 1).astype(int)


def _sum(counts: Array, key: Array) -> Array:
    """The counts of all stages where everything known agrees, with cases of other years and ages behind them."""
    *facts, years = key.tolist()
    band, rest = facts[0], tuple(slice(None) if one < 0 else slice(one, one + 1) for one in facts[1:])
    ages = slice(None) if band < 0 else slice(band, band + 1)
    near = counts[(slice(years, years + 1), ages, *rest)].sum(axis=(0, 1, 2, 3, 4, 5))
    any_year = counts[(slice(None), ages, *rest)].sum(axis=(0, 1, 2, 3, 4, 5))
    any_age = counts[(slice(None), slice(None), *rest)].sum(axis=(0, 1, 2, 3, 4, 5))
    return near + 0.1 * any_year + 0.0001 * any_age
