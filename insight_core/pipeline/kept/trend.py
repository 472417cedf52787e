"""Trend: where the scores come from and where they go if nobody confirms anything."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from insight_core.catalogue import field
from insight_core.pipeline.kept import history
from insight_core.pipeline.kept.answers import base, overview
from insight_core.pipeline.kept.parts import Share
from insight_core.quality import LATER, utc_date
from insight_core.quality.overview import added, mean
from insight_core.records.datasets import MICRO
from insight_core.store import Store

_SHOWN = 6


def trend(store: Store, why: str, now: datetime, days: int) -> dict[str, Any]:
    """The mean scores on past days, today, and freshness on later days with the same evidence.

    `past` has a point for each of the last so many days on which the base was looked at: day, scores,
    customers; `today` is such a point. `forecast` has one for each day of LATER: day, days, scores (of
    freshness alone: the others do not fall with time) and `why`: the fields that lose most, each with its
    facet, `lost` (its share of all that is lost) and `stale` (values that turn stale by then).
    """
    today, found = utc_date(now), base(store, why, now)
    figures = overview(store, why, now)
    sums = added(one["sums"] for one in found).get("overall", {})
    return {
        "purpose": why,
        "past": list(history.past(store, why, today, days)),
        "today": {
            "day": today.isoformat(),
            "scores": figures["scores"]["overall"],
            "customers": figures["customers"],
        },
        "forecast": [
            {
                "day": (today + timedelta(days=ahead)).isoformat(),
                "days": ahead,
                "scores": {
                    "freshness": mean({**sums, "freshness_sum": sums.get(f"freshness_{ahead}_sum", 0)}, "freshness")
                },
                "why": _fading(found, ahead),
            }
            for ahead in LATER
        ],
    }


def _fading(found: Sequence[Share], ahead: int) -> list[dict[str, Any]]:
    """The fields that lose most freshness by then."""
    lost = added(one["fading"] for one in found)
    whole = sum(one[f"lost_{ahead}"] for one in lost.values())
    worst = sorted(lost, key=lambda name: (-lost[name][f"lost_{ahead}"], name))[:_SHOWN]
    return [
        {
            "field": name,
            "facet": field(name).facet,
            "lost": round(lost[name][f"lost_{ahead}"] * MICRO / whole) / MICRO,
            "stale": lost[name][f"stale_{ahead}"],
        }
        for name in worst
        if lost[name][f"lost_{ahead}"]
    ]
