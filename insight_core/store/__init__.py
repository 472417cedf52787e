"""Where things are kept: the profile store (SQL) and the lake (listed Parquet files)."""

from insight_core.store import desk_tables as _desk_tables  # noqa: F401 - the tables register themselves
from insight_core.store.engine import Store, settle
from insight_core.store.lake import Lake
from insight_core.store.prepared import Prepared, Transaction
from insight_core.store.trouble import in_our_words

__all__ = ["Lake", "Prepared", "Store", "Transaction", "in_our_words", "settle"]
