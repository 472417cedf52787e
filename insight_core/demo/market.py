"""Market figures of the made-up country: what a statistics office publishes about areas and industries."""

from typing import Any

import numpy as np
import pandas as pd

from insight_core.demo.chance import stream
from insight_core.demo.pools import INDUSTRIES, pools

AREA_KINDS = ("urban", "suburban", "rural")


def area_extract(year: int) -> pd.DataFrame:
    """Income, inhabitants and kind of every postal area."""
    rng, codes = stream(4711, "areas"), pools().postal_codes
    kinds = rng.integers(0, 3, len(codes))
    income = np.round(np.array([52_000, 47_000, 39_000])[kinds] * rng.uniform(0.8, 1.25, len(codes)) / 100) * 100
    people = np.round(np.array([160_000, 42_000, 9_000])[kinds] * rng.uniform(0.5, 1.8, len(codes)))
    columns: dict[str, tuple[Any, list[str]]] = {
        "median_income": (income.astype(int), [""] * len(codes)),
        "population": (people.astype(int), [""] * len(codes)),
        "area_kind": ([""] * len(codes), [AREA_KINDS[one] for one in kinds]),
    }
    parts = [
        pd.DataFrame(
            {
                "postal_code": codes,
                "figure": figure,
                "value": [str(one) for one in values],
                "label": labels,
                "as_of": f"{year}-12-31",
            }
        )
        for figure, (values, labels) in columns.items()
    ]
    return pd.concat(parts, ignore_index=True)


def industry_extract(year: int) -> pd.DataFrame:
    """Growth and number of companies of every industry."""
    rng = stream(4711, "industries")
    growth = np.round(rng.normal(0.02, 0.04, len(INDUSTRIES)), 3)
    number = rng.integers(800, 60_000, len(INDUSTRIES))
    parts = [
        pd.DataFrame(
            {
                "industry": [name for name, _ in INDUSTRIES],
                "figure": figure,
                "value": [str(one) for one in values],
                "as_of": f"{year}-12-31",
            }
        )
        for figure, values in (("growth", growth), ("company_count", number))
    ]
    return pd.concat(parts, ignore_index=True)
