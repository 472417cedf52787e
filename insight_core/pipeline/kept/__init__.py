"""Kept: answers about the whole base as sums of parts that are counted once and kept.

The base falls into 64 buckets by customer. For each purpose, day and bucket three shares are kept:
the sums behind the overview, the cells most worth fixing, and everybody's scores. A share names
what it was counted from (`prints`); what a write has replaced is counted again, and nothing else. Of what lies
beside a bucket only the difference is counted (`parts`).
"""

from insight_core.pipeline.kept.answers import Wanted, best, overview, scored
from insight_core.pipeline.kept.trend import trend
from insight_core.pipeline.kept.warm import warm

__all__ = ["Wanted", "best", "overview", "scored", "trend", "warm"]
