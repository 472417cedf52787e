"""Where things are kept: the profile store (SQL) and the lake (listed Parquet files)."""

from insight_core.store.engine import Store, open_engine
from insight_core.store.lake import Lake

__all__ = ["Lake", "Store", "open_engine"]
