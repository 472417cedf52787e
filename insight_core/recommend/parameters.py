"""Parameters: every number that the cards depend on, with the reason for its default."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256

from insight_core.recommend.rules import rules_version

WINDOWS = ("06-09", "09-12", "12-14", "14-18", "18-22")
TONES = ("formal", "friendly", "brief", "detailed")
CADENCES = (7, 14, 30, 60, 90, 180)

# Nobody minds a word about an order on its way; offers and questions are rationed.
CAPS = {"marketing": 4, "research": 1, "customer_care": 8}


@dataclass(frozen=True, slots=True)
class Parameters:
    """What may be tuned; the defaults are the documented policy.

    `z` is how many standard errors a gain must exceed before the default is left.
    `exploration` (0 to 1) is the share of cards that try another eligible channel to learn.
    `caps` limits contacts of ours in `fatigue_days` per purpose; no entry means no limit.
    `stale_after_days` is the age of the newest evidence beyond which nothing is recommended.
    `min_freshness` (0 to 1) is what a contact point must keep: 0.125 is three half-lives.
    `evidence_half_life_days` discounts the confidence. `complaint_open_days` is how long a
    complaint without a solution counts as open.
    `prior_wins` of `prior_trials` is the answer rate assumed before anything was tried, and
    `segment_strength` how many trials the whole customer base weighs against a segment.
    `min_trials` is the number below which response rates are not trusted to name a default.
    """

    z: float = 2.0
    exploration: float = 0.05
    caps: Mapping[str, int] = field(default_factory=lambda: dict(CAPS))
    fatigue_days: int = 30
    stale_after_days: int = 730
    min_freshness: float = 0.125
    evidence_half_life_days: int = 365
    complaint_open_days: int = 90
    default_cadence_days: int = 30
    prior_wins: int = 1
    prior_trials: int = 5
    segment_strength: int = 50
    min_trials: int = 100


def model_version(parameters: Parameters | None = None) -> str:
    """Names the rules and the parameters behind a card: twelve characters."""
    text = json.dumps(asdict(parameters or Parameters()), sort_keys=True)
    return rules_version() + sha256(text.encode()).hexdigest()[:4]
