"""Hidden tastes: what nobody tells the company, and what its record shows only through the customer's choices."""

from dataclasses import dataclass

import numpy as np

from insight_core.demo.chance import Ints, pick, stream
from insight_core.demo.lives import Lives
from insight_core.demo.stories import STALE_EMAIL

CADENCES = (14, 30, 60, 90)


@dataclass(frozen=True)
class Tastes:
    """Positions in the tables of the rates (channel, daypart, tone) and days between welcome contacts, by customer."""

    channel: Ints
    daypart: Ints
    tone: Ints
    cadence: Ints


def tastes(seed: int, lives: Lives) -> Tastes:
    """Everybody's tastes."""
    rng, params, count = stream(seed, "tastes"), lives.params, lives.size
    tone = pick(rng, params.taste_tones, count)
    tone[STALE_EMAIL] = list(params.taste_tones).index("friendly")
    return Tastes(
        channel=pick(rng, params.taste_channels, count),
        daypart=pick(rng, params.taste_dayparts, count),
        tone=tone,
        cadence=np.array(CADENCES)[rng.integers(0, len(CADENCES), count)],
    )
