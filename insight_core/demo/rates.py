"""The true rates: what somebody would know who had written the world but had not seen its draws.

Rates that follow from the parameters are written as they are. Rates that only living shows (how
often a value is another one after two years) are counted in other lives, made with the same
parameters and a seed of their own.
"""

from dataclasses import asdict
from typing import Any

import numpy as np

from insight_core.demo.contacts import CHANNELS
from insight_core.demo.defects import FIELDS
from insight_core.demo.lives import Lives, live
from insight_core.demo.params import Params
from insight_core.demo.people import MARRIED, PARTNERED, RETIRED
from insight_core.demo.stages import STAGES
from insight_core.demo.values import Track, tracks
from insight_core.recommend.evaluation.pairs import pairs_within

OTHER_SEED = 20_260_630
OTHER_CUSTOMERS = 5000
HALF_YEAR = 6
AGE_BAND = 5


def true_rates(params: Params) -> dict[str, Any]:
    """Everything that a rule may know, ready for JSON."""
    lives = live(OTHER_SEED, OTHER_CUSTOMERS, params)
    return {
        "end": params.end,
        "params": asdict(params),
        "changed_after_half_years": {name: _changed(lives, one) for name, one in tracks(lives).items()},
        "wrong": _by_field(params, "wrong"),
        "missing": _by_field(params, "missing"),
        "channels": _emissions(params),
        "direction": _directions(params),
        "stage": {"names": list(STAGES), "cases": _stage_cases(lives)},
        "household": _household_cases(lives),
    }


def _changed(lives: Lives, track: Track) -> list[float]:
    """Chances that a value is another one after 0, 1, 2 ... half years."""
    if track.codes.ndim == 1:
        return [0.0] * (lives.months // HALF_YEAR + 1)
    return [
        round(float((track.codes[-1] != track.codes[lives.months - lag]).mean()), 5)
        for lag in range(0, lives.months + 1, HALF_YEAR)
    ]


def _by_field(params: Params, what: str) -> dict[str, dict[str, float]]:
    base, factors = getattr(params, what), getattr(params, f"{what}_by_field")
    return {
        source: {name: round(min(base[source] * factors.get(name, 1.0), 1.0), 6) for name in names}
        for source, names in FIELDS.items()
    }


def _emissions(params: Params) -> dict[str, Any]:
    """Chances of a contact's channel, and of an answer, given the channel that the customer prefers."""
    company, customer = _normal(params.company_channels), _normal(params.customer_channels)
    own = params.own_channel_share
    inbound = {liked: {one: own * (one == liked) + (1 - own) * customer[one] for one in CHANNELS} for liked in CHANNELS}
    answered = {
        liked: {one: params.answer_preferred if one == liked else params.answer_other for one in CHANNELS}
        for liked in CHANNELS
    }
    return {"prior": _normal(params.taste_channels), "inbound": inbound, "outbound": company, "answered": answered}


def _directions(params: Params) -> dict[str, Any]:
    return {
        "shares": _normal(params.direction_shares),
        "growth": dict(params.growth),
        "spread": params.growth_spread,
        "turn_rate": params.turn_rate,
        "up": params.growth_up,
        "down": params.growth_down,
    }


def _normal(weights: Any) -> dict[str, float]:
    total = sum(weights.values()) or 1.0
    return {name: value / total for name, value in weights.items()}


def _stage_cases(lives: Lives) -> list[dict[str, int]]:
    """How often each stage at the end follows from the facts of some years before."""
    past, made = lives.past, []
    band = np.clip((lives.people.age + lives.months / 12) // AGE_BAND, 0, 19).astype(int)
    for years in range(lives.months // 12):
        then = lives.months - years * 12 - HALF_YEAR
        facts = {
            "age_band": band,
            "coupled": np.isin(past["marital"][then], [MARRIED, PARTNERED]).astype(int),
            "home": (past["children_at_home"][then] > 0).astype(int),
            "total": (past["children_total"][then] > 0).astype(int),
            "retired": (past["employment"][then] == RETIRED).astype(int),
            "stage": past["stage"][-1].astype(int),
        }
        rows, counts = np.unique(np.column_stack(list(facts.values())), axis=0, return_counts=True)
        for row, count in zip(rows.tolist(), counts.tolist(), strict=True):
            made.append({"years": years, **dict(zip(facts, row, strict=True)), "count": count})
    return made


def _household_cases(lives: Lives) -> list[dict[str, int]]:
    """Among pairs at one address some years before: how many are one household at the end, by surname shared or not."""
    past, count, made = lives.past, lives.people.size, []
    for years in range(lives.months // 12):
        then = lives.months - years * 12 - HALF_YEAR
        first, second = pairs_within(past["address"][then, :count])
        same_name = past["surname"][then, first] == past["surname"][then, second]
        together = past["household"][-1, first] == past["household"][-1, second]
        for shared in (True, False):
            here = same_name == shared
            made.append(
                {
                    "years": years,
                    "shared_name": int(shared),
                    "pairs": int(here.sum()),
                    "together": int((together & here).sum()),
                }
            )
    return made
