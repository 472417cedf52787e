"""Work, month by month: first jobs, new jobs, lost jobs, other pay, retirement; and cars."""

import numpy as np

from insight_core.demo.chance import Bools
from insight_core.demo.family import Month
from insight_core.demo.people import EMPLOYED, HOMEMAKER, RETIRED, SELF_EMPLOYED, STUDENT, UNEMPLOYED
from insight_core.demo.pools import COMMUTES, OCCUPATIONS


def work_a_month(month: Month) -> None:
    """Everything that changes work this month."""
    params, people = month.params, month.people
    graduates = month.happens(params.graduate_rate, people.employment == STUDENT)
    hired = month.happens(params.rehire_rate, people.employment == UNEMPLOYED)
    changed = month.happens(params.new_job_rate, people.employment == EMPLOYED)
    lost = month.happens(params.job_loss_rate, people.employment == EMPLOYED)
    _start_job(month, graduates | hired | changed, raised=graduates)
    people.employment[lost] = UNEMPLOYED
    _retire(month)
    _other_pay(month)
    cars = month.happens(params.car_rate, np.ones(people.size, dtype=bool))
    people.cars[cars] = (people.cars[cars] + month.rng.integers(1, 4, int(cars.sum()))) % 4


def _start_job(month: Month, who: Bools, raised: Bools) -> None:
    people, rng, count = month.people, month.rng, int(who.sum())
    people.employment[who] = EMPLOYED
    people.employer[who] = rng.integers(0, 1 << 30, count)
    other = np.flatnonzero(who)[rng.random(count) < 0.5]
    people.occupation[other] = rng.integers(0, len(OCCUPATIONS), len(other))
    people.commute[who] = rng.integers(0, len(COMMUTES), count)
    people.income[who] = np.round(people.income[who] * rng.uniform(1.0, 1.25, count) / 500).astype(np.int32) * 500
    people.income[raised] *= 2


def _retire(month: Month) -> None:
    people, limit = month.people, month.params.retirement_age
    working = np.isin(people.employment, [EMPLOYED, SELF_EMPLOYED, UNEMPLOYED, HOMEMAKER])
    due = working & (month.age >= limit)
    retired = month.happens(0.6, due) | (due & (month.age >= limit + 2))
    people.employment[retired] = RETIRED
    people.income[retired] = people.income[retired] * 6 // 10 // 500 * 500


def _other_pay(month: Month) -> None:
    people, rng = month.people, month.rng
    working = np.isin(people.employment, [EMPLOYED, SELF_EMPLOYED])
    raised = month.happens(month.params.raise_rate, working)
    steps = rng.choice([-2, 1, 2, 3, 4], int(raised.sum()))
    people.income[raised] = np.maximum(people.income[raised] + steps * 500, 6000)
